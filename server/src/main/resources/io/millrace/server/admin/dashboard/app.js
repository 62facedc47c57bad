// The page: what is asked for how often, and what a person can do.

import { ApiError, get, setToken } from './api.js';
import * as format from './format.js';
import { byId, make, setText } from './dom.js';
import { drawLatencyTiles, drawLedger, drawReady } from './health.js';
import { drawPath } from './path.js';
import { Poller } from './poll.js';
import { sparkline } from './charts.js';
import { drawLatency, drawTop } from './tables.js';
import { Users } from './users.js';
import { RANGES, View } from './view.js';
import { Windows } from './windows.js';

const HOUR = 3_600_000;
const SPARK_POINTS = 120;

const view = new View();
const spark = sparkline(byId('spark'));
const rates = [];
// What is so at the beginning is not said.
const said = new Map([['connection', 'Connected.'], ['pause', 'Live updates go on.']]);
const failing = new Map();

/** Says something to those who do not see it, only when it has changed. */
function announce(topic, text) {
  if (said.get(topic) === text) return;
  const first = !said.has(topic);
  said.set(topic, text);
  if (!first) setText(byId('announce'), text);
}

function drawConnection() {
  const banner = byId('connection');
  const failure = [...failing.values()][0];
  banner.hidden = failure === undefined;
  if (failure === undefined) {
    announce('connection', 'Connected.');
    return;
  }
  setText(banner, `${failure.what} What is shown may be old. Next try in ${format.seconds(failure.delay / 1_000)}.`);
  announce('connection', failure.what);
  if (failure.lost) {
    byId('ready').className = 'pill bad';
    setText(byId('ready-text'), 'No answer');
  }
}

function failed(task, error, delay) {
  const known = error instanceof ApiError;
  if (known && error.status === 401) askForToken();
  failing.set(task, { what: known ? `The server says: ${error.message}.` : 'The server does not answer.', lost: !known, delay });
  drawConnection();
}

function succeeded(task) {
  if (failing.delete(task)) drawConnection();
}

function askForToken() {
  const dialog = byId('token-dialog');
  if (!dialog.open) dialog.showModal();
}

async function refreshStatus() {
  const status = await get('/api/status');
  view.serverTime(Date.parse(status.time));
  view.windowMillis = status.windowMillis;
  const rate = status.path.loop?.eventsPerSecond ?? status.path.postgres?.eventsPerSecond ?? 0;
  setText(byId('rate'), format.rate(rate));
  rates.push(rate);
  if (rates.length > SPARK_POINTS) rates.shift();
  const pad = new Array(SPARK_POINTS - rates.length).fill(null);
  spark.draw('spark', [Array.from({ length: SPARK_POINTS }, (_, i) => i), [...pad, ...rates]], {});
  announce('ready', drawReady(status));
  announce('ledger', drawLedger(status.ledger));
  drawPath(byId('path'), status.path);
  drawLatencyTiles(status.latency);
  drawLatency(byId('latency'), status.latency);
}

async function refreshTop(by, table, what) {
  const { from, to } = view.shown();
  drawTop(byId(table), await get('/api/top', { by, from: Math.floor(from), to: Math.ceil(to), limit: 8 }), what);
}

async function refreshHour() {
  const to = Math.ceil(view.now());
  const top = await get('/api/top', { by: 'action', from: to - HOUR, to, limit: 1 });
  setText(byId('hour-rate'), format.rate(top.total / (HOUR / 1_000)));
  const trend = format.change(top.previousTotal ? (top.total - top.previousTotal) / top.previousTotal : null, top.previousTotal);
  const note = byId('hour-trend');
  note.className = `note ${trend.className}`;
  setText(note, trend.text === 'new' ? 'none in the hour before' : `${trend.text} on the hour before`);
}

function start() {
  const poller = new Poller(failed, succeeded);
  const refreshes = [];
  const changed = () => {
    drawButtons();
    windows.mark();
    refreshes.forEach((refresh) => refresh());
  };
  const windows = new Windows(view, changed);
  const users = new Users(view);
  const slow = () => (view.rangeMillis <= 6 * HOUR ? 5_000 : 60_000);

  const first = async () => {
    await refreshStatus();
    if (refreshes.length > 0) return;
    // Not before the window's size and the server's time are known.
    refreshes.push(
      poller.add(() => windows.refresh(), () => windows.interval()),
      poller.add(() => windows.refreshOverview(), () => Math.max(10_000, slow())),
      poller.add(() => refreshTop('element', 'elements', 'Element'), slow),
      poller.add(() => refreshTop('action', 'actions', 'Action'), slow));
    poller.add(refreshHour, () => 10_000);
    poller.add(() => users.refresh(), () => users.interval());
  };
  poller.add(first, () => 1_000);

  function drawButtons() {
    byId('zoom-out').disabled = byId('reset').disabled = byId('earlier').disabled = byId('later').disabled = !view.zoomed;
  }

  const zoom = (id, act) => byId(id).addEventListener('click', () => {
    act();
    changed();
  });
  zoom('zoom-in', () => view.scale(0.5));
  zoom('zoom-out', () => view.scale(2));
  zoom('earlier', () => view.move(-0.5));
  zoom('later', () => view.move(0.5));
  zoom('reset', () => view.zoom(null));
  drawButtons();

  for (const [label, millis] of RANGES) {
    const input = make('input', { type: 'radio', name: 'range', value: String(millis) });
    input.checked = millis === view.rangeMillis;
    input.addEventListener('change', () => {
      view.rangeMillis = millis;
      view.zoom(null);
      changed();
    });
    byId('ranges').append(make('label', {}, input, label));
  }
  byId('group').addEventListener('change', (event) => {
    view.group = event.target.value;
    changed();
  });

  const pause = byId('pause');
  pause.addEventListener('click', () => {
    poller.paused = !poller.paused;
    pause.setAttribute('aria-pressed', String(poller.paused));
    setText(pause, poller.paused ? 'Paused' : 'Pause');
    announce('pause', poller.paused ? 'Live updates are paused.' : 'Live updates go on.');
  });

  byId('token-form').addEventListener('submit', (event) => {
    event.preventDefault();
    setToken(byId('token').value.trim());
    byId('token').value = '';
    byId('token-dialog').close();
    poller.retry();
  });
}

start();
