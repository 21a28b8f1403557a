// Facts above the plots: the uplink, the device, the interfaces.
import * as api from './api.js';
import { facts, h, table } from './dom.js';
import { bytes, clock, duration, moment, number, value } from './format.js';
import { increase, samplesOf } from './series.js';

/** Steps of the query for the bytes of today. */
const TODAY_STEP = 300;

const newest = (catalog, name, labels) => catalog.find({ name, labels }).find((series) => catalog.isFresh(series));
const ago = (seconds) => `${duration(Math.max(0, Math.round(seconds)))} ago`;
const amount = (series) => (series ? value(series.value, series.unit) : '–');

const midnightOf = (seconds) => new Date(seconds * 1000).setHours(0, 0, 0, 0) / 1000;

/** The bytes that the uploader has sent since midnight: queried once, continued with the newest samples. */
export class Today {
  constructor(catalog) {
    this.catalog = catalog;
    this.sum = null;
    this.last = null;
    this.midnight = 0;
  }

  async load(signal) {
    const now = this.catalog.present();
    const midnight = midnightOf(now);
    const options = { start: midnight, end: Math.max(now, midnight + 1), step: TODAY_STEP };
    const results = await api.queryRange(['__name__="uploader_sent_bytes_total"'], options, signal);
    const all = results.map(samplesOf).filter((samples) => samples.length);
    this.midnight = midnight;
    this.sum = all.reduce((sum, samples) => sum + increase(samples), 0);
    this.last = all.map((samples) => samples.at(-1)).sort((a, b) => b[0] - a[0])[0] ?? null;
    this.append();
  }

  append() {
    const series = newest(this.catalog, 'uploader_sent_bytes_total');
    if (this.sum !== null && series && (!this.last || series.time > this.last[0])) {
      const sample = [series.time, series.value];
      this.sum += this.last ? increase([this.last, sample]) : 0;
      this.last = sample;
    }
  }

  /** Whether it must be queried: not yet done, or another day, of which some have 23 or 25 hours. */
  isStale() {
    return this.sum === null || midnightOf(this.catalog.present()) !== this.midnight;
  }
}

function uplinkState(uploader) {
  const { details } = uploader;
  if (details.disabled || details.enabled === false) {
    return 'Uploads are off.';
  }
  if (details.holding) {
    return `Holding. ${uploader.message}`;
  }
  return uploader.status === 'ok' ? 'Uploads work.' : `${uploader.message}`;
}

function backlog(details, pending) {
  if (details.drained_in_seconds !== undefined) {
    return duration(details.drained_in_seconds);
  }
  return pending === 0 ? 'it is empty' : details.disabled ? '–' : 'it does not shrink';
}

/** State, last upload, backlog, bytes. */
export function uplinkFacts(catalog, health, data, today) {
  const now = catalog.present();
  const uploader = health?.components?.uploader ?? { message: '–', status: 'ok', details: {} };
  const storage = health?.components?.storage?.details ?? {};
  const details = uploader.details ?? {};
  const last = details.last_upload_time ? Date.parse(details.last_upload_time) / 1000 : NaN;
  // As the agent counts it: the clock may have been set since.
  const since = details.time_since_upload_seconds ?? now - last;
  const pending = details.pending_count ?? storage.pending_count;
  const sent = data.named('uploader_sent_bytes_total').reduce((sum, entry) => sum + increase(entry.samples), 0);
  const age = details.oldest_pending_seconds ?? storage.oldest_pending_seconds;
  return facts([
    ['State', uplinkState({ ...uploader, details })],
    ['Last upload', Number.isNaN(last) ? 'none yet' : `${moment(last, now)}, ${ago(since)}`],
    ['Pending samples', pending === undefined ? '–' : number(pending)],
    ['Oldest pending', pending > 0 && age !== undefined ? duration(age) : 'none'],
    ['Backlog empty in', backlog(details, pending)],
    ['Sent today', today.sum === null ? '–' : bytes(today.sum)],
    ['Sent in this range', bytes(sent)],
  ]);
}

function throttling(catalog) {
  const states = catalog.find({ name: 'thermal_cooling_state' }).filter((series) => catalog.isFresh(series));
  if (!states.length) {
    return 'no cooling device is reported';
  }
  const active = states.filter((series) => series.value > 0);
  if (!active.length) {
    return 'no';
  }
  return active
    .map((series) => {
      const most = newest(catalog, 'thermal_cooling_max_state', { device: series.metric.device ?? '' });
      return `${series.metric.type ?? series.metric.device}: ${number(series.value)}${most ? ` of ${number(most.value)}` : ''}`;
    })
    .join('; ');
}

