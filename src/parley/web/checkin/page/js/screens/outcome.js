// Writes an outcome that no scan gives, or corrects an entry: nothing is taken back, a new entry names the wrong one.

import { answer, OUTCOMES, TWO_OFFICERS } from "../answers.js";
import { now } from "../device.js";
import { element, value } from "../elements.js";

const BACK = "back";

export function outcomeScreen(app) {
  const { row, outcome = "", back = false } = app.given;
  const line = element("input", { id: "line", dir: "ltr", autocomplete: "off", autocapitalize: "characters", autofocus: !row });
  const choice = element(
    "select",
    { id: "outcome", autofocus: Boolean(row) },
    row ? element("option", { value: BACK, selected: back }, app.say("outcome_back")) : null,
    element("option", { value: "", selected: !back && !outcome }, app.say("outcome_none")),
    OUTCOMES.map((code) => element("option", { value: code, selected: code === outcome }, app.say(code))),
  );
  const note = element("textarea", { id: "note", maxlength: "200", rows: "2" });
  const second = element("input", { id: "second", dir: "ltr", autocomplete: "off", pattern: "[a-z0-9._\\-]{1,40}" });
  const lack = element("p", { class: "warn" }, app.say("second_lack"));
  const wanted = () => (lack.hidden = !(row || TWO_OFFICERS.includes(choice.value)) || Boolean(note.value && second.value));
  for (const one of [choice, note, second]) one.addEventListener("input", wanted);
  wanted();
  const keep = async (event) => {
    event.preventDefault();
    const beside = { note: note.value, second: second.value ? `${app.pack.counter}/${second.value}` : "" };
    try {
      if (row) await correct(app, row, choice.value, beside);
      else await write(app, line.value, choice.value, beside);
      await app.go("scan");
    } catch (reason) {
      app.failed(reason);
    }
  };
  return [
    element("h1", { tabindex: "-1" }, app.say("outcome")),
    element(
      "form",
      { onsubmit: keep },
      row
        ? element("p", {}, app.say("outcome_for", { line: row.entry.line || row.entry.scanned }))
        : [element("label", { for: "line" }, app.say("outcome_line")), line],
      element("label", { for: "outcome" }, app.say("outcome")),
      choice,
      element("label", { for: "note" }, app.say("note")),
      note,
      element("label", { for: "second" }, app.say("second"), " ", value(`${app.pack.counter}/`)),
      second,
      lack,
      element("div", { class: "row" }, element("button", { class: "main" }, app.say("keep")), element("button", { type: "button", onclick: () => app.go("scan") }, app.say("back"))),
    ),
  ];
}

function correct(app, { id, entry }, choice, beside) {
  const said = choice === BACK ? { line: "", outcome: "", group: 0 } : { line: entry.line, outcome: choice, group: entry.group };
  return app.write({
    ...said,
    ...beside,
    answers: entry.answers,
    corrects: id,
    how: entry.how,
    scanned: entry.scanned,
    station: entry.station,
    vehicle: entry.vehicle,
  });
}

/** Write down what was typed with an outcome that the officer chose; the answers are those the scan would have given. */
export async function write(app, text, outcome, beside) {
  const found = text.trim() ? await answer(app.pack, app.ownRows, app.posting, text, now()) : { words: ["not_on_manifest"], line: "" };
  return app.write({ answers: found.words, line: found.line, outcome, how: "typed", scanned: text, ...beside });
}
