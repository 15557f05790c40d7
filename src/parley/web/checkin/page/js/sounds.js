// Says each kind of answer by ear, for an officer who is looking at a face and not at a screen.

// Notes in hertz, each an eighth of a second: rising for yes, falling for no, level for "look".
const TUNES = {
  go: [660, 880],
  look: [520, 520],
  ask: [520, 440, 520],
  stop: [330, 247, 196],
  unread: [196],
};
const NOTE = 0.13;

let player = null;

/** Make ready to play; a browser lets a page sound only after a person touched it. */
export function wakeSounds() {
  const Player = globalThis.AudioContext;
  if (!Player) return;
  player ??= new Player();
  if (player.state === "suspended") player.resume().catch(() => {});
}

/** Play the tune of one answer, and shake the device where it can. */
export function sound(tune) {
  const notes = TUNES[tune] ?? TUNES.unread;
  navigator.vibrate?.(tune === "go" ? [60] : [60, 60, 60, 60, 200]);
  if (!player || player.state !== "running") return;
  notes.forEach((pitch, place) => {
    const start = player.currentTime + place * NOTE;
    const voice = player.createOscillator();
    const loudness = player.createGain();
    voice.frequency.value = pitch;
    voice.type = tune === "stop" ? "square" : "sine";
    loudness.gain.setValueAtTime(0.25, start);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + NOTE);
    voice.connect(loudness).connect(player.destination);
    voice.start(start);
    voice.stop(start + NOTE);
  });
}
