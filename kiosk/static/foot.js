/** The lowest part of every screen, in reach from a wheelchair: the way back, the time left, and the three modes. */

import { html, nothing } from "../vendor/lit-html.js";
import { icon } from "../js/icons.js";
import { page, say } from "../js/page.js";
import { inAll } from "./start.js";

/** @param {object} state  @param {{word, mark, action?, main?}|null} way  the button that leads out of this screen */
export const foot = (state, way) => html`
  <footer class="kiosk__foot">
    ${way ? wayOut(state, way) : nothing}
    ${state.warned && state.left < Infinity ? stillThere(state) : timeAndModes(state, way)}
  </footer>
`;

const timeAndModes = (state, way) => html`
  ${way ? html`<p class="countdown">${icon("clock")} <span>${say("clears_in", { seconds: state.left }, state.lang)}</span></p>` : nothing}
  ${state.view === "sending" ? nothing : modes(state)}
`;

const EDGES = { more: ["more_below", "down"], end: ["to_top", "up"] };

/** That there is more below the edge of the screen, and how to come there; the keypad needs it not. */
export const edgeSign = ({ view, edge, lang, actions }) =>
  edge
    ? html`<button class="edge" data-edge=${edge} tabindex="-1" @click=${actions.onward}>
        ${icon("onward", `icon--${EDGES[edge][1]}`)} <span class="all">${view === "language" ? inAll(EDGES[edge][0]) : say(EDGES[edge][0], {}, lang)}</span>
      </button>`
    : nothing;

const wayOut = ({ lang, actions }, { word, mark, action = "reset", main = false }) => html`
  <button class="kiosk-button ${main ? "kiosk-button--main" : ""}" data-reset=${action} data-say="word/${word}" @click=${actions[action]}>
    ${icon(mark, mark === "back" ? "icon--onward" : "")} <span>${say(word, {}, lang)}</span>
  </button>
`;

const stillThere = ({ lang, left, actions }) => html`
  <aside class="still" role="status">
    <p class="still__left number" aria-hidden="true">${left}</p>
    <p class="still__text" data-say="word/still_there">${say("still_there", {}, lang)}</p>
    <button class="kiosk-button kiosk-button--main" data-more data-say="word/more_time" @click=${actions.more}>
      ${icon("clock")} <span>${say("more_time", {}, lang)}</span>
    </button>
  </aside>
`;

const MODES = [["low", "wheelchair", "mode_low"], ["strong", "letters", "mode_strong"], ["audio", "headphones", "mode_audio"]];

const ALL = MODES.map(([name]) => name);

/** Those that this machine has: `page.modes`, else all. */
const modes = (state) => html`
  <div class="modes" role="group">
    ${MODES.filter(([name]) => (page.modes ?? ALL).includes(name) && (name !== "audio" || page.audio)).map(
      ([name, mark, word]) => html`<button class="mode" data-mode=${name} aria-pressed=${state[name]} @click=${() => state.actions.mode(name)}>
        ${icon(mark)} <span class="all">${state.view === "language" ? inAll(word) : say(word, {}, state.lang)}</span>
      </button>`,
    )}
  </div>
`;
