/*
 * The tracker of Millrace: counts page views, views of and clicks on named elements, and how far a page was scrolled.
 *
 *   <script async src="https://events.example/tracker.js" data-write-key="..."></script>
 *   <button data-millrace="buy">Buy</button>
 *
 * docs/tracker.md says how to use it. What is served is tracker.min.js, which TrackerMinifierTest makes of this file.
 */
(function () {
  'use strict';

  /** Events wait this long for others to go with them. The server dates them by their arrival. */
  const WAIT_MILLIS = 2000;
  /** Unless the server says when to come back. */
  const RETRY_SECONDS = 30;
  /** A beacon holds 64 KiB, and 50 of the longest events that the server takes are less. */
  const MAX_BATCH = 50;
  /** Of a server that is away for long, a page remembers the last ones. */
  const MAX_QUEUE = 200;

  const script = document.currentScript;
  const before = window.millrace;
  if (!script || (before && !before.q)) {
    // A second tag, or a module, in which no script is the current one.
    return;
  }
  const options = script.dataset;

  if (navigator.globalPrivacyControl || navigator.doNotTrack === '1' || window.doNotTrack === '1') {
    // Nothing is stored, nothing is sent, and the page need not know.
    window.millrace = { track() {} };
    return;
  }

  const random = (words) =>
    Array.from(crypto.getRandomValues(new Uint32Array(words)), (word) => word.toString(36)).join('');

  const page = (options.page || location.pathname).slice(0, 256);
  const visit = random(3);
  let user = options.userId;
  let queue = [];
  let sequence = 0;
  let delayMillis = WAIT_MILLIS;
  let timer = 0;

  if (!user && options.storage !== 'none') {
    try {
      // Where storage is forbidden, already the property throws.
      user = window.localStorage.getItem('millrace');
      if (!user) {
        user = random(4);
        window.localStorage.setItem('millrace', user);
      }
    } catch (forbidden) {
      // The id holds for this page only.
    }
  }
  user = user || random(4);

  const url = (path, parameters) => {
    const query = new URLSearchParams(parameters);
    if (options.writeKey) {
      query.set('writeKey', options.writeKey);
    }
    return new URL(path + '?' + query, script.src).href;
  };

  const flushLater = () => {
    timer = timer || setTimeout(flush, delayMillis);
  };

  /** Sent again, an event has its own time, and the id by which the server counts it once. */
  const retry = (events, seconds) => {
    events.forEach((event) => {
      event.timestamp = event.timestamp || Date.now();
    });
    queue = events.concat(queue).slice(-MAX_QUEUE);
    delayMillis = (seconds || RETRY_SECONDS) * 1000;
    flushLater();
  };

  /** One after the other: a server that does not answer, or what keeps the page from it, is asked once and not for each. */
  const sendPixels = (events) => {
    const image = new Image();
    image.onload = () => {
      delayMillis = WAIT_MILLIS;
      if (events.length > 1) {
        sendPixels(events.slice(1));
      }
    };
    image.onerror = () => retry(events);
    image.src = url('pixel.gif', events[0]);
  };

  const sendWithout = (events, leaving) => {
    if (leaving) {
      events.forEach((event) => sendPixels([event]));
    } else {
      sendPixels(events);
    }
  };

  const sendFetch = (events, body, leaving) =>
    // A string goes as text/plain, which needs no preflight.
    fetch(url('events'), { method: 'POST', body, keepalive: true, credentials: 'omit' }).then(
      (reply) => {
        delayMillis = WAIT_MILLIS;
        if (reply.status > 499) {
          retry(events, reply.headers.get('Retry-After'));
        }
      },
      () => sendWithout(events, leaving),
    );

  const send = (events, leaving) => {
    const body = JSON.stringify(events);
    try {
      // A beacon outlives the page, but nobody hears what became of it.
      if (!leaving || !navigator.sendBeacon || !navigator.sendBeacon(url('events'), body)) {
        sendFetch(events, body, leaving);
      }
    } catch (missing) {
      sendWithout(events, leaving);
    }
  };

  const flush = (leaving) => {
    clearTimeout(timer);
    timer = 0;
    while (queue.length) {
      send(queue.splice(0, MAX_BATCH), leaving);
    }
  };

  const track = (action, element) => {
    queue.push({
      user_id: user,
      action: '' + action,
      element: '' + element,
      event_id: visit + '.' + ++sequence,
    });
    queue = queue.slice(-MAX_QUEUE);
    flushLater();
  };

  window.millrace = { track };

  /* Page views: a page that is opened in the background, or ahead of time, is viewed when it is shown. */

  let shown = false;
  const onVisibility = () => {
    if (document.visibilityState === 'hidden') {
      flush(true);
    } else if (!shown) {
      shown = true;
      track('view', page);
    }
  };
  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('pagehide', () => flush(true));
  onVisibility();

  if (before) {
    before.q.forEach((call) => track(call[0], call[1]));
  }

  /* Clicks, before any handler of the page can stop them on their way. */

  document.addEventListener(
    'click',
    (event) => {
      const named = event.target.closest && event.target.closest('[data-millrace]:not([data-millrace-on=view])');
      if (named) {
        track('click', named.dataset.millrace);
      }
    },
    true,
  );

  /* Scroll depth, in quarters of the way. */

  let depth = 0;
  window.addEventListener(
    'scroll',
    () => {
      const way = document.documentElement.scrollHeight - window.innerHeight;
      // The last pixel may be a fraction of one.
      while (way > 0 && depth < 100 && window.scrollY + 1 >= (way * (depth + 25)) / 100) {
        depth += 25;
        track('scroll_' + depth, page);
      }
    },
    { passive: true },
  );

  /* Views: half of an element, or half a screen of it, was on the screen. Once for each element. */

  const known = new WeakSet();
  const observer = new IntersectionObserver(
    (entries) =>
      entries.forEach((entry) => {
        if (entry.intersectionRatio >= 0.5 || entry.intersectionRect.height * 2 >= window.innerHeight) {
          observer.unobserve(entry.target);
          track('view', entry.target.dataset.millrace);
        }
      }),
    { threshold: [0.5, 0.2, 0.1, 0.05, 0.02] },
  );

  let scanTimer = 0;
  const scan = () => {
    scanTimer = 0;
    document.querySelectorAll('[data-millrace]:not([data-millrace-on=click])').forEach((named) => {
      if (!known.has(named)) {
        known.add(named);
        observer.observe(named);
      }
    });
  };
  new MutationObserver(() => {
    scanTimer = scanTimer || setTimeout(scan, 100);
  }).observe(document, { childList: true, subtree: true, attributeFilter: ['data-millrace'] });
  scan();
})();
