// Reads, signs and joins the lines of books: what devices saw, one entry after the other, never taken back (spec/checkin.md 5, 7).

import { fromBase64, sha256, toBase64, toHex, utf8 } from "./bytes.js";
import { encode, parse } from "./canonical.js";
import { counterOf, OUTCOMES, standing, STATIONS, TWO_OFFICERS } from "./answers.js";
import { sign, usableKey, verified } from "./signing.js";

export const BOOK = "parley.book/1";
export const ANSWERS = [
  "not_a_card",
  "other_case",
  "mistyped",
  "not_on_manifest",
  "other_batch",
  "other_outcome",
  "hold",
  "on_other_device",
  "already_here",
  "wrong_vehicle",
  "newer_card",
  "older_card",
  "pack_expired",
  "own_will",
  "ok",
  "rehearsal",
];
const HOWS = ["camera", "gun", "typed", "paper"];
const MOST_LINE = 8 * 1024;
const MOST_WORDS = 200;
const MOST_NUMBER = 2 ** 31 - 1;

const DEVICE = /^[a-z][a-z0-9-]{0,30}\/[a-z][a-z0-9-]{0,30}$/;
const OFFICER = /^(?:[a-z][a-z0-9-]{0,30}\/[a-z0-9._-]{1,40})?$/;
const ID = /^(?:[0-9a-f]{64})?$/;
const VEHICLE = /^(?:[a-z0-9][a-z0-9._-]{0,40})?$/;
const CASE = /^[!-~]{1,200}$/;
const LINE = /^(?:[A-Z]{1,3}[1-9][0-9]{0,6})?$/;
const MOMENT = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

const shortText = (text) => typeof text === "string" && [...text].length <= MOST_WORDS;
const fits = (form) => (text) => typeof text === "string" && form.test(text);
const from = (least) => (number) => Number.isSafeInteger(number) && number >= least && number <= MOST_NUMBER;
const isKey = (text) => fromBase64(text)?.length === 32;

const FORMS = {
  entry: {
    answers: (words) => Array.isArray(words) && words.length > 0 && words.every((word) => ANSWERS.includes(word)) && words.length <= ANSWERS.length,
    at: fits(MOMENT),
    batch: from(1),
    case: fits(CASE),
    corrects: fits(ID),
    device: fits(DEVICE),
    group: from(0),
    how: (how) => HOWS.includes(how),
    line: fits(LINE),
    note: shortText,
    number: from(1),
    officer: fits(OFFICER),
    offline: (given) => typeof given === "boolean",
    outcome: (code) => code === "" || OUTCOMES.includes(code),
    pack: from(1),
    prev: fits(ID),
    scanned: shortText,
    second: fits(OFFICER),
    station: (station) => STATIONS.includes(station),
    vehicle: fits(VEHICLE),
  },
  certificate: {
    batch: from(1),
    case: fits(CASE),
    counter: (name) => typeof name === "string",
    device: fits(DEVICE),
    key: isKey,
    since: fits(MOMENT),
    until: fits(MOMENT),
  },
  request: { batch: from(1), case: fits(CASE), device: fits(DEVICE), key: isKey, proof: fits(/^[0-9a-f]{64}$/) },
};
const KINDS = { entry: "parley.entry/1", certificate: "parley.device/1", request: "parley.enrolment/1" };

