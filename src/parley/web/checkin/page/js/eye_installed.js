// Reads QR codes in the installed page, with zxing: four to six times as fast as the reader of the single file.

import { prepareZXingModule, readBarcodes } from "../vendor/zxing/reader/index.js";

const WASM = new URL("../vendor/zxing/reader/zxing_reader.wasm", import.meta.url).href;
let ready = null;

/** The text of the code in a picture, or null. */
export async function readCode(picture) {
  ready ??= prepareZXingModule({ overrides: { locateFile: () => WASM }, fireImmediately: true });
  await ready;
  const found = await readBarcodes(picture, { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 });
  return found[0]?.text || null;
}
