// Holds the page together: which screen is shown, what is known, and the rounds with the desk in between.

import { answer, counterOf, groups, linesOver, leads, MOST_IN_GROUP, standing } from "./answers.js";
import { rehearsed } from "./book.js";
import { element, said } from "./elements.js";
import { exchange, fetchPack, greet } from "./desk.js";
import { now, takeCertificate, writeDown } from "./device.js";
import { News } from "./news.js";
import { packParts } from "./pack.js";
import { allEntries, currentDevice, keepPack, keepSetting, nearlyFull, newestPack, setting } from "./shelf.js";
import { sound, wakeSounds } from "./sounds.js";
import { browserLanguage, LANGUAGES, word } from "./words/index.js";
import { beginScreen } from "./screens/begin.js";
import { bookScreen } from "./screens/book.js";
import { groupsScreen } from "./screens/groups.js";
import { outcomeScreen } from "./screens/outcome.js";
import { paperScreen } from "./screens/paper.js";
import { postingScreen } from "./screens/posting.js";
import { scanScreen } from "./screens/scan.js";
import { unlockScreen } from "./screens/unlock.js";

const SCREENS = {
  begin: beginScreen,
  unlock: unlockScreen,
  posting: postingScreen,
  scan: scanScreen,
  outcome: outcomeScreen,
  book: bookScreen,
  groups: groupsScreen,
  paper: paperScreen,
};
const MENU = ["scan", "outcome", "groups", "paper", "book"];
const ROUND = 4000; // milliseconds between rounds with the desk, while it is not heard by itself
const MEASURED = 15_000; // milliseconds between looks at how full the storage is
const GROUPED = ["crossed", "received"];

/** The page. `carried` is the text of a pack that lies in the page itself (the single file), else null. */
export class App {
  constructor(place, { readCode, carried = null }) {
    Object.assign(this, { place, readCode, carried });
    this.language = browserLanguage();
    this.row = null; // this device
    this.code = null; // an enrolment code that was read before the pack was open
    this.key = null;
    this.pack = null;
    this.packRow = null;
    this.posting = null;
    this.group = 1;
    this.rows = []; // every entry known here
    this.reached = false;
    this.newer = 0;
    this.elsewhere = 0; // the batch that the desk serves, where it is another than this device's
    this.certificates = []; // of the counter's other devices, as the desk told them: what makes a saved book join anywhere
    this.full = false;
    this.lost = false;
    this.leave = null;
    this.busy = this.again = false; // a round with the desk is under way; another was asked for meanwhile
    this.queue = Promise.resolve();
    this.after = this.total = 0; // how many entries this device was told of, and how many the desk has
    this.news = new News(
      (said) => this.heard(said),
      () => this.round(),
    );
  }

  async start() {
    this.language = (await setting("language")) ?? this.language;
    this.frame();
    if (!(await this.canSign())) return this.main.replaceChildren(this.alarm("too_old"));
    navigator.storage?.persist?.().catch(() => {});
    this.row = await currentDevice();
    this.packRow = this.carried ? { bytes: new TextEncoder().encode(this.carried) } : await newestPack(this.row?.case, this.row?.batch);
    this.channel = new BroadcastChannel("parley-checkin");
    this.channel.onmessage = () => this.reload();
    setInterval(() => this.tick(), ROUND);
    setInterval(() => this.measure(), MEASURED);
    addEventListener("online", () => this.round());
    addEventListener("offline", () => this.cutOff());
    addEventListener("visibilitychange", () => this.round());
    addEventListener("pointerdown", wakeSounds);
    await this.go(this.packRow && (this.row || this.carried) ? "unlock" : "begin");
  }

  async canSign() {
    try {
      await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
      return true;
    } catch {
      return false;
    }
  }

  /** A word in the officer's language, its places filled. */
  say(code, facts) {
    return said(word(this.language, code), facts);
  }

  /** The same as plain text, for attributes. */
  text(code) {
    return word(this.language, code);
  }

  alarm(code, facts) {
    return element("p", { class: "alarm", role: "alert" }, this.say(code, facts));
  }

  frame() {
    document.documentElement.lang = this.language;
    document.documentElement.dir = this.language === "ar" ? "rtl" : "ltr";
    document.title = this.text("title");
    this.strip = element("div", { class: "strip", role: "status" });
    this.main = element("main", { id: "main" });
    this.menu = element("nav", { "aria-label": this.text("title") });
    const languages = element(
      "select",
      { "aria-label": this.text("language"), onchange: (event) => this.speak(event.target.value) },
      Object.entries(LANGUAGES).map(([code, name]) => element("option", { value: code, lang: code, selected: code === this.language }, name)),
    );
    const header = element("header", {}, this.strip, languages);
    this.place.replaceChildren(header, this.menu, this.main);
  }

  async speak(language) {
    this.language = language;
    await keepSetting("language", language);
    this.frame();
    await this.go(this.screen, this.given);
  }

