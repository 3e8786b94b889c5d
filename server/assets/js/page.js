/** What the server wrote into the page: data, languages, and the words of this screen. */

const element = document.getElementById("page");
export const page = Object.freeze(JSON.parse(element ? element.textContent : "{}"));

/** Fill the `%(name)s` places of a sentence. */
export function fill(sentence, params = {}) {
  return sentence.replace(/%\((\w+)\)[sd]/g, (place, name) => (name in params ? String(params[name]) : place)).replaceAll("%%", "%");
}

/** A word or sentence of this screen in a language (by default the reader's). */
export function say(key, params = {}, lang = page.language) {
  const sentence = page.words?.[lang]?.[key];
  return sentence === undefined ? key : fill(sentence, params);
}

/** A name given in several languages, in the wanted one, else in the first there is: Arabic, French, Amazigh. */
export function nameIn(names, lang = page.language) {
  return names?.[lang] || names?.ar || names?.fr || names?.zgh || "";
}

export const directionOf = (lang) => page.languages?.[lang]?.direction ?? "ltr";
/** The languages that a clerk serves visitors in, each by its own name and in a direction of its own. */
export const spokenBy = (clerk) => (clerk?.languages ?? []).map((lang) => `\u2068${ownName(lang)}\u2069`).join(" · ");

export const ownName = (lang) => page.languages?.[lang]?.name ?? lang;
