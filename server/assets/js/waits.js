/** An estimated wait in words, in whole minutes. The words are the page's: `about`, `usually`, `about_with_range`. */

import { html } from "../vendor/lit-html.js";
import { say } from "./page.js";

const minutes = ({ seconds, low, high }) => ({
  minutes: Math.round(seconds / 60),
  low: Math.floor(low / 60),
  high: Math.ceil(high / 60),
});

/** In one sentence. @param {{seconds: number, low: number, high: number}} estimate  in seconds */
export const aboutWithRange = (estimate, lang) => say("about_with_range", minutes(estimate), lang);

/** In two parts, each kept on a line of its own where there is little room. @param estimate  as above */
export const inTwoParts = (estimate, lang) => html`<span>${say("about", minutes(estimate), lang)}</span>
  <span>${say("usually", minutes(estimate), lang)}</span>`;
