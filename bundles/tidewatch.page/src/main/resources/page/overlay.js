// Large numbers for the browser source of OBS: /overlay?show=uplink,cpu,temperature&size=48&color=fff&interval=2
// and any series by series=name{label="v"}.
import * as api from './api.js';
import { byId, h, setText } from './dom.js';
import { duration, number, value } from './format.js';
import { describe, isForeign, plotUnit, rate } from './series.js';

const NONE = '–';
const DEFAULT_INTERVAL = 2;
const STALE_INTERVALS = 3;
const FINE = new Set(['ok', 'disabled']);

const isNumber = (series) => series && typeof series.value === 'number';
const shown = (series) => (isNumber(series) ? value(series.value, series.unit) : NONE);

/** What the names of `show` are: a label, and the text of the newest samples. */
const NAMED = {
  uplink: ['uplink', (newest) => uplink(newest)],
  pending: ['pending', (newest) => shown(newest.one('storage_metrics_pending_upload'))],
  oldest: ['oldest pending', (newest) => age(newest.one('storage_oldest_pending_seconds'))],
  cpu: ['CPU', (newest) => shown(newest.one('cpu_usage_percent', { core: 'all' }))],
  temperature: ['temperature', (newest) => shown(newest.one('cpu_temperature_celsius'))],
  memory: ['memory', (newest) => shown(newest.one('memory_used_bytes'))],
  load: ['load', (newest) => shown(newest.one('load_1m'))],
};

const age = (series) => (isNumber(series) ? duration(series.value) : NONE);

function uplink(newest) {
  const state = newest.all('uploader_state').find((series) => series.value === 1)?.metric.reason;
  const pending = newest.one('storage_metrics_pending_upload');
  if (state === undefined) {
    return NONE;
  }
  return FINE.has(state) || !isNumber(pending) ? (state === 'disabled' ? 'off' : state) : `${number(pending.value)} pending`;
}

/** The newest samples that are not stale. */
class Newest {
  constructor(answer) {
    this.series = answer.samples
      .map((sample) => describe(sample.metric, sample))
      .filter((series) => answer.time - series.time <= STALE_INTERVALS * Math.max(series.interval, 1));
  }

  all(name, labels = {}) {
    return this.series.filter(
      (series) => series.name === name && Object.entries(labels).every(([label, wish]) => series.metric[label] === wish),
    );
  }

  /** The agent's own series, if there are several of a name. */
  one(name, labels) {
    const found = this.all(name, labels);
    return found.find((series) => !isForeign(series.name) && series.metric.instance === undefined) ?? found[0];
  }
}

/** Name and labels of name{label="v",...}; labels are compared as they are. */
export function parseSelector(text) {
  const [, name, inner = ''] = /^\s*([^{\s]+)\s*(?:\{(.*)\})?\s*$/s.exec(text) ?? [];
  const labels = {};
  for (const [, label, quoted] of inner.matchAll(/([^=,\s"]+)\s*=\s*("(?:[^"\\]|\\.)*")/g)) {
    labels[label] = quoted.slice(1, -1).replace(/\\(.)/g, (all, c) => (c === 'n' ? '\n' : c));
  }
  return name ? { name, labels } : null;
}

/** A number of any series; counters are rates. */
function ofSeries(text, interval) {
  const selector = parseSelector(text);
  let before = null;
  let last = NONE;
  return [
    text,
    (newest) => {
      const series = selector && newest.one(selector.name, selector.labels);
      if (!series || (!series.text && !isNumber(series))) {
        before = null;
        return (last = NONE);
      }
      if (series.text) {
        return String(series.value);
      }
      if (!series.counter) {
        return shown(series);
      }
      const sample = [series.time, series.value];
      if (before && sample[0] > before[0]) {
        const speed = rate(series, before, sample, interval, 0);
        last = speed === null ? NONE : value(speed, plotUnit(series));
      }
      before = before && sample[0] <= before[0] ? before : sample;
      return last;
    },
  ];
}

function numbers(query, interval) {
  const names = (query.get('show') ?? (query.has('series') ? '' : 'uplink,cpu,temperature')).split(',').filter(Boolean);
  return [...names.map((name) => NAMED[name.trim()] ?? [`${name}?`, () => NONE]), ...query.getAll('series').map((text) => ofSeries(text, interval))];
}

function style(query) {
  const size = Number(query.get('size'));
  if (size >= 8 && size <= 500) {
    document.body.style.fontSize = `${size}px`;
  }
  const color = query.get('color') ?? '';
  if (/^([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(color)) {
    document.body.style.color = `#${color}`;
  }
}

function start() {
  const query = new URLSearchParams(location.search);
  const interval = Math.min(60, Math.max(1, Number(query.get('interval')) || DEFAULT_INTERVAL));
  style(query);
  const cells = numbers(query, interval).map(([label, text]) => {
    const amount = h('dd', {}, NONE);
    return { text, amount, element: h('div', { class: 'stale' }, h('dt', {}, label), amount) };
  });
  byId('numbers').replaceChildren(...cells.map(({ element }) => element));
  const fill = (newest) =>
    cells.forEach(({ text, amount, element }) => {
      const now = newest ? text(newest) : NONE;
      setText(amount, now);
      element.classList.toggle('stale', now === NONE);
    });
  let answered = 0;
  const poll = async () => {
    try {
      fill(new Newest(await api.now(false)));
      answered = Date.now();
    } catch {
      if (Date.now() - answered > STALE_INTERVALS * interval * 1000) {
        fill(null);
      }
    }
    setTimeout(poll, interval * 1000);
  };
  poll();
}

start();