  async go(screen, given = {}) {
    this.leave?.();
    this.leave = null;
    this.screen = screen;
    this.given = given;
    const items = this.pack && this.posting ? MENU : [];
    this.menu.replaceChildren(
      ...items.map((name) =>
        element("button", { type: "button", "aria-current": name === screen ? "page" : null, onclick: () => this.go(name) }, this.say(name)),
      ),
    );
    this.menu.hidden = !items.length;
    this.main.dataset.screen = screen;
    this.main.replaceChildren(...[await SCREENS[screen](this)].flat());
    this.showStrip();
    (this.main.querySelector("[autofocus]") ?? this.main.querySelector("h1"))?.focus();
  }

  /** Say how things stand, where it changed: a strip that is written anew for nothing would be read out again. */
  showStrip() {
    const late = Boolean(this.pack) && now() > this.pack.expires;
    const said = [this.language, this.reached, this.lost, this.full, late, this.newer, this.elsewhere, this.posting?.rehearsal, ...this.rows.map(({ state }) => state)].join();
    if (this.strip.dataset.said === String(said.length) && this.lastSaid === said) return;
    this.strip.dataset.said = said.length;
    this.lastSaid = said;
    const counts = { saved: 0, sent: 0, confirmed: 0 };
    for (const { own, state } of this.rows) if (own) counts[state] += 1;
    const net = this.reached ? "desk_reached" : "no_network";
    this.strip.replaceChildren(
      element("strong", { class: this.reached ? "net reached" : "net" }, this.say(net)),
      element("span", { class: "counts" }, this.say("counts", counts)),
    );
    if (this.posting?.rehearsal) this.strip.append(element("strong", { class: "warn rehearsal" }, this.say("rehearsal")));
    if (this.lost) this.strip.append(this.alarm("not_saved"));
    if (this.full) this.strip.append(element("span", { class: "warn" }, this.say("nearly_full")));
    if (late) this.strip.append(element("span", { class: "warn" }, this.say("expired")));
    if (this.elsewhere) this.strip.append(this.elsewhereWarning(this.elsewhere));
    if (this.newer)
      this.strip.append(
        element("span", { class: "warn" }, this.say("new_pack", { version: this.newer }), " ", element("button", { type: "button", onclick: () => this.renew() }, this.say("take_pack"))),
      );
  }

  /** The desk serves another batch: what is written here stays, and this device can be made ready for that one. */
  elsewhereWarning(batch) {
    const ready = element("button", { type: "button", onclick: () => this.another() }, this.say("another_batch"));
    return element("span", { class: "warn" }, this.say("other_batch_here", { batch }), " ", ready);
  }

  /** Make this device ready anew; its book of this batch stays where it is. */
  another() {
    this.news.stop();
    Object.assign(this, { row: null, packRow: null, pack: null, key: null, code: null, rows: [], posting: null, elsewhere: 0, newer: 0 });
    return this.go("begin");
  }

  /** Read again what is known; another tab or the desk brought something. */
  async reload() {
    if (!this.pack) return;
    this.rows = await allEntries(this.pack.case, this.pack.batch);
    this.showStrip();
    this.refresh?.();
  }

  tellOthers() {
    this.channel.postMessage("changed");
  }

  async opened(pack, key) {
    this.pack = pack;
    this.key = key;
    const kept = await setting("posting");
    const fits = kept && kept.device === this.row.device && kept.batch === this.row.batch && pack.stations.includes(kept.station);
    this.posting = fits ? kept : null;
    this.group = (await setting(this.groupPlace)) ?? 1;
    this.certificates = (await setting(this.certificatesPlace)) ?? [];
    await this.reload();
    await this.measure();
    await this.go(this.posting ? "scan" : "posting");
    this.round();
  }

  async post(posting) {
    this.posting = { ...posting, device: this.row.device, batch: this.row.batch };
    await keepSetting("posting", this.posting);
    await this.go("scan");
  }

  lock() {
    this.news.stop();
    Object.assign(this, { pack: null, key: null, rows: [], posting: null });
    return this.go("unlock");
  }

  /** Ask the desk now and then, unless it is heard by itself and has everything. */
  tick() {
    const waiting = this.rows.some(({ own, state }) => own && state !== "confirmed");
    const known = this.row?.certificate;
    if (!(this.reached && this.news.live && known) || waiting) this.round();
  }

  /** The desk says how many entries it has, and the newest pack. */
  heard({ after, version }) {
    this.total = after;
    const newer = this.pack && version > this.pack.version && version !== this.newer;
    if (after !== this.after || newer || !this.reached) this.round();
  }

  cutOff() {
    this.news.stop();
    this.round();
  }

