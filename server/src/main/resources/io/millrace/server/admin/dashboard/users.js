// Unique users of the last windows. Counting them reads who was there, so each window is asked for while it is new, and kept.

import { get } from './api.js';
import * as format from './format.js';
import { byId, setText } from './dom.js';
import { barsChart } from './charts.js';
import { drawSeries } from './tables.js';
import { stepText } from './view.js';

const WINDOWS = 30;
const TAIL = 3;

export class Users {
  #view;
  #chart = barsChart(byId('users'));
  #counts = new Map();

  constructor(view) {
    this.#view = view;
    byId('users-details').addEventListener('toggle', () => this.#table());
  }

  interval() {
    return Math.max(2_000, Math.min(this.#view.windowMillis, 60_000) / 2);
  }

  async refresh() {
    const window = this.#view.windowMillis;
    // The last window that is over; a minute is the most that is read at once of windows that long.
    const end = Math.floor(this.#view.now() / window) * window;
    const most = Math.min(WINDOWS, Math.floor((24 * 3_600_000) / window));
    const missing = !this.#counts.has(end - TAIL * window);
    const from = end - (missing ? most : TAIL) * window;
    const body = await get('/api/users/count', { from, to: end, step: stepText(window) });
    body.counts.forEach((users, i) => this.#counts.set(Date.parse(body.from) + i * window, users));
    for (const start of this.#counts.keys()) if (start < end - most * window) this.#counts.delete(start);
    this.#draw();
  }

  #sorted() {
    return [...this.#counts.entries()].sort(([left], [right]) => left - right);
  }

  #draw() {
    const window = this.#view.windowMillis;
    const sorted = this.#sorted();
    this.#chart.draw(`${window}`, [sorted.map(([start]) => start / 1_000), sorted.map(([, users]) => users)], { stepMillis: window });
    const last = sorted[sorted.length - 1];
    setText(byId('window-users'), format.count(last[1]));
    setText(byId('window-span'), `${format.clock(last[0])}, ${stepText(window)} long`);
    this.#table();
  }

  #table() {
    if (!byId('users-details').open) return;
    const sorted = this.#sorted();
    drawSeries(byId('users-table'), sorted.map(([start]) => start), [{ label: 'Users', counts: sorted.map(([, users]) => users) }], this.#view.windowMillis);
  }
}
