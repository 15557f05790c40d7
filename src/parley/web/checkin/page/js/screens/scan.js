// The screen at which officers spend the day: a card is scanned or typed, written down, and answered at a glance and by ear.

import { Camera } from "../camera.js";
import { MOST_IN_GROUP, TWO_OFFICERS } from "../answers.js";
import { element, figure, shape, value } from "../elements.js";
import { sound, wakeSounds } from "../sounds.js";

// Each answer belongs to a kind; a kind has one colour (in page.css), one shape and one tune.
const KINDS = {
  ok: "go",
  own_will: "go",
  ask: "ask",
  already_here: "look",
  on_other_device: "look",
  wrong_vehicle: "look",
  newer_card: "look",
  older_card: "look",
  pack_expired: "look",
  not_on_manifest: "ask",
  other_batch: "ask",
  other_outcome: "stop",
  hold: "stop",
  not_a_card: "unread",
  other_case: "unread",
  mistyped: "unread",
};
const SHAPES = {
  go: ["M3 12.5 L9.5 19 L21 5"],
  look: ["M12 2.5 L22.5 21 H1.5 Z", "M12 9.5 V14.5", "M12 17.4 V18"],
  ask: ["M12 1.5 L22.5 12 L12 22.5 L1.5 12 Z", "M9.3 9.6 C9.3 6.3 14.7 6.3 14.7 9.6 C14.7 11.8 12 11.7 12 14", "M12 16.6 V17.2"],
  stop: ["M8 2 H16 L22 8 V16 L16 22 H8 L2 16 V8 Z", "M8 12 H16"],
  unread: ["M4 8 V4 H8", "M16 4 H20 V8", "M20 16 V20 H16", "M8 20 H4 V16", "M8 8 L16 16", "M16 8 L8 16"],
};
const GUN = 35; // milliseconds between keys: no finger is as fast as a barcode reader
const GUN_LEAST = 6;

export function scanScreen(app) {
  const field = element("input", { id: "reference", autocomplete: "off", autocapitalize: "characters", dir: "ltr", spellcheck: "false", autofocus: true });
  const video = element("video", { muted: true, playsinline: true, hidden: true });
  const panel = element("section", { class: "answer", "aria-live": "assertive", id: "answer" }, element("p", {}, app.say("waiting")));
  const figures = element("div", { class: "figures" });
  const keys = [];
  const send = (text, how) => {
    if (text.trim()) app.scanned(text, how);
  };
  const typed = (event) => {
    event.preventDefault();
    const how = byGun(keys, field.value) ? "gun" : "typed";
    const text = field.value;
    field.value = "";
    keys.length = 0;
    send(text, how);
  };
  field.addEventListener("keydown", (event) => keys.push(event.timeStamp));
  const camera = new Camera(video, app.readCode, (text) => app.scanned(text, "camera"));
  const eye = element("button", { type: "button", "aria-pressed": "false" }, app.say("camera_on"));
  const open = (yes) => {
    video.hidden = !yes;
    eye.setAttribute("aria-pressed", String(yes));
    eye.replaceChildren(...app.say(yes ? "camera_off" : "camera_on"));
  };
  eye.addEventListener("click", async () => {
    wakeSounds();
    if (camera.stream) {
      camera.stop();
      return open(false);
    }
    open(true);
    try {
      await camera.start();
    } catch {
      open(false);
      panel.replaceChildren(element("p", {}, app.say("no_camera")));
    }
  });
  // A barcode reader types wherever the cursor is: lead its keys into the field.
  const lead = (event) => {
    const elsewhere = !event.target.closest("input, select, textarea, button, a, summary");
    if (elsewhere && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) field.focus();
  };
  document.addEventListener("keydown", lead);
  app.refresh = () => showFigures(app, figures);
  app.onAnswer = (found) => showAnswer(app, panel, figures, found);
  app.onFailure = () => {
    panel.className = "answer stop";
    panel.replaceChildren(element("p", { class: "word" }, app.say("not_saved")));
  };
  app.leave = () => {
    camera.stop();
    document.removeEventListener("keydown", lead);
    app.refresh = app.onAnswer = app.onFailure = null;
  };
  showFigures(app, figures);
  return [
    element("h1", { tabindex: "-1" }, app.say(`station_${app.posting.station}`), app.posting.vehicle ? [" · ", value(app.posting.vehicle)] : null),
    element(
      "form",
      { onsubmit: typed },
      element("label", { for: "reference" }, app.say("reference")),
      element("div", { class: "row" }, field, element("button", { class: "main" }, app.say("enter")), eye),
    ),
    video,
    panel,
    figures,
    element("div", { class: "row" }, element("button", { type: "button", onclick: () => app.go("posting") }, app.say("change_posting")), element("button", { type: "button", onclick: () => app.lock() }, app.say("lock"))),
  ];
}

