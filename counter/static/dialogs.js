/**
 * What an action asks before it is carried out: the choices, the text, and the body of the command that follows. Pure.
 *
 * An option is {id, label, small?, key?}; its key chooses it. A dialog without `stay` is done once an option is chosen by key or
 * touch; one that stays waits for Enter, because there is more to say (a note, a language).
 */

import { secondsSince } from "../js/clock.js";
import { nameIn, ownName, page, say, spokenBy } from "../js/page.js";
import { isBack, isMine, reasonName, serviceName, ticketName } from "./hall.js";

const DIGITS = "123456789";

const numbered = (options) => options.map((option, index) => ({ key: DIGITS[index], ...option }));
const named = (list) => numbered((list ?? []).map(({ id, name }) => ({ id, label: nameIn(name) || id })));
const minutes = (seconds) => say("minutes", { count: Math.floor(seconds / 60) });

/** The services, those of this desk first. */
function services({ snapshot, desk }) {
  const serves = desk.serves ?? snapshot.services.map((service) => service.id);
  const rank = (service) => (serves.includes(service.id) ? serves.indexOf(service.id) : serves.length);
  return [...snapshot.services].sort((one, other) => rank(one) - rank(other));
}

const serviceOptions = (list) => list.map((service) => ({ id: service.id, label: nameIn(service.name) || service.id }));

function counterOptions({ snapshot, desk }) {
  const others = snapshot.desks.filter((one) => one.counter !== desk.counter && one.state !== "closed");
  return others.map((one) => ({
    id: one.counter,
    label: say("counter_number", { number: one.number }),
    small: [one.clerk?.name, spokenBy(one.clerk)].filter(Boolean).join(" · "),
    key: one.number < 10 ? String(one.number) : undefined,
  }));
}

function clerkOptions({ snapshot, desk }) {
  const others = snapshot.desks.filter((one) => one.clerk && one.counter !== desk.counter);
  const byId = new Map(others.map((one) => [one.clerk.id, one]));
  return numbered(
    [...byId.values()].map(({ clerk, number }) => ({ id: clerk.id, label: clerk.name, small: [say("counter_number", { number }), spokenBy(clerk)].filter(Boolean).join(" · ") })),
  );
}

const waitingOptions = (rows, { snapshot, age }) =>
  rows.map((one) => ({ id: one.visit, label: ticketName(one), small: serviceName(snapshot, one.service), end: minutes(one.waited + age) }));

const asideOptions = (rows, { snapshot }) =>
  rows.map((one) => ({
    id: one.visit,
    label: ticketName(one),
    small: [say(`aside_${one.state}`), reasonName(snapshot, one.park_reason), serviceName(snapshot, one.service)].filter(Boolean).join(" · "),
    end: minutes(secondsSince(one.since)),
  }));

const isParked = (one) => one.state === "parked";
const listedAside = ({ snapshot, desk, all }) => snapshot.aside.filter((one) => all || isBack(one, desk));

/**
 * By action. `tabs` and `options` read the screen; `text` is the word of the text field; `search`: what is typed narrows the
 * options, and `found` makes further ones of the visitors with such a number whom the screen does not list; `needs` says what must be given; `body` makes the command's body, or null for a dialog that leads on (`then`).
 */
