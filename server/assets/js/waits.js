/** An estimated wait in words, in whole minutes. The words are the page's: `about`, `usually`, `at_most`,
 * `about_with_range`, `about_at_most`. */

import { html } from "../vendor/lit-html.js";
import { say } from "./page.js";

const minutes = ({ seconds, low, high }) => ({
  minutes: Math.round(seconds / 60),
  low: Math.floor(low / 60),
  high: Math.ceil(high / 60),
});

/** In one sentence. @param {{seconds: number, low: number, high: number}} estimate  in seconds */
export function aboutWithRange(estimate, lang) {
  const told = minutes(estimate);
  return say(told.low ? "about_with_range" : "about_at_most", told, lang);
}

/** In two parts, each kept on a line of its own where there is little room. @param estimate  as above */
export function inTwoParts(estimate, lang) {
  const told = minutes(estimate);
  return html`<span>${say("about", told, lang)}</span> <span>${say(told.low ? "usually" : "at_most", told, lang)}</span>`;
}
