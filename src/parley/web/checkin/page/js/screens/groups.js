// The groups that crossed together, ten at most, and whether the books of both parties give each the same people.

import { bothReceipts, groups, standing } from "../answers.js";
import { element, figure } from "../elements.js";

export function groupsScreen(app) {
  const found = [...groups(standing(app.rows))].sort(([one], [other]) => one - other);
  const counters = [...new Set([app.pack.counter, ...app.pack.parties])];
  if (!found.length) return [element("h1", { tabindex: "-1" }, app.say("groups")), element("p", {}, app.say("groups_none"))];
  const head = [
    element("th", { scope: "col" }, app.say("groups_number")),
    ...counters.map((name) => element("th", { scope: "col" }, figure(name))),
    element("th", { scope: "col" }, app.say("groups_both")),
    element("th", { scope: "col" }, app.say("groups_lines")),
  ];
  const rows = found.map(([number, books]) => {
    const both = bothReceipts(app.pack.parties, books);
    const lines = [...new Set([...books.values()].flatMap((each) => [...each]))];
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, String(number)),
      counters.map((name) => element("td", {}, figure(books.get(name)?.size ?? 0))),
      element("td", { class: both ? "yes" : "no" }, app.say(both ? "yes" : "no")),
      element("td", {}, lines.flatMap((line) => [figure(line), " "])),
    );
  });
  return [
    element("h1", { tabindex: "-1" }, app.say("groups")),
    element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": app.text("groups") }, element("table", {}, element("thead", {}, element("tr", {}, head)), element("tbody", {}, rows))),
  ];
}
