/** The first screen: a welcome, each language by its own name in its own script, and what can be done without a ticket. */

import { html } from "../vendor/lit-html.js";
import { icon } from "../js/icons.js";
import { directionOf, ownName, page, say } from "../js/page.js";

/** What the start offers beside a ticket, in order: word, icon, action. */
const BESIDE = [["information", "info", "information"]];

export const languageView = ({ actions, audio }) => html`
  <main class="kiosk__body kiosk__body--centre start">
    <h1 class="welcome" tabindex="-1">
      ${page.choices.map(
        (lang) => html`<span lang=${lang} dir=${directionOf(lang)} data-say="${lang}:word/welcome">
          <strong>${say("welcome", {}, lang)}</strong> <span class="light">${say("choose_language", {}, lang)}</span>
        </span>`,
      )}
    </h1>
    ${audio ? page.choices.map((lang) => html`<p class="visually-hidden" data-say="${lang}:word/audio_help" lang=${lang}>${say("audio_help", {}, lang)}</p>`) : ""}
    <div class="choices">
      ${page.choices.map(
        (lang) => html`<button class="choice" lang=${lang} dir=${directionOf(lang)} data-language=${lang}
          data-say="${lang}:word/this_language" @click=${() => actions.language(lang)}>
          ${ownName(lang)}
        </button>`,
      )}
    </div>
    <div class="start__beside">
      ${BESIDE.map(
        ([word, mark, action]) => html`<button class="kiosk-button start__other" data-beside=${word} @click=${actions[action]}>
          ${icon(mark)} <span class="all">${inAll(word)}</span>
        </button>`,
      )}
    </div>
  </main>
`;

/** A word in every language of the hall. */
export const inAll = (word) =>
  page.choices.map((lang) => html`<span lang=${lang} dir=${directionOf(lang)}>${say(word, {}, lang)}</span>`);
