// The first screen: a new device reads the code that its desk shows, or is given a pack and a name.

import { Camera } from "../camera.js";
import { enrol, fetchPack, greet } from "../desk.js";
import { keyOfDevice, makeDevice, takeCertificate } from "../device.js";
import { element } from "../elements.js";
import { readCode, withoutCode } from "../enrolment.js";
import { fromBase64, tag } from "../bytes.js";
import { Broken, keyLetters, packParts } from "../pack.js";
import { currentDevice, keepPack, keepSetting } from "../shelf.js";

const DEVICE = /^[a-z][a-z0-9-]{0,30}\/[a-z][a-z0-9-]{0,30}$/;

export function beginScreen(app) {
  const field = element("input", { id: "code", autocomplete: "off", dir: "ltr", spellcheck: "false", autofocus: true });
  const name = element("input", { id: "name", autocomplete: "off", dir: "ltr", spellcheck: "false" });
  const file = element("input", { id: "file", type: "file" });
  const saying = element("div", { role: "status" });
  const video = element("video", { muted: true, playsinline: true, hidden: true });
  const tell = (code, facts) => saying.replaceChildren(element("p", { class: "alarm" }, app.say(code, facts)));
  const take = async (read) => {
    try {
      await begin(app, await read(), tell);
    } catch (reason) {
      tell(reason instanceof Broken ? reason.code : "enrol.malformed");
    }
  };
  const byCode = () => take(() => readCode(field.value));
  const byName = () => (DEVICE.test(name.value.trim()) ? take(() => withoutCode(name.value.trim())) : tell("bad_name"));
  const camera = new Camera(video, app.readCode, (text) => {
    field.value = text;
    return byCode();
  });
  app.leave = () => camera.stop();
  const look = async () => {
    try {
      video.hidden = false;
      await camera.start();
    } catch {
      video.hidden = true;
      tell("no_camera");
    }
  };
  file.addEventListener("change", async () => {
    try {
      const bytes = new Uint8Array(await file.files[0].arrayBuffer());
      packParts(bytes);
      app.packRow = { bytes };
      if (app.code) await app.go("unlock");
    } catch (reason) {
      tell(reason.code ?? "pack.malformed");
    }
  });
  return [
    element("h1", { tabindex: "-1" }, app.say("begin")),
    element(
      "form",
      { onsubmit: (event) => (event.preventDefault(), byCode()) },
      element("label", { for: "code" }, app.say("begin_code")),
      field,
      element("div", { class: "row" }, element("button", { class: "main" }, app.say("begin_go")), element("button", { type: "button", onclick: look }, app.say("camera_on"))),
      video,
    ),
    saying,
    app.carried ? null : element("p", {}, element("label", { for: "file" }, app.say("begin_file")), file),
    element(
      "details",
      {},
      element("summary", {}, app.say("begin_without")),
      element("p", {}, app.say("begin_kept_aside")),
      element("label", { for: "name" }, app.say("begin_name")),
      name,
      element("button", { type: "button", onclick: byName }, app.say("begin_named")),
    ),
  ].filter(Boolean);
}

async function begin(app, code, tell) {
  app.code = code;
  if (app.pack) {
    const { pin } = app;
    await finish(app, code, pin);
    return app.opened(app.pack, await keyOfDevice(app.row, pin));
  }
  const greeting = app.packRow ? null : await greet();
  if (!greeting) {
    if (app.packRow) return app.go("unlock");
    return tell("need_pack");
  }
  if (code.caseLetters && code.caseLetters !== (await tag(greeting.case, 5))) throw new Broken("enrol.other_case");
  const deskKey = fromBase64(greeting.key);
  if (code.keyLetters && (await keyLetters(deskKey)) !== code.keyLetters) throw new Broken("pack.other_key");
  const row = await makeDevice(code, greeting, "");
  const answered = await enrol(row.request);
  if (!answered?.certificate) {
    await keepSetting("device", null);
    throw new Broken(answered?.code ?? "enrol.malformed");
  }
  await takeCertificate(row, answered.certificate, answered.desk, deskKey);
  app.row = await currentDevice();
  const bytes = await fetchPack(row, row.privateKey);
  if (!bytes) return tell("need_pack");
  packParts(bytes);
  app.packRow = { case: row.case, batch: row.batch, version: greeting.version, bytes };
  await keepPack(app.packRow);
  app.code = null;
  return app.go("unlock");
}

/** The pack is open and the device is not yet known: make its key now, and keep the pack beside it. */
export async function finish(app, code, pin) {
  if (code.caseLetters && code.caseLetters !== (await tag(app.pack.case, 5))) throw new Broken("enrol.other_case");
  if (code.keyLetters && (await keyLetters(app.pack.deskKey)) !== code.keyLetters) throw new Broken("pack.other_key");
  if (code.device.split("/")[0] !== app.pack.counter) throw new Broken("enrol.other_case");
  app.row = await makeDevice(code, app.pack, app.carried ? pin : "");
  if (!app.carried) await keepPack({ case: app.pack.case, batch: app.pack.batch, version: app.pack.version, bytes: app.packRow.bytes });
  app.pin = "";
  app.code = null;
}
