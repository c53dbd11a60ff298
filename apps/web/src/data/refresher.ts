/**
 * Runs a task soon after it was asked for, once for many requests, never twice at a time.
 *
 * A burst of fills asks for the account after each of them; it is read once, and once more if
 * something came while it was being read.
 */
export class Refresher {
  readonly #task: () => Promise<void>;
  readonly #delayMs: number;
  #isPlanned = false;
  #isRunning = false;
  #isWantedAgain = false;

  constructor(task: () => Promise<void>, delayMs: number) {
    this.#task = task;
    this.#delayMs = delayMs;
  }

  /** Asks for a run. */
  request(): void {
    if (this.#isRunning) this.#isWantedAgain = true;
    else if (!this.#isPlanned) this.#plan();
  }

  #plan(): void {
    this.#isPlanned = true;
    setTimeout(() => void this.#run(), this.#delayMs);
  }

  async #run(): Promise<void> {
    this.#isPlanned = false;
    this.#isRunning = true;
    this.#isWantedAgain = false;
    try {
      await this.#task();
    } finally {
      this.#isRunning = false;
      if (this.#isWantedAgain) this.request();
    }
  }
}
