// The keys of a pair (Y, N, U, and Z for taking back), and a page that looks again while a search is under way.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.matches("input, select, textarea")) { return; }
  const button = document.querySelector(`button[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (button) { event.preventDefault(); button.click(); }
});
if (document.getElementById("searching")) { window.setTimeout(() => { window.location.reload(); }, 1000); }
