// The little script of every page: what moved is brought into view, and a form is sent once.
"use strict";
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  window.setTimeout(() => { delete form.dataset.sent; }, 5000);
});
const alerted = document.querySelector("[role=alert]");
if (alerted) { alerted.tabIndex = -1; alerted.focus(); }
document.querySelectorAll("input[data-shows]").forEach((slider) => {
  slider.addEventListener("input", () => { document.getElementById(slider.dataset.shows).textContent = slider.value; });
  slider.addEventListener("change", () => { slider.form.requestSubmit(); });
});
