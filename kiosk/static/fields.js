/** A field that is typed into with the keys on the screen, a real keyboard or a scanner; and the sentence of a fault. */

import { html, nothing } from "../vendor/lit-html.js";
import { icon } from "../js/icons.js";
import { directionOf, say } from "../js/page.js";

export const fault = (sentence) => (sentence ? html`<p class="kiosk-fault" role="alert">${icon("alert")} <span data-aloud>${sentence}</span></p>` : nothing);

/** @param {object} more  label, change(value), enter() (what a scanner ends with), lines, big, most (letters), ltr */
export function field(name, value, { lang, label, change, enter = null, lines = false, big = false, most = 100000, ltr = false }) {
  const typed = (event) => change(event.target.value);
  const pressed = (event) => {
    if (event.key !== "Enter" || !enter) return;
    event.preventDefault();
    enter();
  };
  return lines
    ? html`<textarea id="field-${name}" class="kiosk-field kiosk-field--lines" aria-label=${label} placeholder=${say("write_here", {}, lang)} dir=${value ? "auto" : directionOf(lang)}
        lang=${lang} inputmode="none" rows="4" maxlength=${most} autocomplete="off" spellcheck="false" .value=${value} @input=${typed}></textarea>`
    : html`<input id="field-${name}" class="kiosk-field ${big ? "kiosk-field--big" : ""}" aria-label=${label} dir=${big || ltr ? "ltr" : "auto"} inputmode="none"
        maxlength=${Math.min(most, 300)} autocomplete="off" autocapitalize="off" spellcheck="false" .value=${value} @input=${typed} @keydown=${pressed} />`;
}
