// Opens a pack: the people of a batch as one counter needs them, under a PIN, signed by the desk (spec/checkin.md 3).

import { fromBase64, lettersOf, sha256, textOf, utf8 } from "./bytes.js";
import { parse } from "./canonical.js";
import { lineVerified, usableKey } from "./signing.js";
import { STATIONS } from "./answers.js";

const FIELDS = "cipher iterations kdf key nonce salt";
const HEAD = "batch case counter expires hold issued last parties people stations version";
const PERSON = "born giving line names seat tag vehicle";
const TAGS = ["", "stretcher", "wheelchair", "escort"];
const MOST_BYTES = 64 * 1024 * 1024;
const MOMENT = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
const LINE = /^[A-Z]{1,3}[1-9]\d{0,6}$/;
const NAME = /^[a-z0-9._/-]{1,64}$/;

/** Why a pack, a code or a certificate is not taken; `code` is one of the specification's. */
export class Broken extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** The 16 letters by which a device knows its desk's key (4.1). */
export async function keyLetters(raw) {
  return lettersOf(await sha256(raw), 16);
}

/** The bytes of the file, apart: what is signed along, the settings of the lock, what is locked; throws Broken. */
export function packParts(file) {
  if (file.length > MOST_BYTES) throw new Broken("pack.too_large");
  const text = textOf(file);
  const lines = text?.split("\n") ?? [];
  if (lines.length !== 4 || lines[0] !== "parley.pack/1" || lines[3] !== "") throw new Broken("pack.malformed");
  const lock = parse(lines[1]);
  const locked = fromBase64(lines[2]);
  const [key, nonce, salt] = [lock?.key, lock?.nonce, lock?.salt].map((one) => fromBase64(one ?? "!"));
  const right =
    lock &&
    Object.keys(lock).sort().join(" ") === FIELDS &&
    lock.cipher === "AES-256-GCM" &&
    lock.kdf === "PBKDF2-SHA-256" &&
    Number.isSafeInteger(lock.iterations) &&
    lock.iterations >= 100_000 &&
    lock.iterations <= 5_000_000 &&
    usableKey(key) &&
    nonce?.length === 12 &&
    salt?.length === 16 &&
    locked &&
    locked.length > 16;
  if (!right) throw new Broken("pack.malformed");
  return { along: utf8(`${lines[0]}\n${lines[1]}\n`), iterations: lock.iterations, key, nonce, salt, locked };
}

/** A key out of a PIN; slow on purpose. */
export async function keyOfPin(pin, salt, iterations, uses = ["decrypt"]) {
  const given = await crypto.subtle.importKey("raw", utf8(pin.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, given, { name: "AES-GCM", length: 256 }, false, uses);
}

/** The pack in a file; `known` are the 16 letters of the desk's key, empty where nobody told them. Throws Broken. */
export async function openPack(file, pin, known) {
  const parts = packParts(file);
  if (known && (await keyLetters(parts.key)) !== known) throw new Broken("pack.other_key");
  let content;
  try {
    const how = { name: "AES-GCM", iv: parts.nonce, additionalData: parts.along };
    const key = await keyOfPin(pin, parts.salt, parts.iterations);
    content = new Uint8Array(await crypto.subtle.decrypt(how, key, parts.locked));
  } catch {
    throw new Broken("pack.pin");
  }
  return readContent(content, parts.key);
}

/** The pack in its signed text; throws Broken. `people` is a map by line, in the pack's order. */
export async function readContent(content, deskKey) {
  const text = textOf(content);
  const end = text?.lastIndexOf("\n\n") ?? -1;
  const signed = /^\u2014 (\S+) (\S+)\n$/.exec(text?.slice(end + 2) ?? "");
  if (end < 0 || !signed || !NAME.test(signed[1])) throw new Broken("pack.malformed");
  const body = text.slice(0, end + 1);
  if (!(await lineVerified(signed[1], deskKey, utf8(body), fromBase64(signed[2])))) throw new Broken("pack.signature");
  return { ...readBody(body), desk: signed[1], deskKey };
}

/** What stands above the signature; throws Broken. */
export function readBody(body) {
  const [kind, first, ...rows] = body.split("\n");
  if (kind !== "parley.pack.content/1" || rows.pop() !== "") throw new Broken("pack.malformed");
  const head = parse(first);
  const people = rows.map((row) => parse(row));
  if (!rightHead(head) || people.length !== head.people || !people.every(rightPerson)) throw new Broken("pack.malformed");
  const byLine = new Map(people.map((person) => [person.line, person]));
  if (byLine.size !== people.length || !people.every(({ line }, place) => !place || before(people[place - 1].line, line)))
    throw new Broken("pack.malformed");
  return { ...head, people: byLine };
}

/** People stand in order of line: letters, then number. */
function before(one, other) {
  const [[, letters, number], [, otherLetters, otherNumber]] = [one, other].map((line) => /^([A-Z]+)(\d+)$/.exec(line));
  return letters === otherLetters ? Number(number) < Number(otherNumber) : letters < otherLetters;
}

function rightHead(head) {
  return (
    head &&
    Object.keys(head).sort().join(" ") === HEAD &&
    ["batch", "version", "people"].every((name) => Number.isSafeInteger(head[name]) && head[name] >= 1) &&
    head.people <= 200_000 &&
    Number.isSafeInteger(head.hold) &&
    head.hold >= 0 &&
    ["case", "counter"].every((name) => typeof head[name] === "string" && head[name]) &&
    MOMENT.test(head.expires) &&
    MOMENT.test(head.issued) &&
    Array.isArray(head.parties) &&
    head.parties.every((party) => typeof party === "string") &&
    Array.isArray(head.stations) &&
    head.stations.length > 0 &&
    head.stations.every((station) => STATIONS.includes(station)) &&
    head.stations.includes(head.last)
  );
}

function rightPerson(person) {
  return (
    person &&
    Object.keys(person).sort().join(" ") === PERSON &&
    LINE.test(person.line) &&
    ["born", "giving", "vehicle"].every((name) => typeof person[name] === "string") &&
    Array.isArray(person.names) &&
    person.names.every((name) => typeof name === "string") &&
    Number.isSafeInteger(person.seat) &&
    TAGS.includes(person.tag)
  );
}
