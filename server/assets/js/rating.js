/** The four faces with their words, and the reasons: the same at the kiosk and on a counter's tablet. Pure. */

import { html } from "../vendor/lit-html.js";
import { icon } from "./icons.js";
import { say } from "./page.js";

export const SCORES = [1, 2, 3, 4];
export const REASONS = ["waiting", "welcome", "clarity", "outcome", "place"];
/** A score up to this offers to write more. */
export const LOW = 2;

export const faces = (lang, chosen, choose) => html`
  <div class="faces" role="group" aria-label=${say("rate_title", {}, lang)}>
    ${SCORES.map(
      (score) => html`<button type="button" class="faces__one faces__one--${score}" data-score=${score} data-say="word/score_${score}"
        aria-pressed=${chosen === score} @click=${() => choose(score)}>
        ${icon(`face-${score}`, "faces__face")} <span>${say(`score_${score}`, {}, lang)}</span>
      </button>`,
    )}
  </div>
`;

export const reasons = (lang, choose) => html`
  <div class="rating-reasons" role="group" aria-label=${say("rate_reason", {}, lang)}>
    ${REASONS.map(
      (reason) => html`<button type="button" class="rating-reasons__one" data-why=${reason} data-say="word/reason_${reason}"
        @click=${() => choose(reason)}>${say(`reason_${reason}`, {}, lang)}</button>`,
    )}
  </div>
`;
