/**
 * Says calls: a chime, then the clips of each language, joined without a gap by the audio clock. One call at a time; the
 * caller asks `speaking()` before it begins the next. What can't be heard (no device, autoplay refused, a clip that does not
 * load) never stops the screen.
 *
 * Each thing that is played is told as a `voice` event on `document`, with its beginning and end on the audio clock.
 */

const JOIN = 0.04; // seconds between two clips of a phrase
const PAUSE = 0.1; // between chime, ticket, counter and languages
const LOAD_WITHIN = 3000;
const DRAWN_WITHIN = 200;
const FIRST_LANGUAGE_ONLY = 2; // so many calls wait: only the visitor's language
const CHIME_ONLY = 6; // so many wait: the chime alone
const CLIPS_KEPT = 300;
const LOUDEST_GAIN = 1;

export class Voice {
  #context = null;
  #clips = new Map();
  #opening = false;
  #speaking = false;
  #tested = undefined;
  #settings = { chime: null, volume: 0, repeats: 1, test: null };

  /** The snapshot's `voice`: chime (address), volume (0 to 1), repeats, test. A test that came with the first one is old. */
  take(settings) {
    if (!settings) return;
    this.#settings = settings;
    if (settings.volume) this.#openBeforeTheFirstCall();
    const id = settings.test?.id ?? null;
    const isNew = this.#tested !== undefined && id !== null && id !== this.#tested;
    if (this.#tested === undefined || isNew) this.#tested = id;
    if (isNew && !this.#speaking) this.announce({ ticket: "test", counter: null, speech: settings.test.speech }, () => 0);
  }

  /** Whether a call is being said or its clips are on their way. */
  speaking() {
    return this.#speaking;
  }

  /** Say a call: `speech` is [{language, parts: [[address, …], …]}], `waiting()` how many calls wait behind it. */
  async announce(call, waiting) {
    if (this.#speaking || !this.#settings.volume) return;
    this.#speaking = true;
    try {
      for (let round = 0; round < this.#settings.repeats && (round === 0 || waiting() === 0); round += 1) {
        await this.#round(call, this.#spoken(call.speech ?? [], waiting()));
      }
    } catch (error) {
      console.warn("a call could not be said:", error);
    } finally {
      this.#speaking = false;
    }
  }

  /** The more calls wait, the less is said of each; every one keeps its chime. */
  #spoken(speech, waiting) {
    if (waiting >= CHIME_ONLY) return [];
    return waiting >= FIRST_LANGUAGE_ONLY ? speech.slice(0, 1) : speech;
  }

  async #round(call, speech) {
    await drawn();
    const context = await this.#running();
    if (!context) return;
    const said = [];
    const phrases = await within(LOAD_WITHIN, this.#load(speech, said));
    const begin = context.currentTime + 0.02;
    let end = begin;
    for (const phrase of phrases) {
      for (const clip of phrase) {
        this.#play(context, clip, end);
        end += clip.duration + JOIN;
      }
      end += PAUSE - JOIN;
    }
    if (phrases.length) end -= PAUSE;
    tell({ ticket: call.ticket, counter: call.counter, languages: said, begin, end });
    await sleep((end - context.currentTime) * 1000 + 100);
  }

  /** Decoded clips, phrase by phrase: the chime, then the languages that are there whole. */
  async #load(speech, said) {
    const chime = this.#settings.chime && (await this.#clip(this.#settings.chime));
    const phrases = chime ? [[chime]] : [];
    for (const { language, parts } of speech) {
      const clips = await Promise.all(parts.map((part) => Promise.all(part.map((address) => this.#clip(address)))));
      if (!clips.flat().every(Boolean)) continue;
      phrases.push(...clips);
      said.push(language);
    }
    return phrases;
  }

  /** A decoded clip, kept for the next time; null when it is not to be had. */
  async #clip(address) {
    let clip = this.#clips.get(address);
    this.#clips.delete(address);
    if (!clip) {
      try {
        const response = await fetch(address);
        clip = response.ok ? await this.#context.decodeAudioData(await response.arrayBuffer()) : null;
      } catch {
        clip = null;
      }
    }
    if (!clip) return null;
    this.#clips.set(address, clip);
    if (this.#clips.size > CLIPS_KEPT) this.#clips.delete(this.#clips.keys().next().value);
    return clip;
  }

  #play(context, clip, at) {
    const source = new AudioBufferSourceNode(context, { buffer: clip });
    const gain = new GainNode(context, { gain: Math.min(this.#settings.volume, LOUDEST_GAIN) });
    source.connect(gain).connect(context.destination);
    source.start(at);
  }

  /** Opening the device holds the page for a tenth of a second, and more on a small machine: not while somebody is called. */
  async #openBeforeTheFirstCall() {
    if (this.#context || this.#opening) return;
    this.#opening = true;
    try {
      await drawn();
      await this.#running();
      if (this.#settings.chime) await this.#clip(this.#settings.chime);
    } catch (error) {
      console.warn("sound could not be opened:", error);
    }
  }

  /** The audio clock if it runs: it does not without a device, or where the browser refuses to play by itself. */
  async #running() {
    this.#context ??= new AudioContext();
    if (this.#context.state !== "running") await Promise.race([this.#context.resume(), sleep(500)]);
    return this.#context.state === "running" ? this.#context : null;
  }
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** When what was rendered is on the screen; a page that nobody sees is not drawn, and is not waited for. */
const drawn = () => Promise.race([new Promise((done) => requestAnimationFrame(() => setTimeout(done))), sleep(DRAWN_WITHIN)]);

const within = (ms, promise) =>
  Promise.race([promise, sleep(ms).then(() => Promise.reject(new Error(`no clips within ${ms} ms`)))]);

const tell = (detail) => document.dispatchEvent(new CustomEvent("voice", { detail }));
