// Types a tally sheet of paper back into the book, one row for each person, by two officers.

import { answer, OUTCOMES } from "../answers.js";
import { now } from "../device.js";
import { element, value } from "../elements.js";
import { write } from "./outcome.js";

const ROWS = 10;

export function paperScreen(app) {
  const rows = [];
  const body = element("tbody", {});
  const more = () => {
    for (let count = 0; count < ROWS; count += 1) {
      const row = oneRow(app, rows.length + 1);
      rows.push(row);
      body.append(element("tr", {}, element("th", { scope: "row" }, String(rows.length)), Object.values(row).map((cell) => element("td", {}, cell))));
    }
  };
  more();
  const second = element("input", { id: "second", dir: "ltr", autocomplete: "off", pattern: "[a-z0-9._\\-]{1,40}", required: true });
  const saying = element("div", { role: "status" });
  const keep = async (event) => {
    event.preventDefault();
    let count = 0;
    let left = 0;
    try {
      for (const row of rows) {
        if (!row.line.value.trim() && !row.note.value.trim()) continue;
        const right = await readable(app, row);
        row.line.setAttribute("aria-invalid", String(!right));
        if (!right) {
          left += 1;
          continue;
        }
        const beside = { note: row.note.value, second: `${app.pack.counter}/${second.value}`, how: "paper" };
        await write(app, row.line.value, row.outcome.value, beside);
        row.line.value = row.note.value = ""; // what is kept leaves the sheet at once: a second press writes nothing twice
        count += 1;
      }
      saying.replaceChildren(element("p", { class: "done" }, app.say("paper_done", { count })));
      if (left) saying.append(app.alarm("paper_left", { count: left }));
    } catch (reason) {
      app.failed(reason);
    }
  };
  const head = ["book_number", "book_line", "book_outcome", "note"].map((code) => element("th", { scope: "col" }, app.say(code)));
  return [
    element("h1", { tabindex: "-1" }, app.say("paper")),
    element("p", {}, app.say("paper_about")),
    element("p", { class: "aside" }, app.say(`station_${app.posting.station}`), " · ", value(app.posting.officer, { dir: "ltr" })),
    element(
      "form",
      { onsubmit: keep },
      element("label", { for: "second" }, app.say("second"), " ", value(`${app.pack.counter}/`)),
      second,
      element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": app.text("paper") }, element("table", {}, element("thead", {}, element("tr", {}, head)), body)),
      element("div", { class: "row" }, element("button", { class: "main" }, app.say("keep")), element("button", { type: "button", onclick: more }, app.say("paper_more"))),
    ),
    saying,
  ];
}

/** Whether a row says whom it is about: a line or card, or nobody's line where the outcome is that somebody has none. */
async function readable(app, { line, outcome }) {
  if (!line.value.trim()) return ["", "NOT_ON_MANIFEST"].includes(outcome.value);
  return Boolean((await answer(app.pack, app.ownRows, app.posting, line.value, now())).line);
}

function oneRow(app, number) {
  const name = (code) => `${app.text("paper_row").replace("{row}", number)}: ${app.text(code)}`;
  const usual = app.posting.station === app.pack.last ? "RECEIVED" : "";
  return {
    line: element("input", { dir: "ltr", autocomplete: "off", autocapitalize: "characters", size: "8", "aria-label": name("book_line") }),
    outcome: element(
      "select",
      { "aria-label": name("book_outcome") },
      element("option", { value: "", selected: !usual }, app.say("outcome_none")),
      OUTCOMES.map((code) => element("option", { value: code, selected: code === usual }, app.say(code))),
    ),
    note: element("input", { maxlength: "200", autocomplete: "off", "aria-label": name("note") }),
  };
}
