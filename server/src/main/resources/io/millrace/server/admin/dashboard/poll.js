// Runs tasks again and again: one at a time each, not while the tab is hidden or the person has paused, and less and less often
// while they fail.

const MAX_DELAY_MILLIS = 30_000;

export class Poller {
  #tasks = new Set();
  #paused = false;
  #onFailure;
  #onSuccess;

  constructor(onFailure, onSuccess) {
    this.#onFailure = onFailure;
    this.#onSuccess = onSuccess;
    document.addEventListener('visibilitychange', () => this.#wake());
  }

  get paused() {
    return this.#paused;
  }

  set paused(paused) {
    this.#paused = paused;
    this.#wake();
  }

  /** Adds a task; `interval` says how long to wait after a success. Returns a function that runs it at once. */
  add(run, interval) {
    const task = { run, interval, timer: 0, running: false, again: false, failures: 0 };
    this.#tasks.add(task);
    void this.#run(task);
    return () => {
      task.failures = 0;
      void this.#run(task, true);
    };
  }

  /** Runs all tasks now: a person has done something about what failed. */
  retry() {
    for (const task of this.#tasks) {
      task.failures = 0;
      void this.#run(task);
    }
  }

  #idle() {
    return this.#paused || document.hidden;
  }

  #wake() {
    for (const task of this.#tasks) {
      clearTimeout(task.timer);
      if (!this.#idle()) void this.#run(task);
    }
  }

  async #run(task, asked = false) {
    clearTimeout(task.timer);
    if (task.running) {
      task.again ||= asked;
      return;
    }
    task.running = true;
    let delay;
    try {
      await task.run();
      task.failures = 0;
      delay = task.interval();
      this.#onSuccess(task);
    } catch (error) {
      task.failures++;
      delay = Math.min(MAX_DELAY_MILLIS, 1_000 * 2 ** Math.min(task.failures - 1, 5));
      this.#onFailure(task, error, delay);
    }
    task.running = false;
    if (task.again) {
      task.again = false;
      void this.#run(task);
    } else if (!this.#idle()) {
      task.timer = setTimeout(() => void this.#run(task), delay);
    }
  }
}
