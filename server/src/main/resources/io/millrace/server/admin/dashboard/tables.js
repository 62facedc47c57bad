// Tables: the most frequent names, and what stands behind the charts.

import * as format from './format.js';
import { make, meter } from './dom.js';

function head(...names) {
  return make('thead', {}, make('tr', {}, ...names.map(([name, number]) => make('th', { scope: 'col', class: number ? 'number' : '' }, name))));
}

/** Nothing to show is said, not left blank. */
function empty(table, columns, text) {
  table.append(make('tbody', {}, make('tr', {}, make('td', { colspan: String(columns), class: 'note' }, text))));
}

export function drawTop(table, top, what) {
  table.replaceChildren(head([what], ['Events', true], ['Share'], ['Trend', true]));
  table.querySelectorAll('th')[2].classList.add('share');
  if (top.rows.length === 0) {
    empty(table, 4, 'No events in this range.');
    return;
  }
  const body = make('tbody');
  for (const row of top.rows) {
    const trend = format.change(row.change, row.previous);
    const share = top.total > 0 ? row.count / top.total : 0;
    body.append(make('tr', {},
      make('th', { scope: 'row' }, row.name),
      make('td', { class: 'number' }, format.compact(row.count)),
      make('td', { class: 'share' }, meter(`Share of ${row.name}`, share, format.percent(share))),
      make('td', { class: `number ${trend.className}`, title: `${format.count(row.previous)} in the time before` }, trend.text)));
  }
  table.append(body);
}

/** The newest first. */
export function drawSeries(table, times, series, stepMillis) {
  table.replaceChildren(head(['Time'], ...series.map((each) => [each.label, true])));
  if (times.length === 0 || series.length === 0) {
    empty(table, series.length + 1, 'No events in this range.');
    return;
  }
  const body = make('tbody');
  for (let i = times.length - 1; i >= 0; i--) {
    body.append(make('tr', {},
      make('th', { scope: 'row' }, make('time', { datetime: new Date(times[i]).toISOString() }, format.stepTime(times[i], stepMillis))),
      ...series.map((each) => make('td', { class: 'number' }, format.count(each.counts[i])))));
  }
  table.append(body);
}

export function drawLatency(table, latency) {
  const rows = latency === null ? [] : [['50%', latency.p50Micros], ['90%', latency.p90Micros], ['99%', latency.p99Micros], ['99.9%', latency.p999Micros], ['longest', latency.maxMicros]];
  table.replaceChildren(head(['Percentile'], [''], ['Time', true]));
  const longest = Math.log10(Math.max(10, latency?.maxMicros ?? 0));
  const body = make('tbody');
  for (const [name, micros] of rows) {
    const share = micros > 0 ? Math.log10(Math.max(1, micros)) / longest : 0;
    body.append(make('tr', {}, make('th', { scope: 'row' }, name), make('td', {}, meter(`${name}, logarithmic`, share, format.micros(micros))), make('td', { class: 'number' }, format.micros(micros))));
  }
  table.append(body);
}
