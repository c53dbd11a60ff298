/** Counts cases and keeps what failed, so that a failure names its seed and its case. */
import { differenceOf, type HttpCase, send } from './http-case.ts';

/** Failures that are kept to be printed. */
const KEPT = 40;

export class Tally {
  readonly kinds = new Map<string, number>();
  readonly failures: string[] = [];
  /** Statuses of the answers, each with its count. */
  readonly statuses = new Map<number, number>();
  failed = 0;
  cases = 0;
  goodRequests = 0;
  serverErrors = 0;
  slowestMs = 0;
  private readonly origin: string;
  private readonly key: Readonly<Record<string, string>>;

  constructor(origin: string, key: Readonly<Record<string, string>>) {
    this.origin = origin;
    this.key = key;
  }

  /** One case and, after it, a good request. */
  async http(kind: string, one: HttpCase): Promise<void> {
    const { method, path, body } = one.request;
    const about = `${one.label}: ${method} ${path.slice(0, 160)} ${String(body ?? '').slice(0, 120)}`;
    await this.run(kind, about, async () => {
      const answer = await send(this.origin, one.request);
      this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
      if (answer.status >= 500) this.serverErrors++;
      return differenceOf(answer, one.expected);
    });
  }

  /** Any case: `judge` says what went wrong. */
  async run(kind: string, about: string, judge: () => Promise<string | undefined>): Promise<void> {
    this.cases++;
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    const problem = await judge().catch((error: unknown) => String(error));
    if (problem !== undefined) this.fail(`case ${this.cases}, ${kind}: ${about}: ${problem}`);
    await this.goodRequest();
  }

  private async goodRequest(): Promise<void> {
    const started = performance.now();
    const request = { method: 'GET', path: '/v2/clock', headers: this.key };
    const status = await send(this.origin, request).then(
      (answer) => answer.status,
      (error: unknown) => String(error),
    );
    this.slowestMs = Math.max(this.slowestMs, performance.now() - started);
    if (status === 200) this.goodRequests++;
    else this.fail(`after case ${this.cases}: a good request was answered with ${status}`);
  }

  private fail(text: string): void {
    this.failed++;
    if (this.failures.length < KEPT) this.failures.push(text);
  }
}
