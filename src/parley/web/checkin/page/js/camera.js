// Looks through the camera for a QR code, several times a second, and says each code once while it stays in view.

const WIDTH = 720;
const PAUSE = 90; // milliseconds between looks: a phone of 2019 must not grow hot in twelve hours
const GONE = 1200; // a code that was out of view for so long counts as shown again

/** What is in front of the camera; `read(imageData)` gives the text of a code or null, `found(text)` hears of it. */
export class Camera {
  constructor(video, read, found) {
    this.video = video;
    this.read = read;
    this.found = found;
    this.canvas = document.createElement("canvas");
    this.stream = null;
    this.last = { text: null, at: 0 };
  }

  /** Start looking; fails with the browser's reason where there is no camera or it is not allowed. */
  async start() {
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("no camera", "NotFoundError");
    this.stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 } },
    });
    this.video.srcObject = this.stream;
    await this.video.play();
    this.look();
  }

  /** Stop looking and let go of the camera. */
  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  async look() {
    while (this.stream) {
      if (this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && !document.hidden) await this.lookOnce();
      await new Promise((resume) => setTimeout(resume, PAUSE));
    }
  }

  async lookOnce() {
    const wide = this.video.videoWidth;
    if (!wide) return;
    const scale = Math.min(1, WIDTH / wide);
    this.canvas.width = Math.round(wide * scale);
    this.canvas.height = Math.round(this.video.videoHeight * scale);
    const drawing = this.canvas.getContext("2d", { willReadFrequently: true });
    drawing.drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    const text = await this.read(drawing.getImageData(0, 0, this.canvas.width, this.canvas.height));
    const now = performance.now();
    if (!text) return;
    const again = text === this.last.text && now - this.last.at < GONE;
    this.last = { text, at: now };
    if (!again) await this.found(text);
    this.last.at = performance.now();
  }
}
