// Hears from the desk that something new came, so that the page need not ask every few seconds. Where the line breaks, or is
// silent for too long, it says so, and the page asks again as before.

const SILENT = 25_000; // milliseconds; the desk says something every ten seconds

export class News {
  /** `told` is called with `{after, version}` whenever the desk says it; `broke` when the line breaks. */
  constructor(told, broke) {
    Object.assign(this, { told, broke, stream: null, key: "", heard: 0 });
  }

  /** Whether the desk is heard: while it is, nothing new comes unsaid. */
  get live() {
    return this.stream?.readyState === EventSource.OPEN && Date.now() - this.heard < SILENT;
  }

  /** Listen, with the key that the desk gave to this device. */
  listen(key) {
    if (this.stream && this.key === key && this.stream.readyState !== EventSource.CLOSED) return;
    this.stop();
    this.key = key;
    this.stream = new EventSource(`desk/news?key=${encodeURIComponent(key)}`);
    this.stream.addEventListener("news", (event) => {
      this.heard = Date.now();
      this.told(JSON.parse(event.data));
    });
    this.stream.addEventListener("error", () => this.broke());
  }

  stop() {
    this.stream?.close();
    this.stream = null;
  }
}
