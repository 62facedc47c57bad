// The windows as a chart: the range as a whole, the piece of it that was chosen, and its lines. What is live is fetched as a few
// steps at the end; now and then everything is fetched anew, for what came late.

import { get } from './api.js';
import * as format from './format.js';
import { byId, make, setText } from './dom.js';
import { lineColour, linesChart, overviewChart } from './charts.js';
import { drawSeries } from './tables.js';
import { stepText } from './view.js';

const LINES = 7;
const TAIL_STEPS = 3;
const OTHER = 'all others';
const ALL = 'all events';

/** Steps that are not over are left away if they are short, and taken as far as they have come if they are long. */
function perSecond(count, start, stepMillis, now) {
  const past = Math.min(stepMillis, now - start);
  return past < stepMillis && (stepMillis <= 60_000 || past < stepMillis / 10) ? null : count / (past / 1_000);
}

export class Windows {
  #view;
  #chart;
  #overview;
  #shown = null;
  #whole = null;
  #hidden = new Set();
  #cursor = null;

  constructor(view, onZoom) {
    this.#view = view;
    const zoom = (piece) => {
      view.zoom(piece);
      onZoom();
    };
    this.#chart = linesChart(byId('windows'), zoom, (index) => this.#values(index));
    this.#overview = overviewChart(byId('overview'), zoom, () => (view.zoomed ? view.shown() : null));
    byId('windows-details').addEventListener('toggle', () => this.#table());
  }

  /** How long what is shown stays new. */
  interval() {
    const step = this.#shown?.stepMillis ?? 10_000;
    return step < 60_000 ? 1_000 : step < 3_600_000 ? 5_000 : 15_000;
  }

  /** Fetches what is missing of the piece that is shown, and draws it. */
  async refresh() {
    const view = this.#view;
    const { from, to } = view.shown();
    const stepMillis = view.step(to - from);
    const key = `${view.group} ${stepMillis} ${view.zoomed ? `${from} ${to}` : view.rangeMillis}`;
    const last = this.#shown;
    if (last?.key === key && view.zoomed && to < view.now() - 120_000 && Date.now() - last.fetched < 60_000) return;
    const whole = last?.key !== key || Date.now() - last.fetched > (stepMillis < 3_600_000 ? 60_000 : 300_000);
    const start = whole ? from : Math.max(from, to - TAIL_STEPS * stepMillis);
    const body = await get('/api/timeseries', { from: Math.floor(start), to: Math.ceil(to), step: stepText(stepMillis), group: view.group, limit: whole ? LINES : 20 });
    // The person may have chosen something else meanwhile; that is being fetched already.
    const now = view.shown();
    if (`${view.group} ${stepMillis} ${view.zoomed ? `${now.from} ${now.to}` : view.rangeMillis}` !== key) return;
    this.#shown = whole ? this.#taken(body, key) : this.#extended(last, body, from);
    this.#draw();
  }

  /** Fetches the whole range, of all events together. */
  async refreshOverview() {
    const { from, to } = this.#view.whole();
    const stepMillis = this.#view.step(to - from);
    const body = await get('/api/timeseries', { from: Math.floor(from), to: Math.ceil(to), step: stepText(stepMillis) });
    this.#whole = this.#taken({ ...body, group: null }, 'whole');
    const { times, series } = this.#plotted(this.#whole);
    this.#overview.draw(`${stepMillis}`, [times, series[0]], { stepMillis });
  }

  mark() {
    this.#overview.mark();
  }

  #taken(body, key) {
    const start = Date.parse(body.from);
    const steps = (Date.parse(body.to) - start) / body.stepMillis;
    const times = Array.from({ length: steps }, (_, i) => start + i * body.stepMillis);
    const series = body.series.map((each, index) => ({ label: each.name ?? ALL, index, counts: each.counts }));
    if (body.other !== null) series.push({ label: OTHER, index: -1, counts: body.other.counts });
    if (series.length === 0) series.push({ label: body.group ? 'no events' : ALL, index: 0, counts: times.map(() => 0) });
    return { key, times, series, stepMillis: body.stepMillis, fetched: Date.now() };
  }

