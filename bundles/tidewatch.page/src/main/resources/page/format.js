// Numbers and times as text.

const SI = ['', 'k', 'M', 'G', 'T', 'P'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];

/** A number with about three digits that mean something. */
export function number(value) {
  if (!Number.isFinite(value)) {
    return String(value);
  }
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e15)) {
    return value.toExponential(2);
  }
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

function scaled(value, prefixes, base, unit) {
  let power = 0;
  let rest = value;
  while (Math.abs(rest) >= base && power < prefixes.length - 1) {
    rest /= base;
    power++;
  }
  return `${number(rest)} ${prefixes[power]}${unit}`.trimEnd();
}

export const bytes = (value) => scaled(value, BINARY, 1024, 'B');

const FORMATS = {
  bytes,
  'bytes/s': (value) => scaled(value, SI, 1000, 'B/s'),
  'bit/s': (value) => scaled(value, SI, 1000, 'bit/s'),
  percent: (value) => `${number(value)} %`,
  celsius: (value) => `${number(value)} °C`,
  hertz: (value) => scaled(value, SI, 1000, 'Hz'),
  seconds: (value) => (Math.abs(value) < 1 && value !== 0 ? `${number(value * 1000)} ms` : `${number(value)} s`),
  ms: (value) => `${number(value)} ms`,
  age: (value) => duration(value),
  '': (value) => (Math.abs(value) >= 1e6 ? scaled(value, SI, 1000, '') : number(value)),
};

/** A value with its unit; a unit that is not known follows the number. */
export function value(amount, unit) {
  if (amount === null || amount === undefined) {
    return '–';
  }
  return (FORMATS[unit] ?? ((given) => `${number(given)} ${unit}`))(amount);
}

const PLAIN = { percent: '%', celsius: '°C', hertz: 'Hz', seconds: 's', bytes: 'B', 'bytes/s': 'B/s', age: 's' };

/** A unit as the heading of a plot shows it. */
export const unitSign = (unit) => PLAIN[unit] ?? unit;

/** A span of time: 45 s, 12 min, 3 h 20 min, 2 d 4 h. */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) {
    return '–';
  }
  if (seconds < 100) {
    return `${seconds < 10 && !Number.isInteger(seconds) ? seconds.toFixed(1) : Math.round(seconds)} s`;
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 100 && minutes % 60) {
    return `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  }
  const days = Math.floor(hours / 24);
  return hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`;
}

const two = (part) => String(part).padStart(2, '0');

/** hh:mm:ss of this browser's time zone. */
export function clock(seconds, withSeconds = true) {
  const date = new Date(seconds * 1000);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return withSeconds ? `${time}:${two(date.getSeconds())}` : time;
}

export function day(seconds) {
  const date = new Date(seconds * 1000);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The time, with its date unless that is the present day. */
export function moment(seconds, now) {
  return day(seconds) === day(now) ? clock(seconds) : `${day(seconds)} ${clock(seconds)}`;
}

/** As a field of type datetime-local has it. */
export const local = (seconds) => `${day(seconds)}T${clock(seconds)}`;

/** Seconds since 1970 of the text of such a field; NaN if it is empty. */
export const fromLocal = (text) => new Date(text).getTime() / 1000;
