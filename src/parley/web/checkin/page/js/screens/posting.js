// Where this device stands: the station, the vehicle if there is one, and in what role its officer writes.

import { element, value } from "../elements.js";
import { keepSetting, setting } from "../shelf.js";

export async function postingScreen(app) {
  const { pack } = app;
  const kept = (await setting("posting")) ?? {};
  const vehicles = [...new Set([...pack.people.values()].map((person) => person.vehicle))].filter(Boolean).sort();
  const role = (kept.officer ?? "").split("/")[1] ?? "officer-1";
  const officer = element("input", { id: "officer", dir: "ltr", autocomplete: "off", value: role, pattern: "[a-z0-9._\\-]{1,40}", required: true });
  const vehicle = element(
    "select",
    { id: "vehicle" },
    element("option", { value: "" }, app.say("any_vehicle")),
    vehicles.map((name) => element("option", { value: name, selected: name === kept.vehicle }, name)),
  );
  const rehearsal = element("input", { type: "checkbox", id: "rehearsal", checked: Boolean(app.posting?.rehearsal) });
  const chosen = pack.stations.includes(kept.station) ? kept.station : pack.last;
  const start = (event) => {
    event.preventDefault();
    const station = new FormData(event.target).get("station");
    return app.post({ station, rehearsal: rehearsal.checked, vehicle: vehicle.value, officer: `${pack.counter}/${officer.value}` });
  };
  return [
    element("h1", { tabindex: "-1" }, app.say("posting")),
    element("p", { class: "aside" }, app.say("pack_of", { batch: pack.batch, version: pack.version, people: pack.people.size, expires: `${pack.expires.slice(0, 16).replace("T", " ")} UTC` })),
    element(
      "form",
      { onsubmit: start },
      element(
        "fieldset",
        {},
        element("legend", {}, app.say("station")),
        pack.stations.map((station) =>
          element(
            "label",
            { class: "choice" },
            element("input", { type: "radio", name: "station", value: station, checked: station === chosen }),
            app.say(`station_${station}`),
          ),
        ),
      ),
      element("label", { for: "vehicle" }, app.say("vehicle")),
      vehicle,
      element("label", { for: "officer" }, app.say("officer"), " ", value(`${pack.counter}/`)),
      officer,
      element("label", { class: "choice" }, rehearsal, app.say("rehearsal_tick")),
      element("div", { class: "row" }, element("button", { class: "main", autofocus: true }, app.say("posting_go")), element("button", { type: "button", onclick: () => app.lock() }, app.say("lock"))),
    ),
    element("p", { class: "aside" }, app.say("book_device"), ": ", value(app.row.device, { dir: "ltr" })),
    app.row.certificate ? null : element("p", { class: "warn" }, app.say("book_no_certificate")),
  ].filter(Boolean);
}
