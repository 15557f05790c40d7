// Turns text into bytes, bytes into letters, and makes the short checks that stand on cards and codes.

/** The 32 letters of cards and codes: digits and capitals that nobody mistakes for each other. */
export const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The bytes of a text in UTF-8. */
export function utf8(text) {
  return new TextEncoder().encode(text);
}

/** The text of bytes in UTF-8, or null where they are none. */
export function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Several pieces of bytes as one. */
export function joined(...pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let place = 0;
  for (const piece of pieces) {
    whole.set(piece, place);
    place += piece.length;
  }
  return whole;
}

export function sameBytes(one, other) {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function toBase64(bytes) {
  let text = "";
  for (let place = 0; place < bytes.length; place += 0x8000)
    text += String.fromCharCode(...bytes.subarray(place, place + 0x8000));
  return btoa(text);
}

/** The bytes of base64 in its one written form, or null for anything else. */
export function fromBase64(text) {
  if (typeof text !== "string" || text.length % 4 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  try {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return toBase64(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** Bytes as letters, five bits each, highest first; missing bits at the end are zero. */
export function lettersOf(bytes, count) {
  let found = "";
  for (let place = 0; place < count; place += 1) {
    let worth = 0;
    for (let bit = place * 5; bit < place * 5 + 5; bit += 1)
      worth = worth * 2 + (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
    found += LETTERS[worth];
  }
  return found;
}

/** The letters that stand for a text on cards and codes (spec/checkin.md 2.2). */
export async function tag(text, count) {
  return lettersOf(await sha256(utf8(`parley.tag/1\n${text}`)), count);
}

/** What was typed or scanned without white space at its ends, a-z as capitals; other letters stay as they are. */
export function capitals(text) {
  return text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "").replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

/** Letters of a card or code with I, L, O read as 1, 1, 0. */
export function readLetters(text) {
  return text.replace(/[IL]/g, "1").replace(/O/g, "0");
}