/** CPU, memory, temperature, throttling and file systems now. */
export function deviceFacts(catalog) {
  const used = newest(catalog, 'memory_used_bytes');
  const total = newest(catalog, 'memory_total_bytes');
  const uptime = newest(catalog, 'system_uptime_seconds');
  const share = used && total ? `, ${number(Math.round((100 * used.value) / total.value))} % of ${bytes(total.value)}` : '';
  const systems = catalog
    .find({ name: 'filesystem_used_percent' })
    .filter((series) => catalog.isFresh(series))
    .map((series) => {
      const { mountpoint, device } = series.metric;
      const free = newest(catalog, 'filesystem_available_bytes', { mountpoint, device });
      const fixed = newest(catalog, 'filesystem_readonly', { mountpoint, device })?.value === 1;
      return `${mountpoint} ${number(series.value)} % used${free ? `, ${bytes(free.value)} free` : ''}${fixed ? ', read-only' : ''}`;
    });
  return facts([
    ['CPU', amount(newest(catalog, 'cpu_usage_percent', { core: 'all' }))],
    ['Memory used', amount(used) + share],
    ['Temperature', amount(newest(catalog, 'cpu_temperature_celsius'))],
    ['Throttling', throttling(catalog)],
    ['File systems', systems.length ? h('ul', { class: 'plain' }, systems.map((text) => h('li', {}, text))) : '–'],
    ['Load, 1 min', amount(newest(catalog, 'load_1m'))],
    ['Up', uptime ? duration(uptime.value + Math.max(0, catalog.time - uptime.time)) : '–'],
  ]);
}

/** Rates at the end of the range, and sums of it, of each interface; one that was gone by then has no rate. */
export function interfaceTable(catalog, data) {
  const names = [...new Set(data.named('network_rx_bytes_total').map((entry) => entry.series.metric.interface))].sort();
  const cell = (name, metric, of) => {
    const entries = data.matching({ name: `network_${metric}_total`, labels: { interface: name } });
    return entries.length ? of(entries) : '–';
  };
  const [, end] = data.range.bounds(catalog.present());
  const last = (entry) => entry.points.at(-1) ?? [-Infinity];
  const rateNow = (entries) => {
    const entry = entries.reduce((best, one) => (last(one)[0] > last(best)[0] ? one : best));
    return value(end - last(entry)[0] <= data.gap(entry) ? last(entry)[1] : null, 'bytes/s');
  };
  const total = (entries) => entries.reduce((all, entry) => all + increase(entry.samples), 0);
  const sum = (entries) => bytes(total(entries));
  const count = (name, ...metrics) => {
    const counts = metrics.map((metric) => cell(name, metric, total)).filter(Number.isFinite);
    return counts.length ? number(counts.reduce((all, one) => all + one)) : '–';
  };
  const rows = names.map((name) => [
    name,
    cell(name, 'tx_bytes', rateNow),
    cell(name, 'rx_bytes', rateNow),
    cell(name, 'tx_bytes', sum),
    cell(name, 'rx_bytes', sum),
    count(name, 'rx_errors', 'tx_errors'),
    count(name, 'rx_dropped', 'tx_dropped'),
  ]);
  return table('Interfaces', ['Interface', 'Sends, newest', 'Receives, newest', 'Sent in range', 'Received in range', 'Errors', 'Dropped'], rows, { class: 'stack' });
}

/** Components of /health, the worst first; collectors have their last pass and failures. */
export function componentTable(health, now) {
  const order = { error: 0, degraded: 1, ok: 2 };
  const rows = Object.entries(health?.components ?? {})
    .sort(([a, first], [b, second]) => (order[first.status] ?? 0) - (order[second.status] ?? 0) || a.localeCompare(b))
    .map(([name, { status, message, details = {} }]) => {
      const last = details.last_success ? Date.parse(details.last_success) / 1000 : null;
      const failed = details.failed_total;
      return [
        name,
        h('span', { class: `status ${status}` }, status),
        message,
        last === null ? '–' : `${clock(last)}, ${ago(now - last)}`,
        details.interval_seconds === undefined ? '–' : duration(details.interval_seconds),
        failed === undefined ? '–' : number(failed),
      ];
    });
  return table('Components', ['Component', 'Status', 'Message', 'Last pass', 'Interval', 'Samples lost'], rows, { class: 'stack components' });
}
