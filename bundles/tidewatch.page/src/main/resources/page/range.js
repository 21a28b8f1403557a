// The range of time that the plots show, and its steps.

/** The ranges with a button, in seconds. */
export const RANGES = [
  [900, '15 min'],
  [3600, '1 h'],
  [21600, '6 h'],
  [172800, '48 h'],
];

/** Points that a plot should have, about. */
const POINTS = 300;

/** The most points of a series in an answer (docs/api.md). */
const MOST_POINTS = 11000;

/** The most values of an answer. */
const MOST_VALUES = 100000;

const STEPS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400];

const SHORTEST = 10;
const LONGEST = 400 * 86400;

/** A range that ends now, or one between two times. */
export class Range {
  constructor(seconds, end = null) {
    this.seconds = Math.min(LONGEST, Math.max(SHORTEST, seconds));
    this.end = end;
  }

  static between(from, to) {
    return new Range(to - from, to);
  }

  get live() {
    return this.end === null;
  }

  /** Start and end at a present. */
  bounds(now) {
    const end = this.end ?? now;
    // A clock that was never set begins at 0.
    return [Math.max(0, end - this.seconds), end];
  }

  /** Earlier or later by a share of its length; one that would end in the future ends now. */
  moved(share, now) {
    const end = (this.end ?? now) + share * this.seconds;
    return end >= now ? new Range(this.seconds) : new Range(this.seconds, end);
  }

  /** Longer or shorter around its middle; a live one stays live. */
  zoomed(by, now) {
    if (this.live) {
      return new Range(this.seconds * by);
    }
    const end = this.end + ((by - 1) * this.seconds) / 2;
    return end >= now ? new Range(this.seconds * by) : new Range(this.seconds * by, end);
  }
}

/** The step for about POINTS points, fewer of many series, never below the shortest interval of the series. */
export function stepOf(range, shortestInterval, series) {
  const wish = range.seconds / POINTS;
  const least = Math.max(shortestInterval, range.seconds / (Math.min(MOST_POINTS, MOST_VALUES / series) - 1));
  const steps = [shortestInterval, ...STEPS].filter((step) => step >= least);
  return steps.reduce((best, step) => (Math.abs(Math.log(step / wish)) < Math.abs(Math.log(best / wish)) ? step : best), steps[0] ?? Math.ceil(least));
}

/**
 * Times of a query: half an interval away from the samples, so that jitter moves none into another step.
 *
 * @param phase the time of one sample of the shortest interval
 * @returns first and last time
 */
export function grid(start, end, step, phase, interval) {
  const offset = phase + interval / 2;
  const first = offset + Math.ceil((start - offset) / step) * step;
  const last = offset + Math.floor((end - offset) / step) * step;
  return [first, Math.max(first, last)].map((time) => Math.round(time * 1000) / 1000);
}

/** The place of the page: view, range and chosen series, kept in the address. */
export class Place {
  constructor(view = 'overview', range = new Range(3600), chosen = []) {
    this.view = view;
    this.range = range;
    this.chosen = chosen;
  }

  static parse(hash, views) {
    const query = new URLSearchParams(hash.replace(/^#/, ''));
    const [from, to, seconds] = ['from', 'to', 'range'].map((key) => Number(query.get(key)));
    const range = from > 0 && to > from ? Range.between(from, to) : new Range(seconds > 0 ? seconds : 3600);
    const view = views.includes(query.get('view')) ? query.get('view') : views[0];
    return new Place(view, range, query.getAll('series'));
  }

  toString() {
    const query = new URLSearchParams({ view: this.view });
    if (this.range.live) {
      query.set('range', String(Math.round(this.range.seconds)));
    } else {
      const [from, to] = this.range.bounds(0);
      query.set('from', from.toFixed(0));
      query.set('to', to.toFixed(0));
    }
    this.chosen.forEach((key) => query.append('series', key));
    return `#${query}`;
  }

  with(changes) {
    return Object.assign(new Place(this.view, this.range, this.chosen), changes);
  }
}
