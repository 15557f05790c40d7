// One value, one line: the strict form of JSON in which everything that is signed here is written (spec/record.md).

const NOT_ALLOWED = /[\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/u;
const MOST_BYTES = 64 * 1024;
const MOST_LEVELS = 32;

/** The line of a value, without a newline; throws where the value has none. */
export function encode(value) {
  const line = written(value, 0);
  if (new TextEncoder().encode(line).length > MOST_BYTES) throw new TypeError("too long");
  return line;
}

function written(value, level) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError("number");
    return String(value);
  }
  if (typeof value === "string") {
    if (NOT_ALLOWED.test(value)) throw new TypeError("control character");
    return JSON.stringify(value);
  }
  if (level === MOST_LEVELS) throw new TypeError("too deep");
  if (Array.isArray(value)) return `[${value.map((inner) => written(inner, level + 1)).join(",")}]`;
  if (typeof value !== "object") throw new TypeError("type");
  const names = Object.keys(value).sort();
  if (!names.every((name) => /^[\u0020-\u007e]*$/.test(name))) throw new TypeError("name");
  return `{${names.map((name) => `${JSON.stringify(name)}:${written(value[name], level + 1)}`).join(",")}}`;
}

/** The value of a canonical line, or undefined for any other text. */
export function parse(line) {
  try {
    const value = JSON.parse(line);
    return encode(value) === line ? value : undefined;
  } catch {
    return undefined;
  }
}
