/** A screen that is not paired: shows its code of now, and goes on by itself as soon as the code was accepted. */

import { page } from "./page.js";

const EVERY = 2000;
const code = document.getElementById("code");
const lost = document.getElementById("lost");

setInterval(look, EVERY);

async function look() {
  try {
    const response = await fetch(`/pairing/${page.role}/state`, { cache: "no-store", signal: AbortSignal.timeout(EVERY * 2) });
    if (!response.ok) throw new Error(String(response.status));
    const state = await response.json();
    lost.hidden = true;
    if (state.paired) location.replace(page.home);
    else write(state.code);
  } catch {
    lost.hidden = false;
  }
}

function write(text) {
  const half = text.length / 2;
  const [first, second] = code.children;
  if (first.textContent + second.textContent === text) return;
  first.textContent = text.slice(0, half);
  second.textContent = text.slice(half);
}
