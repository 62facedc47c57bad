// Which time is looked at: a range that ends now, or a piece of it that was chosen by the brush.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const RANGES = [
  ['15 min', 15 * MINUTE],
  ['1 h', HOUR],
  ['6 h', 6 * HOUR],
  ['24 h', DAY],
  ['7 days', 7 * DAY],
  ['30 days', 30 * DAY],
  ['90 days', 90 * DAY],
];

const MAX_STEPS = 1_500;

export class View {
  rangeMillis = HOUR;
  windowMillis = 10_000;
  group = 'action';
  #brush = null;
  #skewMillis = 0;

  /** The server's clock goes before the browser's. */
  serverTime(millis) {
    this.#skewMillis = millis - Date.now();
  }

  now() {
    return Date.now() + this.#skewMillis;
  }

  get zoomed() {
    return this.#brush !== null;
  }

  whole() {
    const to = this.now();
    return { from: to - this.rangeMillis, to };
  }

  shown() {
    return this.#brush ?? this.whole();
  }

  /** The step for a length of time: as fine as PostgreSQL gives it in a blink. From an hour up it has a roll-up. */
  step(millis) {
    const steps = [this.windowMillis, MINUTE, HOUR, 6 * HOUR, DAY].filter((step) => step % this.windowMillis === 0);
    const fits = (step) =>
      millis / step <= MAX_STEPS && millis <= (step < MINUTE ? HOUR : step < HOUR ? 6 * HOUR : step < 6 * HOUR ? 8 * DAY : step < DAY ? 31 * DAY : Infinity) * 1.01;
    return steps.find(fits) ?? steps[steps.length - 1];
  }

  /** Shows a piece; at least four windows of it, within the whole range. Null shows the whole range again. */
  zoom(piece) {
    if (piece === null) {
      this.#brush = null;
      return;
    }
    const whole = this.whole();
    const least = 4 * this.windowMillis;
    const length = Math.min(Math.max(piece.to - piece.from, least), this.rangeMillis);
    const from = Math.max(whole.from, Math.min(piece.from, whole.to - length));
    this.#brush = length >= this.rangeMillis * 0.99 ? null : { from, to: from + length };
  }

  scale(factor) {
    const { from, to } = this.shown();
    const middle = (from + to) / 2;
    const half = ((to - from) / 2) * factor;
    this.zoom({ from: middle - half, to: middle + half });
  }

  move(share) {
    const { from, to } = this.shown();
    const by = (to - from) * share;
    this.zoom({ from: from + by, to: to + by });
  }
}

export const stepText = (millis) =>
  millis % DAY === 0 ? `${millis / DAY}d` : millis % HOUR === 0 ? `${millis / HOUR}h` : millis % MINUTE === 0 ? `${millis / MINUTE}m` : millis % 1_000 === 0 ? `${millis / 1_000}s` : `${millis}ms`;