export const DIALOGS = {
  pause: {
    title: "pause_why",
    options: ({ snapshot }) => named(snapshot.pause_reasons),
    text: "other_reason",
    needs: () => true,
    body: ({ chosen, text }) => ({ reason: text || chosen || null }),
  },
  "finish-as": {
    title: "finish_how",
    options: ({ snapshot }) => named(snapshot.outcomes),
    needs: ({ chosen }) => Boolean(chosen),
    body: ({ chosen }) => ({ outcome: chosen }),
  },
  park: {
    title: "park_why",
    options: ({ snapshot }) => named(snapshot.park_reasons),
    text: "other_reason",
    needs: ({ chosen, text }) => Boolean(chosen || text),
    missing: "reason_missing",
    body: ({ chosen, text }) => ({ reason: text || chosen }),
  },
  transfer: {
    title: "transfer_where",
    tabs: [
      {
        id: "service",
        word: "to_service",
        options: (screen) => numbered(serviceOptions(services(screen).filter((one) => one.closed_because !== "by-hand" && one.id !== screen.desk.current?.service))),
      },
      { id: "counter", word: "to_counter", options: counterOptions },
      { id: "clerk", word: "to_clerk", options: clerkOptions },
    ],
    stay: true,
    text: "note_for_next",
    needs: ({ chosen }) => chosen !== null,
    body: ({ tab, chosen, text }) => ({ [tab]: chosen, ...(text ? { note: text } : {}) }),
  },
  "walk-direct": {
    title: "direct_what",
    options: (screen) => numbered(serviceOptions(services(screen))),
    stay: true,
    languages: true,
    needs: ({ chosen }) => Boolean(chosen),
    body: ({ chosen, language }) => ({ service: chosen, language }),
  },
  call: {
    title: "call_whom",
    hint: "search_hint",
    options: (screen) => waitingOptions(screen.snapshot.waiting.filter((one) => screen.all || isMine(one, screen.desk)), screen),
    search: "ticket_number",
    found: ({ waiting }, screen) => waitingOptions(waiting, screen),
    needs: ({ chosen }) => Boolean(chosen),
    then: "call_why",
  },
  call_why: {
    title: "call_why",
    action: "call",
    options: ({ recent }) => numbered(recent.map((reason) => ({ id: reason, label: reason }))),
    text: "reason",
    needs: ({ chosen, text }) => Boolean(chosen || text),
    missing: "reason_missing",
    body: ({ visit, chosen, text }) => ({ visit, reason: text || chosen }),
  },
  recycle: {
    title: "recycle_whom",
    hint: "recycle_hint",
    options: (screen) => asideOptions(listedAside(screen), screen),
    search: "ticket_number",
    found: ({ aside }, screen) => asideOptions(aside, screen),
    needs: ({ chosen }) => Boolean(chosen),
    body: ({ chosen }) => ({ visit: chosen }),
  },
  "take-up": {
    title: "take_up_whom",
    hint: "take_up_hint",
    options: (screen) => asideOptions(listedAside(screen).filter(isParked), screen),
    search: "ticket_number",
    found: ({ aside }, screen) => asideOptions(aside.filter(isParked), screen),
    needs: ({ chosen }) => Boolean(chosen),
    body: ({ chosen }) => ({ visit: chosen }),
  },
  help: { title: "keys", keys: true },
};

/** A dialog just opened. `screen`: snapshot, desk, age, all, recent, language; `more`: visit, ticket. */
export function opened(name, screen, more = {}) {
  const spec = DIALOGS[name];
  const tabs = spec.tabs?.map((tab) => ({ id: tab.id, word: tab.word, options: tab.options(screen) })) ?? null;
  const options = tabs ? tabs[0].options : (spec.options?.(screen) ?? []);
  return {
    name,
    spec,
    tabs,
    tab: tabs?.[0].id ?? null,
    options,
    shown: options,
    chosen: options.length === 1 || spec.search ? (options[0]?.id ?? null) : null,
    text: "",
    language: screen.language,
    about: screen.desk?.current?.visit,
    ticket: screen.desk?.current ? ticketName(screen.desk.current) : null,
    missing: null,
    ...more,
  };
}

/** What to say to who confirms before everything is given. */
export function missingOf({ spec, text, shown }) {
  if (shown.length) return spec.missing ?? "choice_missing";
  if (spec.search && text) return "nobody_numbered";
  return spec.missing ? "reason_unwritten" : "nothing_to_choose";
}

/** The dialog with one option chosen; a reason written by hand gives way to it. */
export const withChoice = (dialog, id) => ({ ...dialog, chosen: id, text: dialog.spec.stay ? dialog.text : "", missing: null });

/** The dialog with a text typed; it narrows the options, is a note beside the choice, or takes the choice's place. */
export function withText(dialog, text) {
  if (dialog.spec.search) {
    const wanted = text.trim().toUpperCase();
    const shown = dialog.options.filter((option) => option.label.includes(wanted));
    return { ...dialog, text, shown, chosen: shown[0]?.id ?? null, missing: null };
  }
  return { ...dialog, text, chosen: dialog.spec.stay || !text ? dialog.chosen : null, missing: null };
}

/** The dialog with further options found for what is typed; who was chosen meanwhile stays so. */
export function withFound(dialog, found) {
  const known = new Set(dialog.options.map((option) => option.id));
  const options = [...dialog.options, ...found.filter((option) => !known.has(option.id))];
  const narrowed = withText({ ...dialog, options }, dialog.text);
  return { ...narrowed, chosen: dialog.chosen ?? narrowed.chosen };
}

/** The dialog on another of its tabs. */
export function withTab(dialog, id) {
  const { options } = dialog.tabs.find((tab) => tab.id === id);
  return { ...dialog, tab: id, options, shown: options, chosen: options.length === 1 ? options[0].id : null, missing: null };
}

/** The option so many steps from the chosen one, round the end. */
export function neighbour({ shown, chosen }, step) {
  const here = shown.findIndex((option) => option.id === chosen);
  const start = here < 0 && step < 0 ? 0 : here;
  return shown.length ? shown[(start + step + shown.length) % shown.length].id : null;
}

export const languagesOf = () => page.spoken.map((code) => ({ code, name: ownName(code) }));
