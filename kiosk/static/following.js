/** How far a submission is, at the kiosk: its reference typed or scanned, its steps with their days, the answer. */

import { html, nothing } from "../vendor/lit-html.js";
import { icon } from "../js/icons.js";
import { say } from "../js/page.js";
import { fault, field } from "./fields.js";
import { keyboard } from "./keyboard.js";
import { onward } from "./onward.js";
import { spelled } from "./speech.js";

const PATIENCE = 10000;

/** @param {object} kiosk  get(), go(changes), show(), answers */
export function followingActions({ get, go, show, answers }) {
  return {
    follow: () => go({ view: "follow_ask", asked: "", stage: null, sentence: null }),
    followWords: (asked) => {
      get().asked = asked;
      show();
    },
    followShow: () => {
      const { asked, lang } = get();
      if (!asked.trim()) return;
      answers.ask(
        () => ask(`/kiosk/stage/${lang}`, asked, lang),
        (answer) => {
          if (answer.told) go({ view: "follow_stage", asked: "", stage: answer.told, sentence: null });
          else go({ view: "follow_ask", sentence: answer.detail ?? say("no_answer", {}, lang) });
        },
      );
    },
  };
}

/** The reference goes in the body, not in an address that a log would keep; `{}` when no answer came in time. */
async function ask(path, reference, lang) {
  try {
    const response = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json", "Accept-Language": lang }, body: JSON.stringify({ reference }),
      credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
    });
    return await response.json();
  } catch {
    return {};
  }
}

const FOLLOW_BACK = { word: "back", mark: "back", action: "back" };

export const FOLLOWING_BACK = { follow_stage: "follow_ask" };

export const FOLLOWING_VIEWS = {
  follow_ask: (state) => [askView(state), FOLLOW_BACK],
  follow_stage: (state) => [stageView(state), { word: "finish", mark: "check", main: true }],
};

const askView = ({ lang, asked, sentence, actions }) => html`
  <main class="kiosk__body kiosk__body--centre">
    <h1 tabindex="-1" data-say="word/follow_title">${say("follow_title", {}, lang)}</h1>
    <p class="light" data-say="word/follow_hint">${say("follow_hint", {}, lang)}</p>
    ${fault(sentence)}
    ${field("reference", asked, { lang, label: say("write_reference", {}, lang), change: actions.followWords, enter: actions.followShow, big: true })}
    ${keyboard("reference", () => document.getElementById("field-reference"), { lang })}
    ${onward(lang, actions.followShow, "follow_show")}
  </main>
`;

const stageView = ({ lang, stage }) => {
  const now = stage.steps.findLast((step) => step.reached);
  return html`
    <main class="kiosk__body kiosk__body--centre">
      <article class="receipt">
        <h1 class="receipt__label" tabindex="-1" data-aloud>${stage.type}</h1>
        <p class="reference number" data-aloud=${spelled(stage.reference)}>${stage.reference}</p>
        <ol class="stages">
          ${stage.steps.map(
            (step) => html`<li class="stages__one ${step.reached ? "stages__one--reached" : ""}" data-stage=${step.stage} data-reached=${step.reached}
              aria-current=${step === now ? "step" : nothing} ?data-aloud=${step.reached}>
              <span class="stages__mark" aria-hidden="true">${step.reached ? icon("check") : nothing}</span>
              <strong>${step.word}</strong> ${step.day && step.reached ? html`<span class="light">${step.day}</span>` : nothing}
            </li>`,
          )}
        </ol>
        ${stage.due ? html`<p class="light" data-aloud>${stage.due}</p>` : nothing}
        ${stage.answer
          ? html`<h2 data-say="word/follow_answer">${say("follow_answer", {}, lang)}</h2>
            <p class="review__text" dir="auto" lang=${stage.answer.language ?? lang} data-answer data-aloud>${stage.answer.text}</p>`
          : nothing}
      </article>
    </main>
  `;
};
