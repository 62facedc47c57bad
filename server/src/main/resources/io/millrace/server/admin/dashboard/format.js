// Numbers, times and sizes as people read them.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const NONE = '–';

const known = (value) => value !== null && value !== undefined && Number.isFinite(value);

export const count = (value) => (known(value) ? whole.format(value) : NONE);

export const compact = (value) => (known(value) ? (Math.abs(value) < 10_000 ? whole.format(value) : short.format(value)) : NONE);

/** A rate: one decimal place while it is small. */
export function rate(value) {
  if (!known(value)) return NONE;
  return value < 100 ? value.toFixed(1) : compact(value);
}

export function bytes(value) {
  if (!known(value)) return NONE;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export function micros(value) {
  if (!known(value)) return NONE;
  if (value < 1_000) return `${Math.round(value)} µs`;
  if (value < 1_000_000) return `${(value / 1e3).toPrecision(3)} ms`;
  return `${(value / 1e6).toPrecision(3)} s`;
}

export function seconds(value) {
  if (!known(value)) return NONE;
  if (value < 1) return `${Math.round(value * 1_000)} ms`;
  if (value < 120) return `${value.toFixed(value < 10 ? 1 : 0)} s`;
  if (value < 7_200) return `${Math.round(value / 60)} min`;
  return value < 172_800 ? `${Math.round(value / 3_600)} h` : `${Math.round(value / 86_400)} days`;
}

export const percent = (value) => (known(value) ? `${Math.round(value * 100)}%` : NONE);

const clockTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const minuteTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dayTime = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

export const clock = (millis) => clockTime.format(millis);

/** A time as exact as the steps that it is one of. */
export const stepTime = (millis, stepMillis) =>
  (stepMillis < 60_000 ? clockTime : stepMillis < 3_600_000 ? minuteTime : dayTime).format(millis);

/** What changed, in words: the sign is for those who cannot see the arrow. */
export function change(value, previous) {
  if (!known(value)) return { text: previous === 0 ? 'new' : NONE, className: '' };
  if (Math.abs(value) < 0.005) return { text: 'steady', className: '' };
  const text = Math.abs(value) >= 10 ? `${value > 0 ? '+' : '−'}${Math.round(Math.abs(value))}×` : `${value > 0 ? '+' : '−'}${Math.round(Math.abs(value) * 100)}%`;
  return { text, className: value > 0 ? 'up' : 'down' };
}
