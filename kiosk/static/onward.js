/** The button that leads on: its arrow stands behind the word, where the way goes; any other sign stands before it. */

import { html, nothing } from "../vendor/lit-html.js";
import { icon } from "../js/icons.js";
import { say } from "../js/page.js";

const ARROW = "onward";

export const onward = (lang, action, word = "go_on", mark = ARROW) => html`
  <button class="kiosk-button kiosk-button--main" data-next data-say="word/${word}" @click=${action}>
    ${mark === ARROW ? nothing : icon(mark)} <span>${say(word, {}, lang)}</span> ${mark === ARROW ? icon(ARROW, "icon--onward") : nothing}
  </button>
`;
