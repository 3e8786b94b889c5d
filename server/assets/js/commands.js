/**
 * Commands: a button is a POST with an Idempotency-Key. Whatever happens to the reply, the same key is sent again until there
 * is one, so a command is carried out once. A second press while one is under way is dropped.
 */

const ATTEMPT = 8000;
const PAUSES = [300, 600, 1200, 2000];
const GATEWAY = new Set([502, 504]);
const BUSY = 503;
const BUSY_ATTEMPTS = 4;

/** 128 random bits in hex; getRandomValues works on plain http, randomUUID does not. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** So long, or until the browser has a network again. */
const sleep = (ms) =>
  new Promise((done) => {
    const wake = () => {
      clearTimeout(timer);
      window.removeEventListener("online", wake);
      done();
    };
    const timer = setTimeout(wake, ms);
    window.addEventListener("online", wake);
  });

async function attempt(path, body, headers) {
  const stop = new AbortController();
  const giveUp = () => stop.abort();
  const timer = setTimeout(giveUp, ATTEMPT);
  window.addEventListener("offline", giveUp);
  try {
    const response = await fetch(path, {
      method: "POST",
      headers,
      body: JSON.stringify(body ?? {}),
      credentials: "same-origin",
      cache: "no-store",
      signal: stop.signal,
    });
    const text = await response.text();
    return { status: response.status, data: text ? JSON.parse(text) : null };
  } finally {
    clearTimeout(timer);
    window.removeEventListener("offline", giveUp);
  }
}

/**
 * Send a command until it is answered.
 * @param {string} path
 * @param {object} body
 * @param {string} language          of the sentence in a problem
 * @param {number} [patience]        ms after which an unanswered command is given up; by default never
 * @returns {Promise<{ok: boolean, status: number, data: object|null}>}  not ok: `data.detail` is a sentence; status 0: given up
 */
export async function send(path, body, language, patience = Infinity) {
  const headers = { "Content-Type": "application/json", "Accept-Language": language, "Idempotency-Key": newKey() };
  const start = performance.now();
  for (let count = 0; count === 0 || performance.now() - start < patience; count += 1) {
    if (count > 0) await sleep(PAUSES[Math.min(count - 1, PAUSES.length - 1)]);
    try {
      const { status, data } = await attempt(path, body, headers);
      const unanswered = GATEWAY.has(status) || (status === BUSY && count + 1 < BUSY_ATTEMPTS);
      if (!unanswered) return { ok: status < 400, status, data };
    } catch {
      // No reply, or half of one: the same key goes again.
    }
  }
  return { ok: false, status: 0, data: null };
}

/** One command at a time: `press(action)` runs `action` unless one is under way, and then answers null. */
export function oneAtATime(onChange = () => {}) {
  let underWay = false;
  return async (action) => {
    if (underWay) return null;
    underWay = true;
    onChange(true);
    try {
      return await action();
    } finally {
      underWay = false;
      onChange(false);
    }
  };
}
