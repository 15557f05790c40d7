// Asks for the PIN and opens the pack; where the device is not known yet, its code comes before or after.

import { element } from "../elements.js";
import { keyOfDevice } from "../device.js";
import { openPack } from "../pack.js";
import { finish } from "./begin.js";

export function unlockScreen(app) {
  const pin = element("input", { id: "pin", type: "password", autocomplete: "off", dir: "ltr", autofocus: true });
  const saying = element("div", { role: "status" });
  const button = element("button", { class: "main" }, app.say("unlock_go"));
  const open = async (event) => {
    event.preventDefault();
    button.disabled = true;
    saying.replaceChildren(element("p", {}, app.say("opening")));
    try {
      await unlock(app, pin.value);
    } catch (reason) {
      saying.replaceChildren(element("p", { class: "alarm" }, app.say(reason.code ?? "pack.malformed")));
      button.disabled = false;
      pin.select();
    }
  };
  app.greet()?.then((greeting) => {
    const other = greeting && app.row && (greeting.case !== app.row.case || greeting.batch !== app.row.batch);
    if (other && app.screen === "unlock") saying.replaceChildren(element("p", { class: "warn" }, app.say("other_batch_here", { batch: greeting.batch })));
  });
  return [
    element("h1", { tabindex: "-1" }, app.say("unlock")),
    element(
      "form",
      { onsubmit: open },
      element("label", { for: "pin" }, app.say("pin")),
      pin,
      element("div", { class: "row" }, button),
    ),
    saying,
    app.carried ? null : element("p", {}, element("button", { type: "button", onclick: () => app.another() }, app.say("another_batch"))),
    app.carried ? element("p", { class: "aside" }, app.say("practice_file")) : null,
  ].filter(Boolean);
}

async function unlock(app, pin) {
  const pack = await openPack(app.packRow.bytes, pin, app.row?.keyLetters ?? app.code?.keyLetters ?? "");
  if (app.row && (app.row.case !== pack.case || app.row.batch !== pack.batch)) app.row = null;
  if (!app.row) {
    app.pack = pack;
    app.pin = pin;
    if (!app.code) return app.go("begin");
  }
  if (!app.row) await finish(app, app.code, pin);
  let key = await keyOfDevice(app.row, pin);
  if (!key) {
    // A later stick with another PIN: this device gets a new key and a new name beside its old one.
    app.pack = pack;
    await finish(app, { device: app.row.device, token: "0".repeat(26), keyLetters: "", caseLetters: "" }, pin);
    key = await keyOfDevice(app.row, pin);
  }
  return app.opened(pack, key);
}
