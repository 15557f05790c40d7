// Makes a device known to its desk: reads the code that the desk shows once, and asks with a key of its own (spec/checkin.md 4).

import { capitals, LETTERS, readLetters, tag, toBase64, toHex, utf8 } from "./bytes.js";
import { encode } from "./canonical.js";
import { Broken } from "./pack.js";
import { signedLine } from "./book.js";

const CODE = /^P1E:([0-9A-Z]{5}):([A-Z][A-Z0-9-]{0,30}\/[A-Z][A-Z0-9-]{0,30}):([1-9][0-9]{0,10}):([0-9A-Z]{26}):([0-9A-Z]{16}):([0-9A-Z]{4})$/;
const MOST_CODE = 256;
const NO_TOKEN = LETTERS[0].repeat(26);

/** What an enrolment code says; throws Broken. Whether it is too old is for the desk to say: this clock may be hours off. */
export async function readCode(text) {
  const found = CODE.exec([...text].length > MOST_CODE ? "" : capitals(text));
  if (!found) throw new Broken("enrol.malformed");
  const [, ofCase, device, expiry, token, key, check] = found;
  const [caseLetters, tokenLetters, keyLetters] = [ofCase, token, key].map(readLetters);
  const said = `P1E:${caseLetters}:${device}:${expiry}:${tokenLetters}:${keyLetters}`;
  if (readLetters(check) !== (await tag(said, 4))) throw new Broken("enrol.mistyped");
  return { caseLetters, device: device.toLowerCase(), expiry: Number(expiry), token: tokenLetters, keyLetters };
}

/** What a device knows that was made ready without a code: only its name. */
export function withoutCode(device) {
  return { caseLetters: "", device, expiry: 0, token: NO_TOKEN, keyLetters: "" };
}

/** The proof that whoever asks was shown the code. */
export async function proofOf(token, device, key) {
  const secret = await crypto.subtle.importKey("raw", utf8(token), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return toHex(new Uint8Array(await crypto.subtle.sign("HMAC", secret, utf8(`parley.enrolment/1\n${device}\n${key}\n`))));
}

/** The request's line, signed by the device's own key. */
export async function requestLine({ device, token }, about, keys) {
  const key = toBase64(new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey)));
  const body = { batch: about.batch, case: about.case, device, key, proof: await proofOf(token, device, key) };
  return signedLine("request", body, keys.privateKey);
}

/** The line with which a device asks its desk for what is new, signed like an entry. */
export async function askingLine(asking, key) {
  const text = utf8(`parley.asking/1\n${encode(asking)}\n`);
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", key, text));
  return encode({ asking, signature: toBase64(signature) });
}
