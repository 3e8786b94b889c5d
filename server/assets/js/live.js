/**
 * Following a namespace: every complete snapshot in, and the state of the connection.
 *
 * A snapshot may arrive before `connect`, so nothing is cleared there. The connection counts as lost the moment the socket
 * closes or the browser loses its network, and also when nothing was heard for SILENCE ms (the server pings every 5 s); it counts
 * as live again only when a snapshot has come. Reconnecting goes on for ever, at most RETRY ms apart, at once when the network is
 * back, and needs no touch.
 */

import { io } from "../vendor/socket.io.esm.min.js";
import { setClock } from "./clock.js";

const FULL = "too many screens are connected";
const SILENCE = 9500;
const RETRY = 2000;
const FIRST_ANSWER = 6000;

/**
 * @param {string} namespace   "/kiosk", "/counter", "/display" or "/manager"
 * @param {object} listener    snapshot(data): a newer one; connection(state): "live", "lost",
 *   "refused" (this screen may not), or "full" (the server carries no more screens; it is asked again)
 * @param {string} [token]     for a program that has no cookie
 * @returns {{current: () => object|null, state: () => string, stop: () => void}}
 */
export function follow(namespace, { snapshot, connection }, token = undefined) {
  const socket = io(namespace, {
    transports: ["websocket"],
    reconnectionDelay: 400,
    reconnectionDelayMax: RETRY,
    randomizationFactor: 0.3,
    timeout: 4000,
    auth: token ? { token } : undefined,
  });
  let shown = null;
  let state = "starting";
  let heardAt = performance.now();
  let retry = 0;

  const become = (next) => {
    if (next !== state) {
      state = next;
      connection?.(next);
    }
  };
  const heard = () => {
    heardAt = performance.now();
  };
  const again = () => {
    clearTimeout(retry);
    retry = setTimeout(() => socket.connect(), RETRY);
  };

  socket.io.on("open", () => {
    heard();
    socket.io.engine.on("packet", heard);
  });
  socket.on("snapshot", (data) => {
    heard();
    setClock(data.now);
    const newer = shown === null || data.epoch !== shown.epoch || data.version > shown.version;
    if (newer) shown = data;
    become("live");
    if (newer) snapshot(data);
  });
  socket.on("disconnect", (reason) => {
    become("lost");
    if (reason === "io server disconnect") again();
  });
  socket.on("connect_error", ({ message }) => {
    if (socket.active) {
      become("lost");
    } else {
      become(message === FULL ? "full" : "refused");
      again();
    }
  });

  /** A new connection: what the old one still says is not believed. Where the server is this very machine it comes at once. */
  const restart = () => {
    become("lost");
    socket.disconnect();
    socket.connect();
  };
  const back = () => {
    if (state !== "live") restart();
  };
  window.addEventListener("offline", restart);
  window.addEventListener("online", back);

  const watch = setInterval(() => {
    const silence = performance.now() - heardAt;
    if (silence > SILENCE || (state === "starting" && silence > FIRST_ANSWER)) become("lost");
  }, 500);

  return {
    current: () => shown,
    state: () => state,
    stop: () => {
      clearInterval(watch);
      clearTimeout(retry);
      window.removeEventListener("offline", restart);
      window.removeEventListener("online", back);
      socket.disconnect();
    },
  };
}
