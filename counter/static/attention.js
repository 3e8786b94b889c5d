/** For a clerk who works in another window: how many wait stands in the tab's title, and whoever comes is heard if the clerk wishes. */

const title = document.title;
const NOTES = [
  { hertz: 587.33, at: 0 },
  { hertz: 880, at: 0.14 },
];
const SECONDS = 0.45;
const LOUD = 0.06;

let before = null;
let context = null;

/**
 * @param {number} waiting  how many wait for this desk
 * @param {boolean} idle    whether the desk is open and has nobody; whoever comes is heard when it was so before, too
 * @param {boolean} aloud   whether the clerk wants to hear it
 */
export function attend(waiting, idle, aloud) {
  const wanted = idle && waiting ? `(${waiting}) ${title}` : title;
  if (document.title !== wanted) document.title = wanted;
  if (aloud && idle && before?.idle && waiting > before.waiting) sound();
  before = { waiting, idle };
}

/** Two soft notes, told as a `heard` event on `document`. A browser that allows no sound before a touch stays silent until then. */
export function sound() {
  context ??= new AudioContext();
  context.resume();
  const now = context.currentTime;
  for (const { hertz, at } of NOTES) {
    const note = context.createOscillator();
    const loud = context.createGain();
    note.frequency.value = hertz;
    loud.gain.setValueAtTime(0, now + at);
    loud.gain.linearRampToValueAtTime(LOUD, now + at + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.0001, now + at + SECONDS);
    note.connect(loud).connect(context.destination);
    note.start(now + at);
    note.stop(now + at + SECONDS);
  }
  document.dispatchEvent(new CustomEvent("heard"));
}
