// Axes: steps that are round in the unit, and times of day.
import { clock, day } from './format.js';

const SPLITS = 4;
const AGES = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400];

/** The smallest round step of which about four fit. */
function roundStep(span, unit) {
  const wish = span / SPLITS;
  if (unit === 'bytes') {
    return 2 ** Math.ceil(Math.log2(wish));
  }
  if (unit === 'age' && wish < AGES.at(-1)) {
    return AGES.find((step) => step >= wish);
  }
  const size = 10 ** Math.floor(Math.log10(wish));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * size).find((step) => step >= wish * 0.999);
}

/** Round values between two. */
export function splitsOf(low, high, unit) {
  const step = roundStep(high - low || 1, unit);
  const splits = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    splits.push(Number((i * step).toPrecision(12)));
  }
  return splits;
}

/** Times on the axis: seconds only if the steps are so short, the date where a day begins. */
export function timeAxis(u, splits, axis, space, step) {
  let before = null;
  return splits.map((time) => {
    const date = day(time).slice(5);
    const first = date !== before;
    const isNew = before !== null && first;
    before = date;
    if (step >= 86400) {
      return date;
    }
    return clock(time, step < 60) + (isNew ? `\n${date}` : '');
  });
}
