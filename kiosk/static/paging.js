/** Many services on one screen: under headings where the site gave some, and in pages. Pure. */

const ROOMS = [8, 6, 4, 3, 2, 1];
const MOST = ROOMS[0];

/** The first page of cards that were not seen yet. */
export const FIRST_PAGE = { page: 0, room: MOST, terse: false, fitted: false };

/** The same cards with another room on a screen (the most when none is told): the first one that was seen is still seen. */
export const withRoom = ({ page, room }, next = MOST) => ({ page: Math.floor((page * room) / next), room: next, terse: false, fitted: false });

/** What takes less of the screen: first the same cards without their sentences (`terse`), then fewer of them. */
export const closer = (paged) =>
  paged.terse ? { ...withRoom(paged, ROOMS.find((one) => one < paged.room) ?? 1), terse: true } : { terse: true };

/**
 * The headings under which services stand, in the services' order; none when all fit on one screen or none has a heading.
 * @param {object[]} services  @param {(service: object) => object} headingOf  by language; empty when there is none
 * @returns {{key: string, name: object|null, services: object[]}[]}  `name` null: those without a heading, last
 */
export function headings(services, headingOf, room) {
  if (services.length <= room) return [];
  const found = new Map();
  for (const service of services) {
    const name = headingOf(service);
    const key = name.ar || name.fr || name.zgh || "";
    if (!found.has(key)) found.set(key, { key, name: key ? name : null, services: [] });
    found.get(key).services.push(service);
  }
  const rest = found.get("");
  found.delete("");
  return found.size ? [...found.values(), ...(rest ? [rest] : [])] : [];
}

/** Page `number` of a list, the number brought into range, and how many pages there are. */
export function pageOf(list, number, room) {
  const count = Math.max(1, Math.ceil(list.length / room));
  const at = Math.min(Math.max(0, number), count - 1);
  return { items: list.slice(at * room, (at + 1) * room), at, count };
}
