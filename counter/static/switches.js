/** A switch of the desk: pressed or not, with its light and its key. Pure. */

import { html, nothing } from "../vendor/lit-html.js";
import { icon } from "../js/icons.js";
import { say } from "../js/page.js";

/**
 * @param {string} name     what `act.toggle` switches, and the word of what stands on it
 * @param {string} key      what may be pressed instead
 * @param {boolean} on
 * @param {string} [symbol] an icon in place of the word and the key; then the word is its label, and the word `long_…` its hint
 */
export const switchView = (name, key, on, act, symbol) => html`
  <button
    class="tool ${on ? "tool--on" : ""} ${symbol ? "tool--symbol" : ""}"
    data-switch=${name}
    aria-pressed=${on ? "true" : "false"}
    aria-keyshortcuts=${key}
    aria-label=${symbol ? say(name) : nothing}
    title=${symbol ? `${say(`long_${name}`)} (${key})` : nothing}
    @click=${() => act.toggle(name)}
  >
    <span class="tool__light" aria-hidden="true"></span> ${symbol ? icon(symbol) : html`${say(name)} <kbd class="key">${key}</kbd>`}
  </button>
`;
