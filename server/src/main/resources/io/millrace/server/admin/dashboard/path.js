// The way of an event as a picture: each stage with its rate, what waits there, and how full it is.

import * as format from './format.js';
import { make, meter } from './dom.js';

const GOOD = 'good';
const WARN = 'warn';
const BAD = 'bad';

const AWAY = { state: 'away', word: 'not here', rate: null, notes: ['runs in another process'] };

/** How a waiting time stands to the one that the server allows. */
function age(seconds, maxSeconds) {
  if (seconds > maxSeconds) return [BAD, 'stuck'];
  return seconds > maxSeconds / 3 ? [WARN, 'behind'] : [GOOD, 'flows'];
}

function worst(...states) {
  return states.find(([state]) => state === BAD) ?? states.find(([state]) => state === WARN) ?? states[0];
}

function loop(stage) {
  const [state, word] = stage.shedPerSecond > 0 ? [BAD, 'sheds'] : stage.rejectedPerSecond > 0 ? [WARN, 'rejects some'] : [GOOD, 'flows'];
  const notes = [`${format.rate(stage.requestsPerSecond)} requests/s, ${format.count(stage.connections)} ${stage.connections === 1 ? 'connection' : 'connections'}`];
  if (stage.rejectedPerSecond > 0) notes.push(`${format.rate(stage.rejectedPerSecond)} events/s rejected`);
  if (stage.shedPerSecond > 0) notes.push(`${format.rate(stage.shedPerSecond)} requests/s shed`);
  return { state, word, rate: stage.eventsPerSecond, notes };
}

function journal(stage, path) {
  const fill = stage.capacityBytes > 0 ? stage.usedBytes / stage.capacityBytes : 0;
  const full = fill > 0.9 ? [BAD, 'nearly full'] : fill > 0.5 ? [WARN, 'filling'] : [GOOD, 'flows'];
  const [state, word] = worst(full, age(stage.oldestSeconds, path.maxAgeSeconds));
  return {
    state, word, rate: stage.eventsPerSecond, fill,
    fillText: `${format.bytes(stage.usedBytes)} of ${format.bytes(stage.capacityBytes)}`,
    notes: [`${format.count(stage.waitingEvents)} wait for Redis, ${format.seconds(stage.oldestSeconds)}`],
  };
}

function redis(stage, path) {
  const link = { shipping: [GOOD, 'flows'], done: [GOOD, 'drained'], resync: [BAD, 'no answer'], refusing: [BAD, 'refused'] }[stage.state];
  const [state, word] = worst(link, age(stage.oldestSeconds, path.maxAgeSeconds));
  return {
    state, word, rate: stage.eventsPerSecond,
    fill: stage.oldestSeconds / path.maxAgeSeconds,
    fillText: `oldest ${format.seconds(stage.oldestSeconds)} of ${format.seconds(path.maxAgeSeconds)} allowed`,
    notes: [`${format.count(stage.waitingEvents)} wait for PostgreSQL`],
  };
}

function aggregator(stage) {
  return { state: stage.connected ? GOOD : BAD, word: stage.connected ? 'flows' : 'no store', rate: stage.eventsPerSecond, notes: ['folds into windows'] };
}

function postgres(stage) {
  return {
    state: stage.busy > 0.8 ? WARN : GOOD, word: stage.busy > 0.8 ? 'busy' : 'flows', rate: stage.eventsPerSecond,
    fill: stage.busy, fillText: `${format.percent(stage.busy)} of the time in commits`,
    notes: [`${format.rate(stage.flushesPerSecond)} commits/s of ${format.micros(stage.flushMillis * 1e3)}`],
  };
}

const STAGES = [['Event loop', 'loop', loop], ['Journal', 'journal', journal], ['Redis', 'redis', redis], ['Aggregator', 'aggregator', aggregator], ['PostgreSQL', 'postgres', postgres]];

function draw(name, stage) {
  const item = make('li', { class: `stage ${stage.state}${stage.rate > 0 ? ' moving' : ''}` });
  item.append(make('span', { class: 'name' }, name, make('span', { class: 'word' }, stage.word)));
  item.append(make('span', { class: 'flow' }, stage.rate === null ? '–' : `${format.rate(stage.rate)}/s`));
  if (stage.fill !== undefined) item.append(meter(`${name}, fill`, stage.fill, stage.fillText), make('span', { class: 'note' }, stage.fillText));
  for (const note of stage.notes) item.append(make('span', { class: 'note' }, note));
  return item;
}

export function drawPath(list, path) {
  list.replaceChildren(...STAGES.map(([name, key, read]) => draw(name, path[key] === null ? AWAY : read(path[key], path))));
}
