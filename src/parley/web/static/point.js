// Keeps the counts of the point true while a page shows them: told by the desk, or asking every few seconds where the line breaks.
"use strict";
(() => {
  const place = () => document.getElementById("point-counts");
  if (!place() || !window.EventSource) { return; }
  const EVERY = 4000;
  const SILENT = 25000;
  let last = null, heard = 0, asking = false, again = false, timer = 0;
  const ask = async () => {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const answer = await fetch(window.location.href.split("#")[0], { credentials: "same-origin", cache: "no-store", redirect: "error" });
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("point-counts");
      if (found && place().innerHTML !== found.innerHTML) { place().replaceChildren(...found.childNodes); }
    } catch { /* the desk is out of reach: what stands here stays, and is asked for again */ }
    asking = false;
    if (again) { again = false; window.setTimeout(ask, 300); }
  };
  const stream = () => {
    const news = new EventSource("/point-news");
    news.addEventListener("came", (event) => {
      heard = Date.now();
      if (last !== null && last !== event.data) { ask(); }
      last = event.data;
    });
    news.addEventListener("error", () => {
      heard = 0;
      if (news.readyState === EventSource.CLOSED) { window.clearTimeout(timer); timer = window.setTimeout(stream, EVERY); }
    });
  };
  window.setInterval(() => { if (!document.hidden && Date.now() - heard > SILENT) { ask(); } }, EVERY);
  heard = Date.now();
  stream();
})();
