// Whether the server is well: the pill, the tiles and the ledger.

import * as format from './format.js';
import { byId, make, setText } from './dom.js';

export function drawReady(status) {
  const pill = byId('ready');
  const state = status.lifecycle === 'draining' ? ['warn', 'Stopping'] : status.ready ? ['good', 'Ready'] : ['bad', 'Not ready'];
  pill.className = `pill ${state[0]}`;
  setText(byId('ready-text'), state[1]);
  const reasons = byId('reasons');
  reasons.hidden = status.reasons.length === 0;
  const texts = status.reasons.map((reason) => reason.message);
  if (reasons.dataset.shown !== texts.join('\n')) {
    reasons.dataset.shown = texts.join('\n');
    reasons.replaceChildren(...texts.map((text) => make('li', {}, text)));
  }
  setText(byId('clock'), `${format.clock(Date.parse(status.time))}, up ${format.seconds(status.uptimeSeconds)}`);
  setText(byId('version'), `Millrace ${status.version}`);
  return state[1];
}

export function drawLatencyTiles(latency) {
  setText(byId('p99'), format.micros(latency?.p99Micros));
  setText(byId('p50'), latency === null ? 'no ingest port here' : `median ${format.micros(latency.p50Micros)}`);
  setText(byId('latency-note'), latency === null ? 'This process has no ingest port.' : `${format.count(latency.requests)} requests in the last minute; bars are logarithmic.`);
}

const LINES = [['accepted', 'Accepted'], ['streamed', 'In Redis'], ['stored', 'Stored'], ['counted', 'Counted in windows'], ['inFlight', 'On their way'], ['duplicates', 'Duplicates'], ['poisoned', 'Set aside'], ['lost', 'Lost'], ['expired', 'Expired'], ['difference', 'Difference']];

/** Draws the books; returns what there is to say about them. */
export function drawLedger(ledger) {
  if (ledger === null) {
    setText(byId('ledger-state'), 'The books have not been made up yet.');
    return 'unknown';
  }
  const [state, text] = ledger.balanced === null ? ['', 'No PostgreSQL here to compare with.'] : ledger.balanced ? ['good', 'The books balance.'] : ['bad', 'The books do not balance.'];
  byId('ledger-state').className = `state ${state}`;
  setText(byId('ledger-state'), text);
  byId('books').className = `big ${state}`;
  setText(byId('books'), ledger.balanced === null ? 'unknown' : ledger.balanced ? 'balance' : 'off');
  setText(byId('books-note'), `${format.compact(ledger.inFlight)} on their way, ${format.compact(ledger.lost ?? 0)} lost`);
  const list = byId('ledger');
  if (list.children.length === 0) {
    for (const [name, label] of LINES) list.append(make('dt', {}, label), make('dd', { 'data-name': name }));
  }
  for (const value of list.querySelectorAll('dd')) setText(value, format.count(ledger[value.dataset.name]));
  return text;
}
