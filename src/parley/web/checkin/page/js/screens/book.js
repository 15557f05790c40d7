// The book of this device: what was written, how far each entry has come, and the way out to a file and in from others.

import { counterOf } from "../answers.js";
import { BOOK, joinBooks, readLine, shownAbout } from "../book.js";
import { rowsOf } from "../desk.js";
import { now } from "../device.js";
import { element, figure, value } from "../elements.js";
import { keepOthers } from "../shelf.js";

const SHOWN = 100;
const SHORT = 24; // letters of a foreign code that a row of the book shows
const MOST_FILE = 64 * 1024 * 1024;

export function bookScreen(app) {
  const saying = element("div", { role: "status" });
  const file = element("input", { id: "books", type: "file", multiple: true });
  file.addEventListener("change", async () => {
    saying.replaceChildren(...(await addBooks(app, [...file.files])));
    file.value = "";
  });
  const ask = () => app.round().then(() => app.go("book"));
  const own = app.rows.filter((row) => row.own === app.row.device).sort((one, other) => other.number - one.number);
  return [
    element("h1", { tabindex: "-1" }, app.say("book")),
    element(
      "div",
      { class: "row" },
      element("button", { type: "button", class: "main", onclick: () => saveBook(app) }, app.say("book_save")),
      app.carried ? null : element("button", { type: "button", onclick: ask }, app.say("book_ask")),
    ),
    element("p", {}, element("label", { for: "books" }, app.say("book_add")), file),
    saying,
    element("p", { class: "aside" }, app.say("book_device"), ": ", figure(app.row.device)),
    app.row.certificate ? null : element("p", { class: "warn" }, app.say("book_no_certificate")),
    ...oddities(app),
    ...(own.length ? table(app, own) : [element("p", {}, app.say("book_none"))]),
  ].filter(Boolean);
}

function table(app, own) {
  const columns = ["book_number", "book_line", "book_state", "book_outcome", "book_station", "book_time"];
  const rows = own
    .slice(0, SHOWN)
    .map(({ entry, state }) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, figure(entry.number)),
        element("td", {}, value(entry.line || entry.scanned.slice(0, SHORT) || "—")),
        element("td", { class: `state ${state}` }, app.say(`state_${state}`)),
        element("td", {}, entry.outcome ? app.say(entry.outcome) : "—"),
        element("td", {}, app.say(`station_${entry.station}`)),
        element("td", {}, figure(entry.at.slice(11, 19))),
      ),
    );
  return [
    element("h2", {}, app.say("book_last", { count: rows.length })),
    element(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": app.text("book") },
      element("table", {}, element("thead", {}, element("tr", {}, columns.map((code) => element("th", { scope: "col" }, app.say(code))))), element("tbody", {}, rows)),
    ),
  ];
}

function oddities(app) {
  const shown = shownAbout(app.ownRows, now(), app.counterRows);
  if (!shown.length) return [];
  const lines = new Map(app.rows.map(({ id, entry }) => [id, entry]));
  const items = shown.slice(0, SHOWN).map((one) => {
    const entry = lines.get(one.id);
    const about = one.line ?? (entry ? `${entry.device} ${entry.number} ${entry.line}` : `${one.device} ${one.number ?? `${one.first}–${one.last}`}`);
    return element("li", {}, app.say(one.word), ": ", figure(about));
  });
  return [element("details", {}, element("summary", {}, app.say("book_shown"), " (", figure(shown.length), ")"), element("ul", {}, items))];
}

/** The text of this device's book, with all it knows of others: the same file joins anywhere. */
export function bookText(app) {
  const heads = [...new Set([...(app.row.earlier ?? []), app.row.request, app.row.certificate, ...app.certificates])].filter(Boolean);
  return [BOOK, ...heads, ...app.rows.map(({ line }) => line)].map((line) => `${line}\n`).join("");
}

function saveBook(app) {
  const address = URL.createObjectURL(new Blob([bookText(app)], { type: "application/octet-stream" }));
  const name = `${app.row.device.replace("/", "-")}-batch-${app.pack.batch}.book`;
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function addBooks(app, files) {
  const texts = [];
  const aside = [];
  for (const each of files) {
    // A byte that is no text spoils its own line, which then stands aside, and no other.
    const text = each.size <= MOST_FILE ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(await each.arrayBuffer()) : null;
    if (text?.startsWith(`${BOOK}\n`)) texts.push(text);
    else aside.push({ line: each.name, word: "book.no_book" });
  }
  const about = { trusted: new Map([[app.pack.desk, app.pack.deskKey]]), case: app.pack.case, batch: app.pack.batch, time: now() };
  const joined = await joinBooks(texts, about);
  // This device cannot know the keys of the other counters' desks: their books are taken at their word, for the receipts of
  // groups alone. What counts is decided by the desks.
  const others = await joinBooks(texts, { ...about, trusted: null });
  const foreign = others.accepted.filter(({ entry }) => counterOf(entry.device) !== app.pack.counter);
  joined.accepted.push(...foreign);
  const taken = new Set(foreign.map(({ line }) => line));
  joined.aside = joined.aside.filter(({ line }) => !taken.has(line) && !foreignCertificate(app, line));
  // What stands aside is shown and stays in the file it came from; nothing unsure is mixed with what counts.
  const known = new Set(app.rows.map(({ id }) => id));
  const fresh = joined.accepted.filter(({ id }) => !known.has(id));
  await keepOthers(await rowsOf(fresh.map(({ line }) => line), app.row));
  await app.reload();
  app.tellOthers();
  return [element("p", { class: "done" }, app.say("book_added", { count: fresh.length })), ...setAside(app, [...aside, ...joined.aside])];
}

function foreignCertificate(app, line) {
  const read = readLine(line);
  return read?.kind === "certificate" && read.body.counter !== app.pack.counter;
}

function setAside(app, aside) {
  if (!aside.length) return [];
  const items = aside.slice(0, SHOWN).map(({ line, word }) => {
    const read = readLine(line);
    const whose = read ? `${read.body.device}${read.body.number ? ` ${read.body.number}` : ""}` : line.slice(0, 40);
    return element("li", {}, app.say(word), ": ", figure(whose));
  });
  return [element("p", { class: "warn" }, app.say("book_aside"), ": ", figure(aside.length)), element("ul", {}, items)];
}
