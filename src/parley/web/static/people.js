// The keys of the people table: arrows go from row to row, Enter opens, / goes to the search.
"use strict";
const rows = Array.from(document.querySelectorAll("a[data-row]"));
const search = document.getElementById("find");
function typing(target) { return target.matches("input, select, textarea"); }
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) { return; }
  if (event.key === "/" && !typing(event.target)) { event.preventDefault(); search.focus(); search.select(); return; }
  const at = rows.indexOf(document.activeElement);
  const from = { ArrowDown: at + 1, ArrowUp: Math.max(at - 1, 0), Home: 0, End: rows.length - 1 };
  if (!(event.key in from) || rows.length === 0) { return; }
  if (at < 0 && (event.key === "Home" || event.key === "End" || event.target.matches("select, textarea"))) { return; }
  event.preventDefault();
  rows[Math.min(from[event.key], rows.length - 1)].focus();
});
