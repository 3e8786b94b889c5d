/**
 * How large number and counter must be to be read from the farthest seat, and what has to give way for it. Pure.
 *
 * A capital of height h, seen from distance d, fills an angle a with h = 2 d tan(a / 2).
 */

/** Height of a capital of our face, in em (Noto Sans). */
export const CAPITAL = 0.714;
/** Room that a number of four signs needs, in em of its letters: across, and down together with its counter. */
const ACROSS = 2.75;
const DOWN = 2.45;
export const LAYOUTS = ["full", "calls", "call"];

/**
 * Pixels of letter size (font-size) that number and counter need.
 * @param {{distance_m: number, diagonal_in: number, arc: number}} reading  @param {{width: number, height: number}} screen  in pixels
 */
export function letterSize(reading, screen) {
  const capitalMm = 2000 * reading.distance_m * Math.tan((reading.arc / 2) * (Math.PI / 180));
  const pixelsPerMm = Math.hypot(screen.width, screen.height) / (reading.diagonal_in * 25.4);
  return (capitalMm * pixelsPerMm) / CAPITAL;
}

/**
 * The first layout that leaves room for letters of this size, else the last.
 * @param {number} size  @param {Record<string, {width: number, height: number}>} areas  room for the call by layout
 */
export function layoutFor(size, areas) {
  return LAYOUTS.find((one) => fits(size, areas[one])) ?? LAYOUTS.at(-1);
}

/** The size that is shown: as large as there is room for, which is what is needed or more when it fits. */
export const sizeIn = (area) => Math.min(area.width / ACROSS, area.height / DOWN);

export const fits = (size, area) => size * ACROSS <= area.width && size * DOWN <= area.height;
