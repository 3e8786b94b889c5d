/** Many services on one screen: under headings where the site gave some, and in pages. Pure. */

const FEW = 8;
const FEW_LARGE = 4;
const FEW_LARGE_AND_LOW = 3;

/** How many cards a screen holds; large letters need twice the room. */
export const roomFor = ({ strong, low }) => (strong ? (low ? FEW_LARGE_AND_LOW : FEW_LARGE) : FEW);

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
