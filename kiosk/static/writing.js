/** A complaint, an observation or a suggestion at the kiosk: kind, words, service, contact, a look at it all, the reference. */

import { html, nothing } from "../vendor/lit-html.js";
import { send } from "../js/commands.js";
import { icon } from "../js/icons.js";
import { nameIn, page, say } from "../js/page.js";
import { fault, field } from "./fields.js";
import { keyboard, keyboardOf } from "./keyboard.js";
import { offers } from "./offers.js";
import { onward } from "./onward.js";
import { spelled } from "./speech.js";

const PATIENCE = 60000;
const TYPES = { complaint: "complaint", observation: "info", suggestion: "star" };
const NEXT = { write_text: "write_service", write_service: "write_contact", write_contact: "write_review" };

export const WRITING_BACK = { write_text: "write_type", write_service: "write_text", write_contact: "write_service", write_review: "write_contact" };

const empty = (visit) => ({ type: null, text: "", service: null, phone: "", email: "", visit });

/** @param {object} kiosk  get(), go(changes), show(), answers */
export function writingActions({ get, go, show, answers }) {
  return {
    write: (visit = null) => go({ view: "write_type", wish: empty(visit), reference: null, sentence: null }),
    writeType: (type) => go({ view: "write_text", wish: { ...get().wish, type }, keys: keyboardOf(get().lang) }),
    writeWords: (changes) => {
      get().wish = { ...get().wish, ...changes };
      show();
    },
    writeService: (service) => go({ view: "write_contact", wish: { ...get().wish, service }, keys: "phone", field: "phone" }),
    writeField: (name) => {
      Object.assign(get(), { field: name, keys: name });
      show();
    },
    writeNext: () => {
      const { view, wish, lang } = get();
      if (view === "write_text" && !wish.text.trim()) go({ sentence: say("write_first", {}, lang) });
      else go({ view: NEXT[view], sentence: null });
    },
    writeSend: () => {
      const { wish, lang } = get();
      const contact = { ...(wish.phone.trim() ? { phone: wish.phone } : {}), ...(wish.email.trim() ? { email: wish.email } : {}) };
      const body = { type: wish.type, text: wish.text, language: lang, ...(wish.service ? { service: wish.service } : {}),
        ...(wish.visit ? { visit: wish.visit } : {}), ...(Object.keys(contact).length ? { contact } : {}) };
      answers.ask(
        () => send("/api/v1/submissions", body, lang, PATIENCE),
        (answer) => {
          if (answer.ok) go({ view: "write_done", wish: null, reference: answer.data.reference, sentence: null });
          else go({ view: FAULTS[answer.data?.type?.split(":").at(-1)] ?? "write_review", wish, sentence: answer.data?.detail ?? say("no_answer", {}, lang) });
        },
        { service: wish.service },
      );
    },
  };
}

/** Where the person is led when something must be mended; everything typed is still there. */
const FAULTS = { "bad-phone": "write_contact", "bad-email": "write_contact", "text-too-long": "write_text", "nothing-written": "write_text" };
const WRITE_BACK = { word: "back", mark: "back", action: "back" };

export const WRITING_VIEWS = {
  write_type: (state) => [offers().writing ? typeView(state) : notOfferedView(state), WRITE_BACK],
  write_text: (state) => [textView(state), WRITE_BACK],
  write_service: (state) => [serviceView(state), WRITE_BACK],
  write_contact: (state) => [contactView(state), WRITE_BACK],
  write_review: (state) => [reviewView(state), WRITE_BACK],
  write_done: (state) => [doneView(state), { word: "finish", mark: "check", main: true }],
};

const notOfferedView = ({ lang }) => html`
  <main class="kiosk__body kiosk__body--centre">
    <h1 tabindex="-1">${say("write_title", {}, lang)}</h1>
    <p class="text" data-say="word/write_not_offered">${say("write_not_offered", {}, lang)}</p>
  </main>
`;

const typeView = ({ lang, actions }) => html`
  <main class="kiosk__body kiosk__body--centre">
    <h1 tabindex="-1" data-say="word/write_what">${say("write_what", {}, lang)}</h1>
    <div class="kinds">
      ${Object.entries(TYPES).map(
        ([type, mark]) => html`<button class="kinds__one" data-type=${type} data-say="word/type_${type}|word/type_${type}_text" @click=${() => actions.writeType(type)}>
          ${icon(mark === "star" ? "priority" : mark)}
          <span><strong>${say(`type_${type}`, {}, lang)}</strong> <span class="light">${say(`type_${type}_text`, {}, lang)}</span></span>
        </button>`,
      )}
    </div>
    <p class="light">${say("write_sealed", {}, lang)}</p>
  </main>
`;

