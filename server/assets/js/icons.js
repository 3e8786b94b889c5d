/** Line icons from the sprite. They say nothing by themselves: a word always stands beside them. */

import { html } from "../vendor/lit-html.js";

const SPRITE = new URL("../icons/sprite.svg", import.meta.url).pathname;

const SERVICES = new Set([
  "civil-status", "stamp", "copies", "home", "identity-card", "passport", "vehicle", "health", "court", "payment", "family",
  "calendar", "bed", "laboratory", "radiology", "folder", "briefcase", "driving-licence", "plate", "exchange", "collect", "fingerprint",
  "parcel", "complaint", "again", "note", "other",
]);

export const icon = (name, extra = "") =>
  html`<svg class="icon ${extra}" aria-hidden="true" focusable="false"><use href="${SPRITE}#${name}"></use></svg>`;

/** The icon of a service; one we do not draw gets the general one. */
export const serviceIcon = (name) => icon(SERVICES.has(name) ? name : "other");
