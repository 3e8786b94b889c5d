/** The keyboards on the screen: Arabic, Tifinagh in IRCAM's order, Latin; and small ones for numbers and references. */

import { html } from "../vendor/lit-html.js";
import { icon } from "../js/icons.js";
import { say } from "../js/page.js";

const DIGITS = [..."1234567890"];
const LAYOUTS = {
  ar: [[..."ضصثقفغعهخحجد"], [..."شسيبلاتنمكطذ"], [..."ئءؤرىةوزظأإآ"], [..."،.؟!:-()"]],
  zgh: [
    ["ⴰ", "ⴱ", "ⴳ", "ⴳⵯ", "ⴷ", "ⴹ", "ⴻ", "ⴼ", "ⴽ", "ⴽⵯ", "ⵀ"],
    ["ⵃ", "ⵄ", "ⵅ", "ⵇ", "ⵉ", "ⵊ", "ⵍ", "ⵎ", "ⵏ", "ⵓ", "ⵔ"],
    ["ⵕ", "ⵖ", "ⵙ", "ⵚ", "ⵛ", "ⵜ", "ⵟ", "ⵡ", "ⵢ", "ⵣ", "ⵥ"],
    [..."ⵯ,.?!:-()"],
  ],
  fr: [[..."azertyuiopâ"], [..."qsdfghjklmœ"], [..."wxcvbn’éèàç"], [..."êîôûù,.?!:-"]],
  email: [[..."azertyuiop"], [..."qsdfghjklm"], [..."wxcvbn-_.@"], [".ma", ".com", "gmail", "+"]],
  phone: [],
  reference: [[..."ABCDEFGHI"], [..."JKLMNOPQR"], [..."STUVWXYZ"]],
};
/** They have few keys: in short rows each is as large as any other thing to be touched. */
const PADS = new Set(["phone", "reference"]);
const LETTERS_A_ROW = 9;
/** As many letters of tickets, or fewer, stand above the digits, where a ticket begins, in columns with them. */
const COLUMNS = 6;
const SCRIPTS = { ar: "ابت", zgh: "ⴰⴱⴳ", fr: "abc" };
const MIRRORED = new Set(["ar"]);
const NEW_LINE = "\n";

/** Put `letters` where the cursor stands in a field, and have it tell that it changed. */
export function type(field, letters) {
  field.setRangeText(letters, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Take one letter back, as a person counts letters. */
export function erase(field) {
  const { selectionStart: from, selectionEnd: to, value } = field;
  if (from === to && from > 0) {
    const before = [...new Intl.Segmenter().segment(value.slice(0, from))];
    field.setSelectionRange(before.at(-1).index, from);
  }
  if (field.selectionStart < field.selectionEnd) type(field, "");
}

function inRows(letters) {
  const count = Math.ceil(letters.length / LETTERS_A_ROW);
  return Array.from({ length: count }, (_, row) => letters.slice(row * LETTERS_A_ROW, (row + 1) * LETTERS_A_ROW));
}

/**
 * @param {string} layout  a name in LAYOUTS; @param {() => HTMLInputElement} field  where it types
 * @param {object} more  lang, letters (a row of their own, as for tickets), switchTo(script) where scripts can be changed, lines
 */
export function keyboard(layout, field, { lang, letters = [], switchTo = null, lines = false }) {
  const press = (act) => (event) => {
    event.preventDefault();
    const target = field();
    target.focus({ preventScroll: true });
    act(target);
  };
  const key = (letter) => html`<button type="button" class="key" data-key=${letter} dir=${MIRRORED.has(layout) ? "rtl" : "ltr"}
    @click=${press((to) => type(to, letter))}>${letter}</button>`;
  const eraser = html`<button type="button" class="key key--wide" data-key="erase" aria-label=${say("key_erase", {}, lang)} @click=${press(erase)}>
    ${icon("erase")}
  </button>`;
  const alone = letters.length === 1 ? letters : [];
  const digits = PADS.has(layout) ? [[...alone, ...DIGITS.slice(0, 5)], DIGITS.slice(5)] : [[...alone, ...DIGITS]];
  const first = letters.length > 1 ? inRows(letters) : [];
  const few = layout === "phone" && letters.length <= COLUMNS;
  const rows = few ? [...first, ...digits] : [...digits, ...first, ...LAYOUTS[layout]];
  const below = switchTo || lines;
  return html`
    <div class="keyboard keyboard--${layout} ${few ? "keyboard--few" : ""}" dir="ltr" role="group" aria-label=${say("keyboard", {}, lang)}
      @pointerdown=${(event) => event.preventDefault()}>
      ${rows.map((row) => html`<div class="keyboard__row">${row.map(key)}${row === digits.at(-1) && !below ? eraser : ""}</div>`)}
      ${below ? html`<div class="keyboard__row">
        ${switchTo
          ? Object.entries(SCRIPTS).map(
              ([script, shown]) => html`<button type="button" class="key key--wide" lang=${script} data-script=${script}
                aria-pressed=${script === layout} @click=${() => switchTo(script)}>${shown}</button>`,
            )
          : ""}
        ${switchTo ? html`<button type="button" class="key key--space" data-key=" " aria-label=${say("key_space", {}, lang)} @click=${press((to) => type(to, " "))}></button>` : ""}
        ${lines ? html`<button type="button" class="key key--wide" data-key="enter" aria-label=${say("key_line", {}, lang)} @click=${press((to) => type(to, NEW_LINE))}>↵</button>` : ""}
        ${eraser}
      </div>` : ""}
    </div>
  `;
}

/** The keyboard that a language begins with. */
export const keyboardOf = (lang) => (lang in SCRIPTS ? lang : "fr");
