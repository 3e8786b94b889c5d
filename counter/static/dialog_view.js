/** Drawing the dialog that is open, and reading its keys. Everything in it can be done without a mouse. */

import { html, nothing } from "../vendor/lit-html.js";
import { directionOf, page, say } from "../js/page.js";
import { ACTIONS, SWITCHES } from "./actions.js";
import { languagesOf, neighbour } from "./dialogs.js";
import { digitOf, isWriting, stepAlong } from "./keys.js";

/** @param {object|null} dialog  @param {object} act  choose(id, now), type(text), tab(id), speak(code), confirm(atOnce), cancel() */
export function dialogView(dialog, act) {
  if (!dialog) return nothing;
  const { spec } = dialog;
  return html`
    <dialog
      class="dialog ${spec.keys ? "dialog--wide" : ""}"
      aria-labelledby="dialog-title"
      @cancel=${(event) => {
        event.preventDefault();
        act.cancel();
      }}
      @keydown=${(event) => byKey(event, dialog, act)}
    >
      <header class="dialog__head">
        <h2 class="dialog__title" id="dialog-title">${say(spec.title)}</h2>
        ${dialog.ticket && !spec.keys ? html`<span class="dialog__ticket number">${dialog.ticket}</span>` : nothing}
      </header>
      ${spec.keys ? keysView() : [searchView(dialog, act), tabsView(dialog, act), optionsView(dialog, act)]}
      ${spec.languages ? languagesView(dialog, act) : nothing}
      ${spec.text ? textView(dialog, spec.text, act) : nothing}
      <p class="dialog__missing" role="alert">${dialog.missing ? say(dialog.missing) : ""}</p>
      <footer class="dialog__foot">
        ${spec.hint && !dialog.missing ? html`<p class="dialog__hint">${say(spec.hint)}</p>` : nothing}
        <button class="button button--quiet" data-cancel @click=${act.cancel} ?autofocus=${spec.keys}>
          ${say(spec.keys ? "back" : "cancel")} <kbd class="key">Esc</kbd>
        </button>
        ${spec.keys
          ? nothing
          : html`<button class="button" data-confirm @click=${() => act.confirm()}>
              ${say(spec.then ? "go_on" : (dialog.spec.action ?? dialog.name))} <kbd class="key">↵</kbd>
            </button>`}
      </footer>
    </dialog>
  `;
}

function byKey(event, dialog, act) {
  event.stopPropagation();
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key === "Escape") act.cancel();
  else if (event.key === "Enter" && !event.target.closest("[data-cancel], [data-confirm]")) {
    if (!event.repeat) act.confirm();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
  else if (stepAlong(event) && !isWriting(event)) sideways(stepAlong(event));
  else if (!pick()) {
    if (/^\P{N}$/u.test(event.key) && event.key !== " " && !isWriting(event)) write();
    return;
  }
  event.preventDefault();

  function move(step) {
    const id = neighbour(dialog, step);
    if (id !== null) act.choose(id);
  }

  /** What is typed among the options goes into the text field. */
  function write() {
    event.currentTarget.querySelector("[data-text]")?.focus();
  }

  function sideways(step) {
    const list = dialog.tabs?.map((tab) => tab.id) ?? (dialog.spec.languages ? languagesOf().map(({ code }) => code) : []);
    const here = list.indexOf(dialog.tabs ? dialog.tab : dialog.language);
    if (list.length) (dialog.tabs ? act.tab : act.speak)(list[(here + step + list.length) % list.length]);
  }

  function pick() {
    const digit = isWriting(event) ? null : digitOf(event);
    const option = digit && !event.repeat && dialog.shown.find((one) => one.key === digit);
    if (option) act.choose(option.id, true);
    return Boolean(option);
  }
}

const searchView = (dialog, act) => (dialog.spec.search ? textView(dialog, dialog.spec.search, act) : nothing);

