// uPlot in the colours of the page. A chart is made anew only when its lines or the theme change; new data is handed to it, so
// that hours of updates leave nothing behind.

import uPlot from './uPlot.esm.js';
import * as format from './format.js';

const dark = matchMedia('(prefers-color-scheme: dark)');

export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** The colour of the n-th line; the rest has one of its own. */
export const lineColour = (index) => colour(index < 0 ? 'other' : `c${(index % 8) + 1}`);

/** A colour of the style sheet, which is written as six digits, let through. */
const fade = (sixDigits, alpha) => sixDigits + alpha;

function axes(stepMillis) {
  const common = { stroke: colour('quiet'), grid: { stroke: colour('line'), width: 1 }, ticks: { stroke: colour('line'), width: 1, size: 4 }, font: '12px system-ui, sans-serif' };
  return [
    { ...common, size: 30, space: 70, values: (_, splits) => splits.map((seconds, i) => tick(seconds, splits[i - 1], stepMillis)) },
    { ...common, size: 52, space: 34, values: (_, splits) => splits.map((value) => (splits.every(Number.isInteger) ? format.compact(value) : value.toFixed(1))) },
  ];
}

const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });

/** The day where it changes, the time elsewhere. */
function tick(seconds, before, stepMillis) {
  const date = new Date(seconds * 1_000);
  const midnight = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
  if (midnight || (before === undefined && stepMillis >= 3_600_000)) return day.format(date);
  return date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', second: date.getSeconds() ? '2-digit' : undefined });
}

/** A chart in a container: keeps its width, and is made anew when told to or when the theme changes. */
export class Chart {
  #container;
  #options;
  #plot = null;
  #key = null;
  #data = null;

  /** @param options makes uPlot's options from what `draw` is given */
  constructor(container, options) {
    this.#container = container;
    this.#options = options;
    new ResizeObserver(() => this.#resize()).observe(container);
    dark.addEventListener('change', () => this.#remake());
  }

  get plot() {
    return this.#plot;
  }

  /** @param key what must be the same for the chart to be kept */
  draw(key, data, model) {
    this.#data = data;
    this.model = model;
    if (this.#plot === null || this.#key !== key) {
      this.#key = key;
      this.#remake();
    } else {
      this.#plot.setData(data);
    }
  }

  #remake() {
    if (this.#data === null) return;
    this.#plot?.destroy();
    const { clientWidth: width, clientHeight: height } = this.#container;
    this.#plot = new uPlot({ width: Math.max(width, 50), height, legend: { show: false }, ...this.#options(this.model) }, this.#data, this.#container);
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.#container;
    if (this.#plot !== null && width > 0 && (width !== this.#plot.width || height !== this.#plot.height)) this.#plot.setSize({ width, height });
  }
}

/** What was dragged over, in milliseconds; null if it was only a click. */
function selected(plot) {
  const { left, width } = plot.select;
  return width < 4 ? null : { from: plot.posToVal(left, 'x') * 1_000, to: plot.posToVal(left + width, 'x') * 1_000 };
}

/** Events a second over time; dragging zooms, and the cursor shows values. */
export function linesChart(container, onSelect, onCursor) {
  return new Chart(container, (model) => ({
    cursor: { drag: { x: true, y: false, setScale: false }, y: false, points: { size: 7 } },
    scales: { x: { time: true }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.08)] } },
    axes: axes(model.stepMillis),
    series: [{}, ...model.series.map((each) => ({
      label: each.label, show: !each.hidden, stroke: lineColour(each.index), width: 2, points: { show: false },
      fill: model.series.length === 1 ? fade(lineColour(each.index), '2e') : undefined,
    }))],
    hooks: {
      setSelect: [(plot) => {
        const piece = selected(plot);
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        if (piece !== null) onSelect(piece);
      }],
      setCursor: [(plot) => onCursor(plot.cursor.idx)],
    },
  }));
}

/** The whole range, small, with the piece that is shown above it marked; dragging marks another. */
export function overviewChart(container, onSelect, marked) {
  let own = false;
  const mark = (plot) => {
    const piece = marked();
    own = true;
    if (piece === null) {
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    } else {
      const left = Math.max(0, plot.valToPos(piece.from / 1_000, 'x'));
      const right = Math.min(plot.bbox.width / devicePixelRatio, plot.valToPos(piece.to / 1_000, 'x'));
      plot.setSelect({ left, top: 0, width: Math.max(2, right - left), height: plot.bbox.height / devicePixelRatio }, false);
    }
    own = false;
  };
  const chart = new Chart(container, (model) => ({
    padding: [4, null, 0, null],
    cursor: { drag: { x: true, y: false, setScale: false }, y: false, points: { show: false } },
    scales: { x: { time: true }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.08)] } },
    axes: [{ ...axes(model.stepMillis)[0], size: 24 }, { ...axes(model.stepMillis)[1], values: (_, splits) => splits.map(() => '') }],
    series: [{}, { stroke: lineColour(0), width: 1, points: { show: false }, fill: fade(lineColour(0), '2d') }],
    hooks: {
      setSelect: [(plot) => {
        if (!own) onSelect(selected(plot));
      }],
      draw: [(plot) => mark(plot)],
    },
  }));
  return { draw: (...all) => chart.draw(...all), mark: () => chart.plot !== null && mark(chart.plot) };
}

/** A line without axes. */
export function sparkline(container) {
  return new Chart(container, () => ({
    padding: [2, 0, 0, 0],
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [{ show: false }, { show: false }],
    series: [{}, { stroke: lineColour(0), width: 1.5, points: { show: false }, fill: fade(lineColour(0), '26') }],
  }));
}

/** A bar for each window. */
export function barsChart(container) {
  return new Chart(container, (model) => ({
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { time: true, range: (_, min, max) => [min - model.stepMillis / 1_000, max + model.stepMillis / 1_000] }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.08)] } },
    axes: axes(model.stepMillis),
    series: [{}, { stroke: lineColour(0), fill: fade(lineColour(0), '8c'), width: 1, points: { show: false }, paths: uPlot.paths.bars({ size: [0.75, 40] }) }],
  }));
}