function byGun(times, text) {
  if (times.length < GUN_LEAST || text.length < GUN_LEAST) return false;
  return (times.at(-1) - times[0]) / (times.length - 1) < GUN;
}

function showFigures(app, place) {
  const { here, sides, groups } = app.figures();
  const ahead = Object.entries(sides).filter(([, { planned }]) => planned);
  const parts = [element("p", { class: "count" }, app.say("here_so_far", { count: here, people: app.pack.people.size }))];
  if (app.grouped) {
    for (const [side, { planned, handed, lead }] of ahead)
      parts.push(element("p", { class: lead >= app.pack.hold ? "lead far" : "lead" }, app.say("lead", { side, handed, planned, lead })));
    parts.push(element("p", { class: "aside" }, app.say("lead_agreed", { hold: app.pack.hold })));
    const count = groups.get(app.group)?.get(app.pack.counter)?.size ?? 0;
    const close = () => {
      app.nextGroup();
      showFigures(app, place);
    };
    // Two devices of one counter that cannot hear each other would fill the same group: its number is said by mouth and chosen.
    const number = element("input", { id: "group", type: "number", min: "1", max: "9999", value: String(app.group), "aria-label": app.text("group_number") });
    number.addEventListener("change", () => {
      app.setGroup(Number(number.value));
      showFigures(app, place);
    });
    parts.push(
      element("p", { class: "row" }, element("label", { for: "group" }, app.say("group_number")), number),
      element("p", {}, app.say("group", { group: app.group, count, most: MOST_IN_GROUP }), " ", element("button", { type: "button", onclick: close, disabled: !count }, app.say("group_next"))),
    );
  }
  place.replaceChildren(...parts);
}

function showAnswer(app, panel, figures, { words, person, line, row }) {
  const [first, ...others] = words;
  // Where people are asked, a card that is in order is no answer yet.
  const shown = first === "ok" && row.entry.station === "asked" ? "ask" : first;
  const kind = KINDS[shown];
  panel.className = `answer ${kind}`;
  panel.dataset.answer = first;
  panel.replaceChildren(
    element("div", { class: "head" }, shape(SHAPES[kind], { class: "shape" }), element("p", { class: "word" }, app.say(`answer_${shown}`))),
    element("p", { class: "why" }, app.say(`answer_${shown}_why`)),
    ...(person ? whoIs(app, person) : line ? [element("p", { class: "who" }, figure(line))] : []),
    ...(others.length ? [element("p", { class: "also" }, app.say("also"), " ", others.flatMap((one) => [app.text(`answer_${one}`), " · "]).slice(0, -1))] : []),
    element("p", { class: "written" }, app.say("written_as", { number: row.number, state: app.text("state_saved") })),
    ...deeds(app, panel, figures, row),
  );
  showFigures(app, figures);
  sound(kind);
}

function whoIs(app, person) {
  return [
    element("p", { class: "who" }, person.names.flatMap((name) => [value(name, { class: "name" }), " "]), figure(person.line, { class: "line" })),
    element(
      "p",
      { class: "where" },
      app.say("seat", { vehicle: person.vehicle || "—", seat: person.seat }),
      " · ",
      app.say("from_side", { side: person.giving }),
      person.born ? [" · ", app.say("born", { born: person.born })] : null,
    ),
    person.tag ? element("p", { class: "tag" }, app.say(`tag_${person.tag}`)) : null,
  ].filter(Boolean);
}

/** The answer is an entry of its own: whoever was scanned and walked away has none. */
async function saidYes(app, panel, figures, { entry }) {
  const { how, line, scanned, station, vehicle } = entry;
  try {
    const kept = await app.write({ answers: ["own_will"], how, line, scanned, station, vehicle });
    showAnswer(app, panel, figures, { words: ["own_will"], person: app.pack.people.get(line), line, row: kept });
  } catch (reason) {
    app.failed(reason);
  }
}

function deeds(app, panel, figures, row) {
  const correct = (given) => () => app.go("outcome", { row, ...given });
  const buttons = [];
  if (row.entry.station === "asked" && row.entry.line && !row.entry.answers.includes("own_will")) {
    const yes = () => saidYes(app, panel, figures, row);
    buttons.push(
      element("p", { class: "question" }, app.say("own_will")),
      element("button", { type: "button", onclick: yes }, app.say("will_yes")),
      element("button", { type: "button", onclick: correct({ outcome: "DECLINED_AT_POINT" }) }, app.say("will_no")),
    );
  }
  if (TWO_OFFICERS.includes(row.entry.outcome))
    buttons.push(element("button", { type: "button", onclick: correct({ outcome: row.entry.outcome }) }, app.say("second_wanted")));
  buttons.push(
    element("button", { type: "button", onclick: correct({}) }, app.say("another_outcome")),
    element("button", { type: "button", onclick: correct({ back: true }) }, app.say("mistake")),
  );
  return [element("div", { class: "row deeds" }, buttons)];
}