  /** Lays the last steps over what is there, and lets as many go at the other end. */
  #extended(last, body, from) {
    const start = Date.parse(body.from);
    const steps = (Date.parse(body.to) - start) / body.stepMillis;
    const known = new Map(last.series.map((each) => [each.label, each]));
    const keep = last.times.filter((time) => time + body.stepMillis > from && time < start);
    const offset = last.times.findIndex((time) => time === keep[0]);
    const times = [...keep, ...Array.from({ length: steps }, (_, i) => start + i * body.stepMillis)];
    const tails = new Map(last.series.map((each) => [each.label, new Array(steps).fill(0)]));
    let fetched = last.fetched;
    for (const each of [...body.series, ...(body.other === null ? [] : [body.other])]) {
      const name = each.name ?? (this.#view.group ? OTHER : ALL);
      const tail = tails.get(name) ?? tails.get(OTHER);
      // A name that has no line yet: everything is fetched anew next time.
      if (tail === undefined) fetched = 0;
      else each.counts.forEach((count, i) => (tail[i] += count));
    }
    const series = last.series.map((each) => ({ ...known.get(each.label), counts: [...(keep.length ? each.counts.slice(offset, offset + keep.length) : []), ...tails.get(each.label)] }));
    return { ...last, times, series, fetched };
  }

  #plotted({ times, series, stepMillis }) {
    const now = this.#view.now();
    return { times: times.map((time) => time / 1_000), series: series.map((each) => each.counts.map((count, i) => perSecond(count, times[i], stepMillis, now))) };
  }

  #draw() {
    const shown = this.#shown;
    const { times, series } = this.#plotted(shown);
    const lines = shown.series.map((each) => ({ ...each, hidden: this.#hidden.has(each.label) }));
    const key = JSON.stringify([shown.stepMillis, lines.map((line) => [line.label, line.index, line.hidden])]);
    this.#chart.draw(key, [times, ...series], { series: lines, stepMillis: shown.stepMillis });
    this.#legend(key, lines);
    this.#values(this.#cursor);
    const total = shown.series.reduce((sum, each) => sum + each.counts.reduce((a, b) => a + b, 0), 0);
    const first = shown.times[0];
    const end = shown.times[shown.times.length - 1] + shown.stepMillis;
    setText(byId('windows-summary'), `${format.count(total)} events from ${format.stepTime(first, 3_600_000)} to ${format.stepTime(end, 3_600_000)}, a point for each ${stepText(shown.stepMillis)}, in events per second.`);
    this.#table();
    this.mark();
  }

  #legend(key, lines) {
    const list = byId('legend');
    if (list.dataset.key === key) return;
    list.dataset.key = key;
    list.replaceChildren(...lines.map((line) => {
      const swatch = make('span', { class: 'swatch', 'aria-hidden': 'true' });
      swatch.style.background = lineColour(line.index);
      const button = make('button', { type: 'button', 'aria-pressed': String(!line.hidden) }, swatch, make('span', {}, line.label), make('span', { class: 'note', 'aria-hidden': 'true' }));
      button.addEventListener('click', () => {
        if (!this.#hidden.delete(line.label)) this.#hidden.add(line.label);
        this.#draw();
        byId('legend').children[lines.indexOf(line)]?.querySelector('button').focus();
      });
      return make('li', {}, button);
    }));
  }

  /** The values under the cursor, beside the names. */
  #values(index) {
    this.#cursor = index;
    const plot = this.#chart.plot;
    if (plot === null) return;
    const notes = byId('legend').querySelectorAll('.note');
    notes.forEach((note, i) => setText(note, index === null || index === undefined ? '' : `${format.rate(plot.data[i + 1]?.[index])}/s`));
  }

  #table() {
    if (byId('windows-details').open && this.#shown !== null) drawSeries(byId('windows-table'), this.#shown.times, this.#shown.series, this.#shown.stepMillis);
  }
}
