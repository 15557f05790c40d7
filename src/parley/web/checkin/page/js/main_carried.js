// Starts the single file: the pack lies in the page, and nothing is asked of any network.

import { App } from "./app.js";
import { readCode } from "./eye_carried.js";

const carried = document.getElementById("pack").textContent;
new App(document.getElementById("app"), { readCode, carried }).start();