/** What was scanned or noted as it can stand in an entry: no control characters, 200 characters at most. */
export function plain(text) {
  return [...text.replace(/[\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/gu, "")].slice(0, MOST_WORDS).join("");
}

/** The text that is signed. */
export function signedText(kind, body) {
  return utf8(`${KINDS[kind]}\n${encode(body)}\n`);
}

/** The id of an entry: the SHA-256 of its signed text. */
export async function entryId(entry) {
  return toHex(await sha256(signedText("entry", entry)));
}

/** A line of a book, without its newline, signed by this key. */
export async function signedLine(kind, body, key) {
  if (!rightBody(kind, body)) throw new TypeError(`${kind} is in no form`);
  return encode({ [kind]: body, signature: toBase64(await sign(key, signedText(kind, body))) });
}

function rightBody(kind, body) {
  const forms = FORMS[kind];
  const names = Object.keys(forms);
  return (
    typeof body === "object" &&
    body !== null &&
    Object.keys(body).length === names.length &&
    names.every((name) => name in body && forms[name](body[name])) &&
    (kind !== "certificate" || counterOf(body.device) === body.counter)
  );
}

/** What a line of a book says: `{kind, body, signature, by}`, or null where it is in no form. No signature is looked at. */
export function readLine(line) {
  if (utf8(line).length > MOST_LINE) return null;
  const whole = parse(line);
  if (typeof whole !== "object" || whole === null) return null;
  const kind = Object.keys(KINDS).find((name) => name in whole);
  const fields = kind === "certificate" ? ["by", "certificate", "signature"] : [kind, "signature"];
  const signature = fromBase64(whole.signature);
  if (!kind || Object.keys(whole).sort().join() !== fields.sort().join() || signature?.length !== 64) return null;
  if (kind === "certificate" && !(fits(OFFICER)(whole.by) && whole.by)) return null;
  return rightBody(kind, whole[kind]) ? { kind, body: whole[kind], signature, by: whole.by ?? "" } : null;
}

/** The lines of a book's text, and its scrap where the last line has no newline. */
export function bookLines(text) {
  const lines = text.split("\n");
  const scrap = lines.pop();
  return { lines: lines.filter((line) => line && line !== BOOK), scrap };
}

/**
 * Whether a certificate is signed by a desk of the device's own counter whose key is trusted; `trusted` is a map from name
 * to 32 bytes, or null: then certificates are taken at their word.
 */
export async function certified(read, trusted) {
  if (counterOf(read.by) !== read.body.counter || !usableKey(fromBase64(read.body.key))) return false;
  if (trusted === null) return true;
  const key = trusted.get(read.by);
  return Boolean(key) && verified(key, signedText("certificate", read.body), read.signature);
}

/**
 * Joins texts of books, in any order: `{accepted: [{id, entry, line}], aside: [{line, word}], shown: [{word, …}]}`.
 * `about` is `{trusted, case, batch, time}`; nothing is lost: each line is accepted, or stands aside with a word.
 */
export async function joinBooks(texts, about) {
  const lines = new Set();
  const scraps = new Set();
  for (const text of texts) {
    const book = bookLines(text);
    for (const line of book.lines) lines.add(line);
    if (book.scrap) scraps.add(book.scrap);
  }
  const aside = [];
  for (const scrap of scraps)
    if (![...lines].some((line) => line.startsWith(scrap))) aside.push({ line: scrap, word: "book.half_line" });
  const read = [...lines].map((line) => ({ line, what: readLine(line) }));
  const keys = new Map();
  for (const { what } of read)
    if (what?.kind === "certificate" && what.body.case === about.case && what.body.batch === about.batch && (await certified(what, about.trusted)))
      keys.set(what.body.device, [...(keys.get(what.body.device) ?? []), fromBase64(what.body.key)]);
  const signed = [];
  for (const { line, what } of read) {
    const word = what ? await whyAside(what, keys, about) : "book.malformed";
    if (word) aside.push({ line, word });
    else if (what.kind === "entry") {
      signed.push({ id: await entryId(what.body), entry: what.body, line });
      if (rehearsed(what.body)) aside.push({ line, word: "book.rehearsal" });
    }
  }
  signed.sort(inOrder);
  // One entry may stand on two lines: whoever holds the key can sign it twice. It counts once.
  const once = signed.filter(({ id }, place) => !place || signed[place - 1].id !== id);
  const accepted = once.filter(({ entry }) => !rehearsed(entry));
  return { accepted, aside, shown: shownAbout(accepted, about.time, once) };
}

/** Whether an entry was written while the day was rehearsed (5.8): it counts in no book. */
export function rehearsed(entry) {
  return entry.answers.includes("rehearsal");
}

async function whyAside(what, keys, about) {
  if (what.body.case !== about.case) return "book.other_case";
  if (what.body.batch !== about.batch) return "book.other_batch";
  if (what.kind === "request") return null;
  if (what.kind === "certificate") return (await certified(what, about.trusted)) ? null : "book.unknown_device";
  const known = keys.get(what.body.device);
  if (!known) return "book.unknown_device";
  const text = signedText("entry", what.body);
  for (const key of known) if (await verified(key, text, what.signature)) return null;
  return "book.signature";
}

/** By device, then number, then id: the same order wherever books are joined. */
export function inOrder(one, other) {
  const [a, b] = [one.entry, other.entry];
  if (a.device !== b.device) return a.device < b.device ? -1 : 1;
  return a.number - b.number || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
}

/** What is odd about accepted entries, which all count (7.3); `chained` holds also what was rehearsed and fills its numbers. */
export function shownAbout(accepted, time, chained = accepted) {
  const shown = [];
  const ids = new Set(accepted.map(({ id }) => id));
  const newest = new Map();
  for (const { entry } of accepted)
    newest.set(counterOf(entry.device), Math.max(newest.get(counterOf(entry.device)) ?? 0, entry.pack));
  const numbers = new Map();
  for (const { id, entry } of chained) {
    if (!numbers.has(entry.device)) numbers.set(entry.device, new Map());
    const ofDevice = numbers.get(entry.device);
    ofDevice.set(entry.number, [...(ofDevice.get(entry.number) ?? []), id]);
  }
  for (const { id, entry } of accepted) {
    if (entry.at > time) shown.push({ word: "book.future", id });
    if (entry.pack < newest.get(counterOf(entry.device))) shown.push({ word: "book.older_pack", id });
    if (entry.corrects && !ids.has(entry.corrects)) shown.push({ word: "book.no_such_entry", id });
    if ((entry.corrects || TWO_OFFICERS.includes(entry.outcome)) && (!entry.note || !entry.second || entry.second === entry.officer))
      shown.push({ word: "book.second_missing", id });
  }
  for (const { id, entry } of chained) {
    const before = numbers.get(entry.device).get(entry.number - 1);
    const broken = entry.number === 1 ? entry.prev !== "" : before && !before.includes(entry.prev);
    if (broken) shown.push({ word: "book.chain", id });
  }
  for (const [device, ofDevice] of numbers) {
    let before = 0;
    for (const number of [...ofDevice.keys()].sort((one, other) => one - other)) {
      if (number > before + 1) shown.push({ word: "book.gap", device, first: before + 1, last: number - 1 });
      before = number;
    }
    for (const [number, same] of ofDevice) if (same.length > 1) shown.push({ word: "book.fork", device, number });
  }
  return [...shown, ...differences(accepted)];
}

function differences(accepted) {
  const shown = [];
  const seen = new Map();
  const outcomes = new Map();
  const asked = new Map();
  for (const { id, entry } of standing(accepted)) {
    if (!entry.line) {
      if (entry.outcome && entry.outcome !== "NOT_ON_MANIFEST") shown.push({ word: "book.no_line", id });
      continue;
    }
    const place = `${counterOf(entry.device)} ${entry.station} ${entry.line}`;
    const whose = `${counterOf(entry.device)} ${entry.line}`;
    const will = entry.answers.includes("own_will"); // the answer of somebody who was seen already (5.7)
    if (!will) seen.set(place, (seen.get(place) ?? 0) + 1);
    if (entry.station === "asked") asked.set(whose, asked.get(whose) || will || Boolean(entry.outcome));
    if (!entry.outcome) continue;
    outcomes.set(whose, new Set(outcomes.get(whose)).add(entry.outcome));
  }
  for (const [place, count] of seen) {
    const [counter, station, line] = place.split(" ");
    if (count > 1) shown.push({ word: "book.double", counter, station, line });
  }
  for (const [whose, answered] of asked) {
    const [counter, line] = whose.split(" ");
    if (!answered) shown.push({ word: "book.unanswered", counter, line });
  }
  for (const [whose, codes] of outcomes) {
    const [counter, line] = whose.split(" ");
    if (codes.size > 1) shown.push({ word: "book.contradiction", counter, line });
  }
  return shown;
}

/** A counter's tally (7.4): the standing outcomes of each line, and how many came without one. */
export function tally(accepted, counter) {
  const lines = {};
  let unlisted = 0;
  for (const { entry } of standing(accepted)) {
    if (counterOf(entry.device) !== counter || !entry.outcome) continue;
    if (entry.line) lines[entry.line] = [...new Set([...(lines[entry.line] ?? []), entry.outcome])].sort();
    else if (entry.outcome === "NOT_ON_MANIFEST") unlisted += 1;
  }
  return { lines, unlisted };
}
