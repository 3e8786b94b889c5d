/** Audio mode: each step spoken, its choices numbered, repeatable and interruptible, so that no screen is needed. */

const ONE_LANGUAGE = /^(\w+):(.*)$/;
const QUIETER = 0.15;
const PATIENCE = 10000;
/** A long text is said in pieces, each as many whole words as the server takes at once. */
const PIECES = /\S.{0,499}(?=\s|$)|\S{500}/g;

/** Plays what has an address, and texts `{lang, text}`, one after the other; another call, or `stop`, ends what is being said. */
export class Speech {
  /** @param {HTMLAudioElement} player */
  constructor(player = new Audio()) {
    this.player = player;
    this.turn = 0;
    this.made = null;
  }

  async say(told) {
    const turn = ++this.turn;
    for (const one of told) {
      const sound = typeof one === "string" ? one : await soundOf(one);
      if (turn !== this.turn) {
        if (sound !== one) URL.revokeObjectURL(sound);
        return;
      }
      this.#keep(sound === one ? null : sound);
      if (sound) await this.clip(sound);
      if (turn !== this.turn) return;
    }
  }

  /** One text's sound at most is in memory. */
  #keep(sound) {
    if (this.made) URL.revokeObjectURL(this.made);
    this.made = sound;
  }

  /** One clip, until it has ended, failed, or was cut short. */
  clip(address) {
    return new Promise((done) => {
      this.player.onended = this.player.onerror = done;
      this.player.src = address;
      this.player.play().catch(() => {}); // cut short by the next one, or the sound can't be had: `onerror` says so
    });
  }

  stop() {
    this.turn += 1;
    this.player.pause();
    this.#keep(null);
  }

  louder(step) {
    this.player.volume = Math.min(1, Math.max(0.1, this.player.volume + step));
  }
}

/** A text as sound, null when it can't be had. It goes in the body: it may be a reference or an answer to a complaint. */
async function soundOf({ lang, text }) {
  try {
    const response = await fetch(`/kiosk/say/${lang}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text }),
      credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
    });
    return response.ok ? URL.createObjectURL(await response.blob()) : null;
  } catch {
    return null;
  }
}

/** What is spelled, so that each letter and digit is heard. */
export const spelled = (text) => [...text.replace(/\s/g, "")].join(", ");

/**
 * Reads the screen to somebody who does not see it: from the `data-say` of what is drawn there, and the very text of what has `data-aloud`
 * (or that attribute's own, where it has one).
 */
export class Guide {
  constructor(app, speech = new Speech()) {
    this.app = app;
    this.speech = speech;
    this.on = false;
    this.lang = "ar";
  }

  begin(state) {
    this.on = true;
    this.tell(state);
  }

  end() {
    this.on = false;
    this.speech.stop();
  }

  stop() {
    this.speech.stop();
  }

  /** The whole screen: what it says, then its choices with their numbers. */
  tell({ lang } = { lang: this.lang }) {
    this.lang = lang;
    const told = [...this.app.querySelectorAll("[data-say]:not(button), [data-aloud]")].flatMap((one) =>
      one.dataset.say ? this.addresses(one.dataset.say) : textsOf(one),
    );
    const choices = this.choices().slice(0, 9).flatMap((button, at) => [this.number(at + 1, button), ...this.addresses(button.dataset.say)]);
    this.speech.say([...told, ...choices]);
  }

  repeat() {
    if (this.on) this.tell();
  }

  /** One thing in place of what is being said. */
  remark(refs) {
    if (this.on) this.speech.say(this.addresses(refs));
  }

  /** What can be chosen, in the order of its numbers. */
  choices() {
    return [...this.app.querySelectorAll("button[data-say]:not(:disabled)")];
  }

  /** Go to the next or the one before, and say it. */
  move(step) {
    const choices = this.choices();
    if (!choices.length) return;
    const at = choices.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : choices.length - 1) : (at + step + choices.length) % choices.length;
    choices[next].focus();
    if (this.on) this.speech.say([this.number(next + 1, choices[next]), ...this.addresses(choices[next].dataset.say)]);
  }

  /** Choose by number; a number that nothing has repeats the screen. */
  choose(number) {
    const choice = this.choices()[number - 1];
    if (choice) choice.click();
    else this.repeat();
  }

  number(value, button) {
    const [, lang] = ONE_LANGUAGE.exec(button.dataset.say) ?? [null, this.lang];
    return `/kiosk/say/${lang}/number/${value}`;
  }

  addresses(refs) {
    return refs.split("|").map((ref) => {
      const [, lang, what] = ONE_LANGUAGE.exec(ref) ?? [null, this.lang, ref];
      return `/kiosk/say/${lang}/${what}`;
    });
  }
}

const textsOf = (one) => {
  const text = (one.dataset.aloud || one.textContent).replace(/\s+/g, " ").trim();
  return [...text.matchAll(PIECES)].map(([piece]) => ({ lang: one.closest("[lang]").lang, text: piece }));
};

export { QUIETER as VOLUME_STEP };
