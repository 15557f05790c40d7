// Reads QR codes in the single file, with jsQR: one plain script that needs nothing fetched.

/** The text of the code in a picture, or null. */
export async function readCode(picture) {
  return globalThis.jsQR(picture.data, picture.width, picture.height, { inversionAttempts: "dontInvert" })?.data || null;
}
