/** The curtain over a public screen whose connection is lost: a sentence in every language of the hall. */

import { html } from "../vendor/lit-html.js";
import { icon } from "./icons.js";
import { directionOf, page, say } from "./page.js";

const spoken = Object.keys(page.words ?? {});

/** @param {string} title  @param {string} text  keys of the words to show, in each language */
export const curtain = (title, text) => html`
  <div class="curtain" role="alert">
    ${icon("lost", "curtain__icon")}
    ${spoken.map(
      (lang) => html`
        <div class="curtain__line" lang=${lang} dir=${directionOf(lang)}>
          <p class="curtain__title strong">${say(title, {}, lang)}</p>
          <p class="curtain__text">${say(text, {}, lang)}</p>
        </div>
      `,
    )}
  </div>
`;
