/** Rating at the kiosk: the number typed or the ticket's code scanned, a face, at most one question, a few words. */

import { html, nothing } from "../vendor/lit-html.js";
import { icon } from "../js/icons.js";
import { say } from "../js/page.js";
import { LOW, faces, reasons } from "../js/rating.js";
import { send } from "../js/commands.js";
import { field, fault } from "./fields.js";
import { keyboard, keyboardOf } from "./keyboard.js";
import { offers } from "./offers.js";
import { onward } from "./onward.js";

const PATIENCE = 20000;

/** @param {object} kiosk  get(), go(changes), show(), answers */
export function ratingActions({ get, go, show, answers }) {
  const give = (rating) => {
    const { lang } = get();
    const body = { score: rating.score, reasons: rating.reason ? [rating.reason] : [], ...(rating.comment.trim() ? { comment: rating.comment } : {}) };
    answers.ask(
      () => send(`/api/v1/visits/${rating.visit}/rating`, body, lang, PATIENCE),
      (answer) => {
        if (answer.ok) go({ view: "rate_thanks", rating: { ...rating, comment: "" }, sentence: null });
        else go({ view: offers().writing && rating.comment ? "rate_comment" : "rate_face", rating, sentence: answer.data?.detail ?? say("no_answer", {}, lang) });
      },
    );
  };
  return {
    rate: () => go({ view: "rate_number", rating: { ticket: "", comment: "", score: null, reason: null }, sentence: null }),
    rateTicket: () => {
      const { rating, lang } = get();
      if (!rating.ticket.trim()) return;
      answers.ask(
        () => send("/api/v1/ratings/visit", { ticket: rating.ticket }, lang, PATIENCE),
        (answer) => {
          if (answer.ok) go({ view: "rate_face", rating: { ...rating, visit: answer.data.visit }, sentence: null });
          else go({ view: "rate_number", sentence: answer.data?.detail ?? say("no_answer", {}, lang) });
        },
      );
    },
    rateScore: (score) => go({ view: "rate_reason", rating: { ...get().rating, score }, sentence: null }),
    rateReason: (reason) => {
      const rating = { ...get().rating, reason };
      if (offers().writing) go({ view: "rate_comment", rating, keys: keyboardOf(get().lang), sentence: null });
      else give(rating);
    },
    rateSend: () => give(get().rating),
    rateWithout: () => give({ ...get().rating, comment: "" }),
    rateWords: (changes) => {
      get().rating = { ...get().rating, ...changes };
      show();
    },
  };
}

/** Somebody chose a face and went away: the face counts, words that were not sent do not. */
export function sendForgotten({ view, rating, lang }) {
  if (!["rate_reason", "rate_comment"].includes(view) || !rating?.score) return;
  send(`/api/v1/visits/${rating.visit}/rating`, { score: rating.score, reasons: rating.reason ? [rating.reason] : [] }, lang, PATIENCE);
}

const RATE_BACK = { word: "back", mark: "back", action: "back" };

export const RATING_VIEWS = {
  rate_number: (state) => [numberView(state), RATE_BACK],
  rate_face: (state) => [faceView(state), RATE_BACK],
  rate_reason: (state) => [reasonView(state), RATE_BACK],
  rate_comment: (state) => [commentView(state), RATE_BACK],
  rate_thanks: (state) => [thanksView(state), { word: "finish", mark: "check", main: true }],
};

export const RATING_BACK = { rate_face: "rate_number", rate_reason: "rate_face", rate_comment: "rate_reason" };

const numberView = ({ lang, rating, sentence, snapshot, actions }) => html`
  <main class="kiosk__body kiosk__body--centre">
    <h1 tabindex="-1" data-say="word/rate_number">${say("rate_number", {}, lang)}</h1>
    <p class="light" data-say="word/rate_scan">${say("rate_scan", {}, lang)}</p>
    ${fault(sentence)}
    ${field("ticket", rating.ticket, { lang, label: say("your_number", {}, lang), change: (ticket) => actions.rateWords({ ticket }), enter: actions.rateTicket, big: true })}
    ${keyboard("phone", () => document.getElementById("field-ticket"), { lang, letters: [...new Set(snapshot.services.map((one) => one.prefix))] })}
    ${onward(lang, actions.rateTicket)}
  </main>
`;

const faceView = ({ lang, rating, sentence, actions }) => html`
  <main class="kiosk__body kiosk__body--centre">
    <h1 tabindex="-1" data-say="word/rate_title">${say("rate_title", {}, lang)}</h1>
    <p class="light" data-say="word/rate_anonymous">${say("rate_anonymous", {}, lang)}</p>
    ${fault(sentence)} ${faces(lang, rating.score, actions.rateScore)}
  </main>
`;

const reasonView = ({ lang, actions }) => html`
  <main class="kiosk__body kiosk__body--centre">
    <h1 tabindex="-1" data-say="word/rate_reason">${say("rate_reason", {}, lang)}</h1>
    ${reasons(lang, actions.rateReason)}
    <button class="kiosk-button" data-skip data-say="word/rate_skip" @click=${() => actions.rateReason(null)}>${say("rate_skip", {}, lang)}</button>
  </main>
`;

const commentView = ({ lang, rating, keys, sentence, actions }) => html`
  <main class="kiosk__body writing">
    <h1 tabindex="-1" data-say="word/rate_comment">${say("rate_comment", {}, lang)}</h1>
    ${fault(sentence)}
    ${field("comment", rating.comment, { lang, label: say("rate_comment", {}, lang), change: (comment) => actions.rateWords({ comment }), lines: true, most: 1000 })}
    <p class="small">${say("rate_sealed", {}, lang)}</p>
    ${keyboard(keys, () => document.getElementById("field-comment"), { lang, switchTo: actions.keys, lines: true })}
    <div class="writing__onward">
      ${onward(lang, actions.rateSend, "rate_send", "check")}
      <button class="kiosk-button" data-skip data-say="word/rate_without" @click=${actions.rateWithout}>${say("rate_without", {}, lang)}</button>
    </div>
  </main>
`;

const thanksView = ({ lang, rating, actions }) => html`
  <main class="kiosk__body kiosk__body--centre">
    ${icon("check", "thanks__mark")}
    <h1 tabindex="-1" data-thanks data-say="word/rate_thanks">${say("rate_thanks", {}, lang)}</h1>
    <p class="text">${say("rate_thanks_text", {}, lang)}</p>
    ${offers().writing && rating.score <= LOW
      ? html`<p class="text" data-say="word/rate_low_offer">${say("rate_low_offer", {}, lang)}</p>
          <button class="kiosk-button" data-write data-say="word/write_title" @click=${() => actions.write(rating.visit)}>
            ${icon("note")} <span>${say("write_title", {}, lang)}</span>
          </button>`
      : nothing}
  </main>
`;
