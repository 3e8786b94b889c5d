/** An estimated wait in words, in whole minutes. The words are the page's: `about`, `about_with_range`. */

import { say } from "./page.js";

/** @param {{seconds: number}} estimate */
export const about = ({ seconds }, lang) => say("about", { minutes: Math.round(seconds / 60) }, lang);

/** @param {{seconds: number, low: number, high: number}} estimate */
export const aboutWithRange = ({ seconds, low, high }, lang) =>
  say("about_with_range", { minutes: Math.round(seconds / 60), low: Math.floor(low / 60), high: Math.ceil(high / 60) }, lang);
