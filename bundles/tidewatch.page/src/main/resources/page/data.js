// The samples of a view: queried for a range, and continued with the newest samples.
import * as api from './api.js';
import { grid, stepOf } from './range.js';
import { describe, gapOf, intervalOf, keyOf, pointsOf, rate, samplesOf } from './series.js';

/** Seconds between the samples of most collectors. */
const USUAL_INTERVAL = 10;

/** Whether a series is one that a view wants: by its key, or by name and labels. */
export function wanted(want, series) {
  if (want.key !== undefined) {
    return want.key === series.key;
  }
  return (
    want.name === series.name &&
    Object.entries(want.labels ?? {}).every(([label, value]) => (series.metric[label] ?? '') === value)
  );
}

/** The conditions of a want, as the API takes them within braces. */
function conditionsOf(want) {
  const key = want.key ?? keyOf({ __name__: want.name, ...want.labels });
  const [name] = key.split('{', 1);
  return [`__name__="${name}"`, key.slice(name.length + 1, -1)].filter(Boolean).join(',');
}

const nameOf = (want) => want.name ?? want.key.split('{')[0];

/** The newest sample of every series, and what is known of each. */
export class Catalog {
  constructor() {
    this.byKey = new Map();
    this.old = null;
    this.offset = 0;
    this.time = 0;
  }

  /** Takes an answer of /now. */
  take(answer) {
    this.time = answer.time;
    this.offset = answer.time - Date.now() / 1000;
    const newest = new Map();
    for (const sample of answer.samples) {
      const series = describe(sample.metric, sample);
      series.help ??= this.byKey.get(series.key)?.help;
      newest.set(series.key, series);
    }
    this.byKey = newest;
  }

  /** Whether the help of a series is not known yet. */
  lacksHelp() {
    return !this.byKey.size || this.all().some(({ help }) => help === undefined);
  }

  /** The present by the clock of the device. */
  present() {
    return Date.now() / 1000 + this.offset;
  }

  /** Takes the label sets of the history, of which some have no newest sample. */
  takeHistory(metrics) {
    this.old = metrics.map((metric) => describe(metric));
  }

  all() {
    return [...this.byKey.values()];
  }

  /** All series, those that only the history has after the others. */
  known() {
    return [...this.byKey.values(), ...(this.old ?? []).filter((series) => !this.byKey.has(series.key))];
  }

  /** The newest samples that a want picks. */
  find(want) {
    return this.all().filter((series) => wanted(want, series));
  }

  isCounter(name) {
    const one = this.known().find((series) => series.name === name);
    return one ? one.counter : describe({ __name__: name }).counter;
  }

  /** Whether a sample is newer than three intervals. */
  isFresh(series) {
    return series.time !== null && this.time - series.time <= 3 * Math.max(series.interval, 1);
  }
}

/** Series with samples and points, of one view and range. */
export class ViewData {
  constructor(catalog, wants, range) {
    this.catalog = catalog;
    this.wants = wants;
    this.range = range;
    this.entries = new Map();
    this.step = 1;
    this.loaded = 0;
  }

  /** Two queries, of gauges and of counters. */
  async load(signal) {
    const live = this.catalog.all().filter((series) => !series.text && this.wants.some((want) => wanted(want, series)));
    // Of a series that is not measured any more the interval is not known.
    const gone = this.wants.some((want) => !live.some((series) => wanted(want, series)));
    const known = gone ? [...live, { interval: USUAL_INTERVAL, time: 0 }] : live;
    const fastest = known.sort((a, b) => a.interval - b.interval || (b.time ?? 0) - (a.time ?? 0))[0];
    const now = this.catalog.present();
    const count = this.catalog.known().filter((series) => this.wants.some((want) => wanted(want, series))).length;
    this.step = stepOf(this.range, fastest.interval, count);
    const [start, end] = grid(...this.range.bounds(now), this.step, fastest.time ?? 0, fastest.interval);
    const times = { start, end, step: this.step };
    const counters = this.wants.filter((want) => this.catalog.isCounter(nameOf(want)));
    const gauges = this.wants.filter((want) => !counters.includes(want));
    const answers = [];
    if (gauges.length) {
      answers.push(...(await api.queryRange(gauges.map(conditionsOf), { ...times, agg: 'avg' }, signal)));
    }
    if (counters.length) {
      answers.push(...(await api.queryRange(counters.map(conditionsOf), { ...times, lookback_delta: this.step }, signal)));
    }
    this.entries.clear();
    for (const result of answers) {
      this.add(result, end);
    }
    this.loaded = now;
  }

  add(result, end) {
    const key = keyOf(result.metric);
    const samples = samplesOf(result);
    const series = this.catalog.byKey.get(key) ?? { ...describe(result.metric), interval: intervalOf(samples) };
    this.entries.set(key, { series, samples, points: pointsOf(series, samples, this.step), end, raw: null, sum: 0, count: 0 });
  }

  /** Takes the newest samples of the catalog; drops points that have left the range. */
  append() {
    for (const series of this.catalog.all()) {
      if (!series.text && this.wants.some((want) => wanted(want, series))) {
        this.continueWith(series);
      }
    }
    const [start] = this.range.bounds(this.catalog.present());
    for (const entry of this.entries.values()) {
      while (entry.points.length && entry.points[0][0] < start) {
        entry.points.shift();
      }
      while (entry.samples.length > 1 && entry.samples[1][0] < start) {
        entry.samples.shift();
      }
    }
  }

  continueWith(series) {
    let entry = this.entries.get(series.key);
    if (!entry) {
      entry = { series, samples: [], points: [], end: 0, raw: null, sum: 0, count: 0 };
      this.entries.set(series.key, entry);
    }
    entry.series = series;
    if (series.time === null || !Number.isFinite(series.value)) {
      return;
    }
    const sample = [series.time, series.value];
    if (sample[0] <= entry.end || (entry.raw && sample[0] <= entry.raw[0])) {
      // It is in the answer of the query already; the next rate counts from it.
      entry.raw ??= sample;
      return;
    }
    if (series.counter) {
      this.continueCounter(entry, sample);
    } else {
      this.continueGauge(entry, sample);
    }
  }

  /** A step's samples become one point, as those of the query. */
  continueGauge(entry, sample) {
    entry.raw = sample;
    entry.sum += sample[1];
    entry.count++;
    const last = entry.points.at(-1);
    if (!last || sample[0] - last[0] >= 0.9 * this.step) {
      const point = [sample[0], entry.sum / entry.count];
      entry.points.push(point);
      if (entry.samples !== entry.points) {
        entry.samples.push(point);
      }
      entry.sum = 0;
      entry.count = 0;
    }
  }

  continueCounter(entry, sample) {
    const before = entry.raw ?? entry.samples.at(-1);
    if (before && sample[0] - before[0] < 0.9 * this.step) {
      return;
    }
    const value = before ? rate(entry.series, before, sample, this.step, entry.raw ? 0 : this.step) : null;
    if (value !== null) {
      entry.points.push([sample[0], value]);
    }
    entry.samples.push(sample);
    entry.raw = sample;
  }

  named(name) {
    return [...this.entries.values()].filter((entry) => entry.series.name === name);
  }

  matching(want) {
    return [...this.entries.values()].filter((entry) => wanted(want, entry.series));
  }

  gap(entry) {
    return gapOf(entry.series, this.step);
  }
}
