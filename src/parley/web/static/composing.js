// Tells how far a composition is while its page is open; when it is over, the page is asked for anew.
"use strict";
(() => {
  const place = document.getElementById("composing");
  if (!place || !window.EventSource) { return; }
  const stream = new EventSource(place.dataset.news);
  stream.addEventListener("step", (event) => {
    const said = JSON.parse(event.data);
    if (said.over) { stream.close(); window.location.reload(); return; }
    place.querySelector("progress").value = said.place;
    for (const step of place.querySelectorAll("[data-step]")) {
      const now = step.dataset.step === said.step;
      step.toggleAttribute("aria-current", now);
      if (now) {
        step.setAttribute("aria-current", "step");
        document.getElementById("step-now").textContent = step.textContent;
      }
    }
  });
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) { window.setTimeout(() => { window.location.reload(); }, 3000); }
  });
})();
