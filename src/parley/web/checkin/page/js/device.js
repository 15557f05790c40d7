// This device: its own key, its name, and what it writes down, one signed entry after the other without a gap.

import { toBase64 } from "./bytes.js";
import { entryId, plain, readLine, signedLine, signedText } from "./book.js";
import { requestLine } from "./enrolment.js";
import { keyOfPin } from "./pack.js";
import { addEntry, currentDevice, keepDevice, keepSetting, lastOwn, namedDevice } from "./shelf.js";
import { verified } from "./signing.js";

const ITERATIONS = 600_000;

/** The time as entries write it. */
export function now() {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

/**
 * Make this device known under the name in the code, with a key of its own, and keep it. Where a page of its own origin
 * holds the key (`pin` empty), it cannot be taken out of the browser; a file shares its storage with every other file on
 * the machine, so there the key is kept under the PIN.
 */
export async function makeDevice(code, about, pin) {
  const keys = await crypto.subtle.generateKey("Ed25519", Boolean(pin), ["sign", "verify"]);
  const request = await requestLine(code, about, keys);
  const row = {
    device: code.device,
    case: about.case,
    batch: about.batch,
    keyLetters: code.keyLetters,
    publicKey: new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey)),
    request,
    certificate: "",
    ...(pin ? { locked: await lockKey(keys.privateKey, pin) } : { privateKey: keys.privateKey }),
  };
  // A name that was in use here before goes on with its running numbers under the new key; the batch's book carries both.
  const before = await namedDevice(row.device);
  const of = ({ case: ofCase, batch }) => `${batch} ${ofCase}`;
  if (before) row.past = { ...before.past, [of(before)]: [...(before.earlier ?? []), before.request, before.certificate].filter(Boolean) };
  row.earlier = row.past?.[of(row)] ?? [];
  await keepDevice(row);
  await keepSetting("device", row.device);
  return row;
}

async function lockKey(key, pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const lock = await keyOfPin(pin, salt, ITERATIONS, ["wrapKey"]);
  const bytes = new Uint8Array(await crypto.subtle.wrapKey("pkcs8", key, lock, { name: "AES-GCM", iv: nonce }));
  return { salt, nonce, bytes };
}

/** The private key of a device's row, with the PIN where the row is a file's; null where the PIN does not open it. */
export async function keyOfDevice(row, pin) {
  if (row.privateKey) return row.privateKey;
  const { salt, nonce, bytes } = row.locked;
  const lock = await keyOfPin(pin, salt, ITERATIONS, ["unwrapKey"]);
  try {
    return await crypto.subtle.unwrapKey("pkcs8", bytes, lock, { name: "AES-GCM", iv: nonce }, "Ed25519", false, ["sign"]);
  } catch {
    return null;
  }
}

/** Take the certificate that a desk gave: it must be this device's own, signed by the pack's desk; says whether it was. */
export async function takeCertificate(row, line, desk, deskKey) {
  const read = readLine(line);
  const right =
    read?.kind === "certificate" &&
    read.by === desk &&
    read.body.device === row.device &&
    read.body.key === toBase64(row.publicKey) &&
    (await verified(deskKey, signedText("certificate", read.body), read.signature));
  if (right) await keepDevice({ ...((await currentDevice()) ?? row), certificate: line });
  return right;
}

/**
 * Write one entry down, signed and numbered, and return its row. `seen` holds the fields that say what was seen. One tab
 * at a time may write: two that took the same number would fork the device's book.
 */
export function writeDown(row, key, seen) {
  const write = async () => {
    const last = await lastOwn(row.device, row.case, row.batch);
    const entry = {
      answers: ["ok"],
      corrects: "",
      group: 0,
      how: "typed",
      line: "",
      outcome: "",
      second: "",
      vehicle: "",
      ...seen,
      at: now(),
      batch: row.batch,
      case: row.case,
      device: row.device,
      note: plain(seen.note ?? ""),
      number: (last?.number ?? 0) + 1,
      prev: last?.id ?? "",
      scanned: plain(seen.scanned ?? ""),
    };
    const line = await signedLine("entry", entry, key);
    const kept = {
      id: await entryId(entry),
      entry,
      line,
      own: row.device,
      number: entry.number,
      case: entry.case,
      batch: entry.batch,
      state: "saved",
    };
    await addEntry(kept);
    return kept;
  };
  return navigator.locks ? navigator.locks.request(`parley-checkin ${row.device}`, write) : write();
}
