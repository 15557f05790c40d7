// Keeps the board true while it is open: each event brings all of it, so nothing is lost when the line breaks.
"use strict";
(() => {
  const board = document.getElementById("board");
  if (!board || !window.EventSource) { return; }
  const cell = (tag, text, heading) => {
    const made = document.createElement(tag);
    if (heading) { made.scope = "row"; }
    const apart = document.createElement("bdi");
    apart.textContent = text;
    made.append(apart);
    return made;
  };
  const fill = (name, rows) => {
    const body = board.querySelector(`[data-table=${name}]`);
    const made = rows.map((cells) => {
      const row = document.createElement("tr");
      row.append(...cells.map((text, place) => cell(place ? "td" : "th", text, !place)));
      return row;
    });
    body.replaceChildren(...made);
    body.closest("section").hidden = !made.length;
  };
  const shownTime = (text) => (text ? `${text.slice(0, 10)} ${text.slice(11, 16)} UTC` : "–");
  const seconds = (text) => Date.parse(text) / 1000;
  const age = (clock, since) => {
    if (!since || !clock) { return "–"; }
    const minutes = Math.max(0, Math.round((seconds(clock) - seconds(since)) / 60));
    const days = Math.floor(minutes / 1440);
    return (days ? `${days} ${board.dataset.day} ` : "") + `${Math.floor(minutes / 60) % 24}:${String(minutes % 60).padStart(2, "0")}`;
  };
  const show = (said) => {
    for (const stage of said.stages) {
      const row = board.querySelector(`[data-stage=${stage.name}]`);
      if (!row) { continue; }
      for (const [side, value] of Object.entries(stage.sides)) {
        const place = row.querySelector(`[data-side="${CSS.escape(side)}"]`);
        if (place && place.textContent !== value) { place.textContent = value; place.parentElement.classList.add("fresh"); }
      }
      row.querySelector("[data-since]").textContent = shownTime(stage.since);
      row.querySelector("[data-age]").textContent = age(said.clock, stage.since);
    }
    fill("vehicles", said.vehicles.map((one) => [one.vehicle, String(one.batch), one.side, one.listed, one.boarded, one.where]));
    fill("exceptions", said.exceptions.map((one) => [one.what, one.side, one.code, one.count]));
    board.querySelector("[data-acts]").textContent = String(said.acts);
    board.querySelector("[data-clock]").textContent = shownTime(said.clock);
    board.dataset.acts = said.acts;
  };
  let counted = 0;
  const open = () => {
    const stream = new EventSource("/live");
    const line = document.getElementById("line");
    stream.addEventListener("board", (event) => { line.hidden = true; show(JSON.parse(event.data)); });
    stream.addEventListener("act", () => { counted += 1; board.dataset.counted = counted; });
    stream.addEventListener("ended", () => { stream.close(); window.location.reload(); });
    stream.addEventListener("error", () => {
      line.hidden = false;
      if (stream.readyState === EventSource.CLOSED) { window.setTimeout(open, 3000); }
    });
  };
  open();
})();