const textView = ({ lang, wish, keys, sentence, actions }) => html`
  <main class="kiosk__body writing">
    <h1 tabindex="-1" data-say="word/write_text">${say(`type_${wish.type}`, {}, lang)}</h1>
    ${fault(sentence)}
    ${field("text", wish.text, { lang, label: say("write_text", {}, lang), change: (text) => actions.writeWords({ text }), lines: true })}
    ${keyboard(keys, () => document.getElementById("field-text"), { lang, switchTo: actions.keys, lines: true })}
    <div class="writing__onward">${onward(lang, actions.writeNext)}</div>
  </main>
`;

const serviceView = ({ lang, wish, snapshot, actions }) => html`
  <main class="kiosk__body kiosk__body--centre">
    <h1 tabindex="-1" data-say="word/write_service">${say("write_service", {}, lang)}</h1>
    <div class="rating-reasons">
      ${snapshot.services.map(
        (service) => html`<button class="rating-reasons__one" data-about=${service.id} aria-pressed=${wish.service === service.id} data-say="service/${service.id}/name"
          @click=${() => actions.writeService(service.id)}>${nameIn(service.name, lang)}</button>`,
      )}
    </div>
    <button class="kiosk-button" data-skip data-say="word/write_no_service" @click=${() => actions.writeService(null)}>${say("write_no_service", {}, lang)}</button>
  </main>
`;

const contactView = ({ lang, wish, keys, field: active, sentence, actions }) => html`
  <main class="kiosk__body writing">
    <h1 tabindex="-1" data-say="word/write_contact">${say("write_contact", {}, lang)}</h1>
    <p class="text" data-say="word/write_consent">${say("write_consent", {}, lang)}</p>
    ${fault(sentence)}
    <div class="writing__pair">
      ${["phone", "email"].map(
        (name) => html`<label class="writing__labelled" @focusin=${() => active !== name && actions.writeField(name)}>
          <span>${say(`write_${name}`, {}, lang)}</span>
          ${field(name, wish[name], { lang, label: say(`write_${name}`, {}, lang), change: (value) => actions.writeWords({ [name]: value }), ltr: true, most: name === "phone" ? 32 : 254 })}
        </label>`,
      )}
    </div>
    ${keyboard(keys === "email" ? "email" : "phone", () => document.getElementById(`field-${active}`), { lang, letters: keys === "email" ? [] : ["+"] })}
    <div class="writing__onward">${onward(lang, actions.writeNext, wish.phone || wish.email ? "go_on" : "write_without")}</div>
  </main>
`;

const reviewView = ({ lang, wish, sentence, snapshot, actions }) => html`
  <main class="kiosk__body kiosk__body--centre">
    <h1 tabindex="-1" data-say="word/write_review">${say("write_review", {}, lang)}</h1>
    ${fault(sentence)}
    <dl class="review">
      <div><dt>${say("write_what_kind", {}, lang)}</dt><dd>${say(`type_${wish.type}`, {}, lang)}</dd></div>
      <div><dt>${say("write_text", {}, lang)}</dt><dd class="review__text" dir="auto" data-words>${wish.text}</dd></div>
      ${wish.service
        ? html`<div><dt>${say("service", {}, lang)}</dt><dd>${nameIn(snapshot.services.find((one) => one.id === wish.service)?.name, lang)}</dd></div>`
        : nothing}
      ${wish.phone.trim() || wish.email.trim()
        ? html`<div><dt>${say("write_contact_given", {}, lang)}</dt><dd dir="ltr">${[wish.phone, wish.email].filter((one) => one.trim()).join(" · ")}</dd></div>`
        : nothing}
    </dl>
    ${onward(lang, actions.writeSend, "write_send", "check")}
  </main>
`;

const doneView = ({ lang, reference }) => html`
  <main class="kiosk__body kiosk__body--centre">
    <article class="receipt">
      <h1 class="receipt__label" tabindex="-1" data-say="word/write_done">${say("write_done", {}, lang)}</h1>
      <p class="light" data-say="word/write_reference">${say("write_reference", {}, lang)}</p>
      <p class="reference number" data-reference data-aloud=${spelled(reference)}>${inFours(reference)}</p>
      <p class="text" data-say="word/write_keep">${say("write_keep", {}, lang)}</p>
      ${page.qr ? html`<p class="receipt__code"><img src="/s/${reference}/qr.svg" alt=${say("code_picture_stage", {}, lang)} width="160" height="160" /> <span>${say("code_stage", {}, lang)}</span></p>` : nothing}
    </article>
  </main>
`;

export const inFours = (reference) => reference.replace(/(.{4})(?=.)/g, "$1 ");
