// Signs and checks with Ed25519, by the one strict rule of the house about keys and signatures (spec/record.md).

import { joined, sameBytes, sha256, toHex, utf8 } from "./bytes.js";

// The 14 encodings of points of small order: libraries disagree about them, so a key or an R that is one is refused.
const SMALL_ORDER = new Set(
  [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ].flatMap((low) => [low, low.slice(0, 62) + (parseInt(low.slice(62), 16) | 0x80).toString(16)]),
);

/** Whether 32 bytes can be a public key at all. */
export function usableKey(raw) {
  return raw !== null && raw.length === 32 && !SMALL_ORDER.has(toHex(raw));
}

/** Whether the signature is the key's over exactly this text. */
export async function verified(raw, text, signature) {
  if (!usableKey(raw) || signature?.length !== 64 || SMALL_ORDER.has(toHex(signature.slice(0, 32)))) return false;
  try {
    const key = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, signature, text);
  } catch {
    return false;
  }
}

export async function sign(key, text) {
  return new Uint8Array(await crypto.subtle.sign("Ed25519", key, text));
}

/** The check number of a key in a signature line (C2SP signed-note). */
export async function checkNumber(name, raw) {
  return (await sha256(joined(utf8(`${name}\n`), Uint8Array.of(1), raw))).slice(0, 4);
}

/** Whether a signature line's bytes are this name's and key's over the text. */
export async function lineVerified(name, raw, text, bytes) {
  if (bytes?.length !== 68 || !sameBytes(bytes.slice(0, 4), await checkNumber(name, raw))) return false;
  return verified(raw, text, bytes.slice(4));
}
