// Series: their names and units, and their values as rates or as they are, with gaps.

/** Labels that every series of a device has; the page leaves them out. */
const COMMON = new Set(['__name__', 'device_id']);

const OWN =
  /^(accelerator|cgroup|clock|cpu|thermal|disk|exec|filesystem|hdmi|load|memory|mmc|network|power_supply|pressure|receiver|scrape|sensor|tcp|textfile|system|time|health|tidewatch|collector|agent|storage|uploader)_/;

/** As other programs may well call theirs. */
const OUR_LINK = /^(link_(up|rtt|naks|window|in_flight|bitrate|weight|quality|stall|pauses|sent|interface|active|spread)|modem_(up|connect|reconnect|signal_quality|rsr|snr|rssi))/;

const LINK = /(^|_)(modem|wwan|lte|nr|5g|4g|rsrp|rsrq|sinr|rssi|signal|srt|srtla|rist|links?|bond|bonding)(_|$)/i;

/** Samples further apart than so many intervals have a gap between them. */
const GAP = 2.5;

// Escapes as the API reads them, which are fewer than those of JSON.
const quoted = (text) => `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;

/** The selector of exactly this label set; it is also the key of the series. */
export function keyOf(metric) {
  const { __name__: name, ...labels } = metric;
  const parts = Object.keys(labels).sort().map((label) => `${label}=${quoted(labels[label])}`);
  return parts.length ? `${name}{${parts.join(',')}}` : name;
}

/** Labels that tell the series of a metric apart, as text. */
export function labelText(metric) {
  return Object.keys(metric)
    .filter((label) => !COMMON.has(label))
    .sort()
    .map((label) => `${label}=${metric[label]}`)
    .join(', ');
}

const SUFFIXES = [
  [/_bytes(_total)?$/, 'bytes'],
  [/_percent$/, 'percent'],
  [/_celsius$/, 'celsius'],
  [/_hertz$/, 'hertz'],
  [/_ms(_total)?$/, 'ms'],
  [/_seconds(_total|_p\d+)?$/, 'seconds'],
  [/_bps$/, 'bit/s'],
  [/_dbm$/, 'dBm'],
  [/_db$/, 'dB'],
  [/_volts$/, 'V'],
  [/_amperes$/, 'A'],
  [/_watts$/, 'W'],
  [/_rpm$/, 'rpm'],
];

function unitOf(name, given) {
  const unit = String(given ?? '').toLowerCase();
  return unit || (SUFFIXES.find(([suffix]) => suffix.test(name))?.[1] ?? '');
}

/** What is known of a series: a sample of /now, or the label set alone. */
export function describe(metric, sample = {}) {
  const name = metric.__name__;
  const counter = sample.kind ? sample.kind.toLowerCase() === 'counter' : /_total$/.test(name);
  return {
    key: keyOf(metric),
    name,
    metric,
    labels: labelText(metric),
    counter,
    text: String(sample.kind).toLowerCase() === 'text',
    unit: unitOf(name, sample.unit),
    help: sample.help,
    interval: sample.interval > 0 ? sample.interval : 60,
    time: sample.time ?? null,
    value: sample.text ?? sample.value ?? null,
  };
}

/** Whether another program measured it, and whether a modem or link is its subject. */
export const isForeign = (name) => !OWN.test(name) && !OUR_LINK.test(name);
export const isLink = (name) => isForeign(name) && LINK.test(name);

/** The unit of what a plot shows of it: counters are drawn as rates. */
export function plotUnit(series) {
  if (!series.counter) {
    return series.unit;
  }
  // Seconds per second are a share; milliseconds per second a thousandth of it.
  return { bytes: 'bytes/s', seconds: 'percent', ms: 'percent' }[series.unit] ?? (series.unit ? `${series.unit}/s` : '/s');
}

const factor = (series) => (series.counter ? ({ seconds: 100, ms: 0.1 }[series.unit] ?? 1) : 1);

/** Numbers of a value of the API, which are texts. */
export const samplesOf = (result) =>
  result.values.map(([time, value]) => [Number(time), Number(value)]).filter(([, value]) => Number.isFinite(value));

/** The distance of samples above which something is missing between them. */
export const gapOf = (series, step) => GAP * Math.max(series.interval, step);

/**
 * The rate between two samples of a counter; null if there is a reset or a gap between them.
 *
 * @param step of the samples, at least; more than that is a gap only if it is more than some intervals, too
 * @param grid of the query, at whose times the samples are; 0 for samples at their own time
 */
export function rate(series, before, after, step, grid = step) {
  const passed = after[0] - before[0];
  if (after[1] < before[1] || passed <= 0 || passed > gapOf(series, step)) {
    return null;
  }
  // Samples come at the times of the step: their true distance is a multiple of the interval, if it was in force then.
  const multiple = Math.max(1, Math.round(passed / series.interval)) * series.interval;
  const seconds = grid > 0 && grid < series.interval && Math.abs(multiple - passed) <= grid ? multiple : passed;
  return ((after[1] - before[1]) / seconds) * factor(series);
}

/** The interval of a series that is not measured any more: the middle distance of its samples. */
export function intervalOf(samples) {
  const distances = samples.slice(1).map(([time], i) => time - samples[i][0]).sort((a, b) => a - b);
  return distances[distances.length >> 1] ?? 60;
}

/** The points of a plot: samples of a gauge, rates of a counter. */
export function pointsOf(series, samples, step) {
  if (!series.counter) {
    return samples;
  }
  const points = [];
  for (let i = 1; i < samples.length; i++) {
    const value = rate(series, samples[i - 1], samples[i], step);
    if (value !== null) {
      points.push([samples[i][0], value]);
    }
  }
  return points;
}

/** By how much a counter has risen; after a reset it counts from 0. */
export function increase(samples) {
  let sum = 0;
  for (let i = 1; i < samples.length; i++) {
    const [before, after] = [samples[i - 1][1], samples[i][1]];
    sum += after >= before ? after - before : after;
  }
  return sum;
}

/**
 * Points of several series on one time axis, as uPlot takes them: undefined where a series has no sample, null in its
 * gaps.
 *
 * @param lines of points and the distance that is a gap
 */
export function align(lines) {
  const breaks = lines.map(({ points, gap }) => {
    const times = [];
    for (let i = 1; i < points.length; i++) {
      if (points[i][0] - points[i - 1][0] > gap) {
        times.push((points[i][0] + points[i - 1][0]) / 2);
      }
    }
    return times;
  });
  const times = [...new Set([...lines.flatMap(({ points }) => points.map(([time]) => time)), ...breaks.flat()])].sort(
    (a, b) => a - b,
  );
  const index = new Map(times.map((time, i) => [time, i]));
  const columns = lines.map(({ points }, line) => {
    const column = new Array(times.length).fill(undefined);
    points.forEach(([time, value]) => (column[index.get(time)] = value));
    breaks[line].forEach((time) => (column[index.get(time)] = null));
    return column;
  });
  return [times, ...columns];
}