const textView = (dialog, word, act) => html`
  <label class="field">
    <span class="field__label">${say(word)}</span>
    <input
      class="field__input"
      data-text
      dir="auto"
      maxlength=${dialog.spec.search ? 12 : 300}
      autocomplete="off"
      spellcheck="false"
      ?autofocus=${dialog.spec.search || dialog.options.length === 0}
      .value=${dialog.text}
      aria-controls=${dialog.spec.search && dialog.shown.length ? "dialog-options" : nothing}
      aria-activedescendant=${dialog.spec.search ? activeOf(dialog) : nothing}
      @input=${(event) => act.type(event.target.value)}
    />
  </label>
`;

const tabsView = (dialog, act) =>
  dialog.tabs
    ? html`<div class="dialog__tabs" role="tablist" aria-label=${say(dialog.spec.title)}>
        ${dialog.tabs.map(
          (tab) => html`<button
            class="dialog__tab"
            role="tab"
            data-tab=${tab.id}
            tabindex="-1"
            aria-selected=${tab.id === dialog.tab ? "true" : "false"}
            @click=${() => act.tab(tab.id)}
          >
            ${say(tab.word)}
          </button>`,
        )}
        <span class="dialog__arrows"><kbd class="key">←</kbd> <kbd class="key">→</kbd></span>
      </div>`
    : nothing;

function activeOf({ shown, chosen }) {
  const index = shown.findIndex((option) => option.id === chosen);
  return index < 0 ? nothing : `option-${index}`;
}

function optionsView(dialog, act) {
  if (!dialog.options.length && dialog.spec.text && !dialog.tabs) return nothing;
  if (!dialog.shown.length) return dialog.missing ? nothing : html`<p class="empty">${say("nothing_to_choose")}</p>`;
  return html`<div
    class="options ${dialog.spec.search ? "options--tickets" : ""}"
    id="dialog-options"
    role="listbox"
    tabindex="0"
    ?autofocus=${!dialog.spec.search}
    aria-label=${say(dialog.spec.title)}
    aria-activedescendant=${activeOf(dialog)}
  >
    ${dialog.shown.map(
      (option, index) => html`<div
        class="option"
        id="option-${index}"
        role="option"
        data-option=${option.id}
        aria-selected=${option.id === dialog.chosen ? "true" : "false"}
        @click=${() => act.choose(option.id, true)}
      >
        ${option.key ? html`<kbd class="key">${option.key}</kbd>` : dialog.spec.search ? nothing : html`<span></span>`}
        <span class="option__text">
          <bdi class="option__label">${option.label}</bdi>
          ${option.small ? html`<bdi class="option__small">${option.small}</bdi>` : nothing}
        </span>
        ${option.end ? html`<span class="option__end">${option.end}</span>` : nothing}
      </div>`,
    )}
  </div>`;
}

const languagesView = (dialog, act) => html`
  <div class="dialog__tabs" role="radiogroup" aria-labelledby="dialog-language">
    <span class="dialog__label" id="dialog-language">${say("visitor_language")}</span>
    ${languagesOf().map(
      ({ code, name }) => html`<button
        class="dialog__tab"
        role="radio"
        data-language=${code}
        lang=${code}
        dir=${directionOf(code)}
        tabindex="-1"
        aria-checked=${code === dialog.language ? "true" : "false"}
        @click=${() => act.speak(code)}
      >
        ${name}
      </button>`,
    )}
    <span class="dialog__arrows"><kbd class="key">←</kbd> <kbd class="key">→</kbd></span>
  </div>
`;

const keysView = () => html`
  <dl class="keys">
    ${[...ACTIONS, ...SWITCHES].map(
      ({ name, key }) => html`<div>
        <dt><kbd class="key">${key.toUpperCase()}</kbd></dt>
        <dd>${say(page.words[page.language][`long_${name}`] ? `long_${name}` : name)}</dd>
      </div>`,
    )}
    <div>
      <dt><kbd class="key">Esc</kbd></dt>
      <dd>${say("long_give_up")}</dd>
    </div>
  </dl>
`;