  /** One round with the desk, one at a time; what breaks off is done again in the next. */
  async round() {
    if (this.carried || !this.key || document.hidden) return;
    this.again = true;
    if (this.busy) return;
    this.busy = true;
    this.again = false;
    try {
      const place = `after ${this.row.batch} ${this.row.device} ${this.row.case}`;
      const found = await exchange(this.row, this.key, this.rows, (await setting(place)) ?? 0);
      const turned = found.reached !== this.reached;
      this.reached = found.reached;
      this.elsewhere = found.elsewhere ?? 0;
      if (found.after !== undefined) {
        await keepSetting(place, found.after);
        if (found.after > this.after && found.after < this.total) this.again = true;
        this.after = found.after;
      }
      if (found.news) this.news.listen(found.news);
      if (found.certificates?.length) await keepSetting(this.certificatesPlace, (this.certificates = found.certificates));
      if (found.certificate && !this.row.certificate && (await takeCertificate(this.row, found.certificate, this.pack.desk, this.pack.deskKey)))
        this.row = await currentDevice();
      this.newer = found.version > this.pack.version ? found.version : 0;
      if (found.changed || turned) await this.reload();
      if (found.changed) this.tellOthers();
      this.showStrip();
    } finally {
      this.busy = false;
    }
    if (this.again && this.reached) await this.round();
  }

  async measure() {
    this.full = await nearlyFull();
    if (this.pack) this.showStrip();
  }

  /** Take the newer pack that the desk has; the PIN is asked again. */
  async renew() {
    const bytes = await fetchPack(this.row, this.key);
    if (!bytes) return;
    packParts(bytes);
    this.packRow = { case: this.row.case, batch: this.row.batch, version: this.newer, bytes };
    await keepPack(this.packRow);
    this.newer = 0;
    await this.lock();
  }

  greet() {
    return this.carried ? null : greet();
  }

  /** One after the other, however fast they come. */
  scanned(text, how) {
    this.queue = this.queue.then(() => this.scanOne(text, how)).catch((reason) => this.failed(reason));
    return this.queue;
  }

  async scanOne(text, how) {
    const found = await answer(this.pack, this.ownRows, this.posting, text, now());
    const group = this.groupFor(found.line);
    const kept = await this.write({
      answers: found.words,
      group,
      how,
      line: found.line,
      outcome: found.outcome,
      scanned: text,
    });
    this.onAnswer?.({ ...found, row: kept });
  }

  /** Write one entry down with what this posting adds to it; it is kept when this returns. */
  async write(seen) {
    const { answers = ["ok"] } = seen;
    const marked = this.posting.rehearsal && !answers.includes("rehearsal") ? [...answers, "rehearsal"] : answers;
    const kept = await writeDown(this.row, this.key, {
      officer: this.posting.officer,
      offline: !this.reached,
      pack: this.pack.version,
      station: this.posting.station,
      vehicle: this.posting.vehicle,
      ...seen,
      answers: marked,
    });
    this.rows.push(kept);
    this.lost = false;
    this.tellOthers();
    if (kept.number % 20 === 0) this.measure();
    this.showStrip();
    this.round();
    return kept;
  }

  failed(reason) {
    this.lost = true;
    this.measure();
    sound("stop");
    this.showStrip();
    this.onFailure?.(reason);
    console.error(reason?.name ?? "not saved");
  }

  get groupPlace() {
    return `group ${this.row.batch} ${this.row.device} ${this.row.case}`;
  }

  get certificatesPlace() {
    return `certificates ${this.row.batch} ${this.row.case}`;
  }

  /** The entries of this device's own counter: what answers and figures rest on. */
  get ownRows() {
    return this.counterRows.filter(({ entry }) => rehearsed(entry) === Boolean(this.posting?.rehearsal));
  }

  /** The same with what was rehearsed, whose numbers stand between the others. */
  get counterRows() {
    return this.rows.filter(({ entry }) => counterOf(entry.device) === this.pack.counter);
  }

  /** What stands, for the figures of the screens. */
  figures() {
    const stands = standing(this.ownRows);
    const here = new Set(
      stands
        .filter(({ entry }) => entry.station === this.posting.station && this.pack.people.has(entry.line))
        .map(({ entry }) => entry.line),
    );
    return { here: here.size, sides: leads(this.pack, linesOver(this.pack, stands)), groups: groups(stands) };
  }

  get grouped() {
    return GROUPED.includes(this.posting.station);
  }

  linesOfGroup(number) {
    return groups(standing(this.ownRows)).get(number)?.get(this.pack.counter) ?? new Set();
  }

  groupFor(line) {
    if (!this.grouped || !line) return 0;
    const lines = this.linesOfGroup(this.group);
    if (lines.size >= MOST_IN_GROUP && !lines.has(line)) this.nextGroup();
    return this.group;
  }

  nextGroup() {
    this.setGroup(this.group + 1);
  }

  setGroup(number) {
    if (!Number.isSafeInteger(number) || number < 1 || number > 9_999) return;
    this.group = number;
    keepSetting(this.groupPlace, this.group);
  }
}
