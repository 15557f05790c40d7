// Reads what is printed on a person's card, or what an officer types instead of it (spec/checkin.md 2).

import { capitals, readLetters, tag } from "./bytes.js";

const LINE = /^[A-Z]{1,3}[1-9][0-9]{0,6}$/;
const CARD = /^P1:([0-9A-Z]{5}):([1-9][0-9]{0,5})(?:\.([1-9][0-9]{0,5}))?:([A-Z]{1,3}[1-9][0-9]{0,6}):([0-9A-Z]{4})$/;
const MOST = 64;

/**
 * What a text says: `{wrong}` with one of not_a_card, other_case, mistyped; or the line, with batch and version where
 * a card was shown (0 where it names none).
 */
export async function readCard(text, caseName) {
  const given = [...text].length > MOST ? "" : capitals(text);
  if (LINE.test(given)) return { line: given, batch: 0, version: 0 };
  const found = CARD.exec(given);
  if (!found) return { wrong: "not_a_card" };
  const [, ofCase, batch, version, line, check] = found;
  if (readLetters(ofCase) !== (await tag(caseName, 5))) return { wrong: "other_case" };
  const place = version ? `${batch}.${version}` : batch;
  if (readLetters(check) !== (await tag(`${caseName}\n${place}\n${line}`, 4))) return { wrong: "mistyped" };
  return { line, batch: Number(batch), version: Number(version ?? 0) };
}
