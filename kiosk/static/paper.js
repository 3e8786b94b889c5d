/** Whether paper comes: which sentence a visitor reads below the number, as the printers change while it is read. */

const FAULTS = new Set(["paper-out", "cover-open", "offline", "error"]);
const PRINTS = new Set(["ready", "near-end"]);

/** The words with which a ticket surely, or most likely, comes out of this kiosk. */
export const COMES = "is_printed";

/**
 * @param {object} ticket     the answer of the API: `printing` is {printer, state, second} or null; `second` takes over
 * @param {object[]} printers of the snapshot: {name, state}
 * @param {string} [before]   the word that was shown for this ticket until now; what happened before a fault is not known here
 * @returns {string} a key of the kiosk's words
 */
export function paperWord({ printing }, printers, before) {
  if (!printing) return "note_number";
  const own = printers.find((one) => one.name === printing.printer);
  if (!FAULTS.has(own?.state)) return before === undefined || before === COMES ? COMES : "paper_again";
  if (PRINTS.has(printers.find((one) => one.name === printing.second)?.state)) return "other_printer";
  return before === undefined || before === "no_paper" ? "no_paper" : "paper_stopped";
}

const ELSEWHERE = { no_paper: "no_paper_beside", paper_stopped: "paper_stopped_beside" };

/**
 * The sentence of a word of `paperWord`: it names the kiosk beside where there is one that prints.
 *
 * @param {string} word
 * @param {object} ticket     as above
 * @param {object} snapshot   `printers` as above; `kiosk_printers`: the names of those that the connected kiosks print on
 */
export function paperSentence(word, { printing }, { printers = [], kiosk_printers: kiosks = [] } = {}) {
  const other = printers.some((one) => one.name !== printing?.printer && kiosks.includes(one.name) && PRINTS.has(one.state));
  return (other && ELSEWHERE[word]) || word;
}
