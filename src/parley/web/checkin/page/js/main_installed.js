// Starts the page that a desk serves; its service worker keeps it for the hours without a network.

import { App } from "./app.js";
import { readCode } from "./eye_installed.js";

navigator.serviceWorker?.register("worker.js", { scope: "./" }).catch((reason) => console.error(reason.name));
new App(document.getElementById("app"), { readCode }).start();
