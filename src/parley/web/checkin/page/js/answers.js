// Decides what a scan answers and how far a side is ahead; the desk decides the same by the same vectors (spec/checkin.md 6).

import { readCard } from "./card.js";

export const STATIONS = ["embarked", "arrived", "identified", "asked", "crossed", "received"];
export const OUTCOMES = [
  "RECEIVED",
  "NOT_PRESENTED",
  "DECLINED_AT_POINT",
  "IDENTITY_NOT_CONFIRMED",
  "NOT_ON_MANIFEST",
  "SUBSTITUTE_ACCEPTED",
  "REJECTED_BY_RECEIVER",
  "RETURNED_WITH_CONVOY",
  "MEDICAL_DIVERSION",
  "DIED_BEFORE_HANDOVER",
  "DEFERRED",
];
/** Outcomes to which a second officer and a note belong (5.3). */
export const TWO_OFFICERS = [
  "DECLINED_AT_POINT",
  "IDENTITY_NOT_CONFIRMED",
  "NOT_ON_MANIFEST",
  "SUBSTITUTE_ACCEPTED",
  "REJECTED_BY_RECEIVER",
];
export const MOST_IN_GROUP = 10;
const DELIVERED = ["RECEIVED", "SUBSTITUTE_ACCEPTED"];

/** The counter whose book a device keeps: the first part of its name. */
export function counterOf(device) {
  return device.split("/")[0];
}

/** Of known entries, `{id, entry}` each, those that no entry of the same counter corrects. */
export function standing(known) {
  const corrected = new Set(
    known.filter(({ entry }) => entry.corrects).map(({ entry }) => `${counterOf(entry.device)} ${entry.corrects}`),
  );
  return known.filter(({ id, entry }) => !corrected.has(`${counterOf(entry.device)} ${id}`));
}

/** The lines of the pack that are over, by what stands. */
export function linesOver(pack, stands) {
  const over = new Set();
  for (const { entry } of stands)
    if (
      pack.people.has(entry.line) &&
      (entry.station === "crossed" || entry.station === "received") &&
      (entry.outcome === "" || DELIVERED.includes(entry.outcome))
    )
      over.add(entry.line);
  return over;
}

/** How far each side is ahead: `{north: {planned, handed, lead}, …}`. */
export function leads(pack, over) {
  const sides = {};
  for (const side of pack.parties) sides[side] = { planned: 0, handed: 0, lead: 0 };
  for (const person of pack.people.values()) {
    const side = (sides[person.giving] ??= { planned: 0, handed: 0, lead: 0 });
    side.planned += 1;
    if (over.has(person.line)) side.handed += 1;
  }
  for (const [name, side] of Object.entries(sides)) {
    const answered = Object.entries(sides)
      .filter(([other, { planned }]) => other !== name && planned)
      .map(([, other]) => Math.floor((other.handed * side.planned) / other.planned));
    if (answered.length) side.lead = Math.max(side.handed - Math.min(...answered), 0);
  }
  return sides;
}

/**
 * What a scan answers: `{words, line, outcome, person}`. `known` are this counter's entries as `{id, entry}`, `posting` is
 * `{device, station, vehicle}`, `time` a moment like the entries' own.
 */
export async function answer(pack, known, posting, text, time) {
  const card = await readCard(text, pack.case);
  const late = time > pack.expires ? ["pack_expired"] : [];
  if (card.wrong) return { words: [card.wrong, ...late], line: "", outcome: "", person: null };
  const person = pack.people.get(card.line) ?? null;
  const stands = standing(known);
  const ofLine = stands.filter(({ entry }) => entry.line === card.line);
  const here = ofLine.filter(({ entry }) => entry.station === posting.station);
  const words = [];
  if (!person) words.push("not_on_manifest");
  if (card.batch && card.batch !== pack.batch) words.push("other_batch");
  if (ofLine.some(({ entry }) => entry.outcome && !DELIVERED.includes(entry.outcome))) words.push("other_outcome");
  if (posting.station === "crossed" && aheadOf(pack, stands, card.line)) words.push("hold");
  if (here.some(({ entry }) => entry.device !== posting.device)) words.push("on_other_device");
  if (here.some(({ entry }) => entry.device === posting.device)) words.push("already_here");
  if (person && ["embarked", "arrived"].includes(posting.station) && posting.vehicle && person.vehicle !== posting.vehicle)
    words.push("wrong_vehicle");
  if (card.batch === pack.batch && card.version > pack.version) words.push("newer_card");
  if (card.batch === pack.batch && card.version && card.version < pack.version) words.push("older_card");
  words.push(...late);
  let outcome = posting.station === pack.last && !words.includes("other_outcome") ? "RECEIVED" : "";
  if (!person) outcome = "NOT_ON_MANIFEST";
  return { words: words.length ? words : ["ok"], line: card.line, outcome, person };
}

function aheadOf(pack, stands, line) {
  const person = pack.people.get(line);
  if (!person) return false;
  const over = linesOver(pack, stands).add(line);
  return leads(pack, over)[person.giving].lead > pack.hold;
}

/** The groups of known entries: `{number: {counter: Set of lines}}`; group 0 is none. */
export function groups(stands) {
  const found = new Map();
  for (const { entry } of stands) {
    if (!entry.group || !entry.line) continue;
    if (!found.has(entry.group)) found.set(entry.group, new Map());
    const books = found.get(entry.group);
    const counter = counterOf(entry.device);
    if (!books.has(counter)) books.set(counter, new Set());
    books.get(counter).add(entry.line);
  }
  return found;
}

/** Whether the books of both parties give a group the same lines (6.4). */
export function bothReceipts(parties, books) {
  const given = parties.map((party) => [...(books?.get(party) ?? [])].sort().join(" "));
  const few = (books?.get(parties[0])?.size ?? 0) <= MOST_IN_GROUP;
  return few && given.length > 0 && given.every((lines) => lines && lines === given[0]);
}
