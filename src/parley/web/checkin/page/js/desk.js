// Speaks with the desk when it can be reached: sends what is not yet confirmed, and takes what the other devices saw.

import { askingLine } from "./enrolment.js";
import { readLine, entryId } from "./book.js";
import { keepOthers, mark } from "./shelf.js";

const PATIENCE = 8000; // milliseconds; a dead network often answers nothing at all
const MOST_AT_ONCE = 500;

/** Ask the desk; returns the answer's response, or null where it cannot be reached. */
async function ask(path, body) {
  try {
    return await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      body,
      headers: body === undefined ? {} : { "Content-Type": "application/octet-stream" },
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    return null;
  }
}

/** What desk this is, `{batch, case, key, nonce, version}`; null where it cannot be reached. */
export async function greet() {
  const response = await ask("desk/greeting");
  return response?.ok ? response.json().catch(() => null) : null;
}

/** Ask to be known: `{certificate}` or `{code}`; null where the desk cannot be reached. */
export async function enrol(request) {
  const response = await ask("desk/enrol", `${request}\n`);
  return response && response.status < 500 ? response.json().catch(() => null) : null;
}

/** The pack's bytes; null where it cannot be had. */
export async function fetchPack(row, key) {
  const greeting = await greet();
  if (!greeting) return null;
  const response = await ask("desk/pack", `${await askingLine({ after: 0, device: row.device, nonce: greeting.nonce }, key)}\n`);
  return response?.ok ? new Uint8Array(await response.arrayBuffer()) : null;
}

/**
 * One round with the desk. `entries` are all that are known; returns `{reached, changed, version, after, aside}`.
 * A round that breaks off anywhere is simply done again: the desk knows each entry by its id.
 */
export async function exchange(row, key, entries, after) {
  const greeting = await greet();
  if (!greeting) return { reached: false };
  if (greeting.case !== row.case || greeting.batch !== row.batch) return { reached: false, elsewhere: greeting.batch };
  const open = entries.filter(({ own, state }) => own && state !== "confirmed").slice(0, MOST_AT_ONCE);
  const lines = [await askingLine({ after, device: row.device, nonce: greeting.nonce }, key), row.request];
  if (row.certificate) lines.push(row.certificate);
  const response = await ask("desk/exchange", `${[...lines, ...open.map(({ line }) => line)].join("\n")}\n`);
  if (!response?.ok) return { reached: false };
  await mark(open.map(({ id }) => id), "sent");
  const said = await response.json().catch(() => null);
  if (!said) return { reached: false, changed: true };
  await mark(said.confirmed, "confirmed");
  const others = await rowsOf(said.others, row);
  await keepOthers(others);
  return { reached: true, changed: open.length + others.length > 0, version: greeting.version, ...said };
}

/** Lines of entries by other devices, as rows to keep. */
export async function rowsOf(lines, row) {
  const rows = [];
  for (const line of lines) {
    const read = readLine(line);
    if (read?.kind !== "entry" || read.body.device === row.device) continue;
    const { case: ofCase, batch, number } = read.body;
    rows.push({ id: await entryId(read.body), entry: read.body, line, number, case: ofCase, batch, state: "other" });
  }
  return rows;
}
