/** Draws one item beside the call: a picture, a film without sound, a text or last month's results. Pure. */

import { html } from "../vendor/lit-html.js";
import { directionOf, page } from "../js/page.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
/** Letters of a text in all its languages up to which it is drawn large, and middling. */
const FEW = 120;
const SOME = 400;

/** @param {object} item  @param {(item: object) => void} broken  called when it can't be shown */
export const mediumView = (item, broken) =>
  html`<section class="media media--${item.kind}" data-medium=${item.id}>${KINDS[item.kind]?.(item, broken)}</section>`;

const imageView = (item, broken) => html`<img class="media__picture" src=${item.address} alt="" @error=${() => broken(item)} />`;

/** A film never has sound here; who set the machine to less motion sees its first picture. */
const videoView = (item, broken) =>
  html`<video class="media__picture" src=${item.address} .muted=${true} ?autoplay=${!still.matches} loop playsinline preload="auto"
    @error=${() => broken(item)}></video>`;

function textView(item) {
  const said = page.hall.filter((lang) => item.text[lang]);
  const letters = said.reduce((sum, lang) => sum + item.text[lang].length, 0);
  const size = letters <= FEW ? "large" : letters <= SOME ? "middling" : "small";
  return html`<div class="media__text media__text--${size}">
    ${said.map((lang) => html`<p lang=${lang} dir=${directionOf(lang)}>${item.text[lang]}</p>`)}
  </div>`;
}

const resultsView = ({ results }) => html`<div class="media__results">
  <h2>${page.hall.map((lang) => html`<span lang=${lang} dir=${directionOf(lang)}>${results[lang].title}</span>`)}</h2>
  <ul>
    ${results[page.hall[0]].figures.map(
      (one, place) => html`<li>
        <span class="number">${one.common}</span>
        <p>${page.hall.map((lang) => html`<span lang=${lang} dir=${directionOf(lang)}>${results[lang].figures[place].words}</span>`)}</p>
      </li>`,
    )}
  </ul>
</div>`;

const KINDS = { image: imageView, video: videoView, text: textView, results: resultsView };
