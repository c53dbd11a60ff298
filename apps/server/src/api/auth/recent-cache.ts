/**
 * Answers of the database that are at most a second old.
 *
 * So a request costs a map look-up, and what another process changed (a revoked key, a
 * restarted replay) counts here within a second; what this process changes counts at once.
 */
import type { MonotonicClock } from '../../runtime/clock.ts';

/** How old an answer may be. */
export const FRESH_FOR_MS = 1_000;

const ENTRIES_MAX = 10_000;

export class RecentCache<V> {
  private readonly clock: MonotonicClock;
  private readonly load: (key: string) => Promise<V | undefined>;
  private readonly entries = new Map<string, { readonly value: V; readonly until: number }>();
  private readonly loading = new Map<string, Promise<V | undefined>>();
  private generation = 0;

  constructor(clock: MonotonicClock, load: (key: string) => Promise<V | undefined>) {
    this.clock = clock;
    this.load = load;
  }

  /** The answer if it is known and fresh. */
  recent(key: string): V | undefined {
    const entry = this.entries.get(key);
    return entry !== undefined && entry.until > this.clock.monotonicMs() ? entry.value : undefined;
  }

  /** The last answer, however old; `undefined` when nothing was found or it was forgotten. */
  last(key: string): V | undefined {
    return this.entries.get(key)?.value;
  }

  /** Asks the database; callers that ask for the same at the same time share the answer. */
  ask(key: string): Promise<V | undefined> {
    const known = this.loading.get(key);
    if (known !== undefined) return known;
    const answer = this.askNow(key).finally(() => {
      if (this.loading.get(key) === answer) this.loading.delete(key);
    });
    this.loading.set(key, answer);
    return answer;
  }

  /** Forgets everything, also answers that are on their way. */
  clear(): void {
    this.generation += 1;
    this.entries.clear();
    this.loading.clear();
  }

  private async askNow(key: string): Promise<V | undefined> {
    const { generation } = this;
    const value = await this.load(key);
    if (generation !== this.generation) return value;
    this.entries.delete(key);
    if (value === undefined) return undefined;
    if (this.entries.size >= ENTRIES_MAX) this.entries.clear();
    this.entries.set(key, { value, until: this.clock.monotonicMs() + FRESH_FOR_MS });
    return value;
  }
}
