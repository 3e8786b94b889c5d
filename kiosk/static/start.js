/** The first screen: a welcome, each language by its own name in its own script, and what can be done without a ticket. */

import { html } from "../vendor/lit-html.js";
import { icon } from "../js/icons.js";
import { directionOf, ownName, page, say } from "../js/page.js";

/** What the start offers beside a ticket, in order: word, icon, action. */
const BESIDE = [["information", "info", "information"], ["rate", "face-4", "rate"], ["write_start", "note", "write"], ["follow_start", "again", "follow"]];
/** These ask for the language by themselves. */
const IN_ALL_LANGUAGES = new Set(["information"]);

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
    ${besideButtons(actions)}
  </main>
`;

/** What can be done without a ticket, also when no service is open. */
export const besideButtons = (actions) => html`
    <div class="start__beside">
      ${BESIDE.map(
        ([word, mark, action]) => html`<button class="kiosk-button start__other" data-beside=${word} data-say=${page.choices.map((lang) => `${lang}:word/${word}`).join("|")}
          @click=${() => (IN_ALL_LANGUAGES.has(word) ? actions[action]() : actions.beside(action))}>
          ${icon(mark)} <span class="all">${inAll(word)}</span>
        </button>`,
      )}
    </div>
`;

/** The language of what is wanted beside a ticket. */
export const besideView = ({ actions }) => html`
  <main class="kiosk__body kiosk__body--centre">
    <h1 class="welcome" tabindex="-1">
      ${page.choices.map((lang) => html`<span lang=${lang} dir=${directionOf(lang)} data-say="${lang}:word/choose_language"><strong>${say("choose_language", {}, lang)}</strong></span>`)}
    </h1>
    <div class="choices">
      ${page.choices.map(
        (lang) => html`<button class="choice" lang=${lang} dir=${directionOf(lang)} data-language=${lang}
          data-say="${lang}:word/this_language" @click=${() => actions.besideIn(lang)}>${ownName(lang)}</button>`,
      )}
    </div>
  </main>
`;

/** A word in every language of the hall. */
export const inAll = (word) =>
  page.choices.map((lang) => html`<span lang=${lang} dir=${directionOf(lang)}>${say(word, {}, lang)}</span>`);
