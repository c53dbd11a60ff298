/** Prints figures beside their goals and decides how the proof ends. */

/** One proof's findings. Non-zero exit when a goal fell short or nothing was checked. */
export class Report {
  private readonly name: string;
  private checks = 0;
  private short = 0;

  constructor(name: string, what: string) {
    this.name = name;
    this.print(`${name}: ${what}`);
  }

  /** A line of context that is no goal. */
  note(text: string): void {
    this.print(`  ${text}`);
  }

  /** A figure and its goal; `ok` says whether it was reached. */
  check(label: string, measured: string | number, goal: string | number, ok: boolean): void {
    this.checks++;
    if (!ok) this.short++;
    this.print(`  ${ok ? 'ok   ' : 'SHORT'} ${label}: ${measured} (goal ${goal})`);
  }

  /** A figure that must be exactly its goal. */
  exactly(label: string, measured: string | number, goal: string | number): void {
    this.check(label, measured, goal, measured === goal);
  }

  /** Prints the verdict and sets the exit code. */
  finish(): void {
    const passed = this.checks - this.short;
    this.print(`${this.name}: ${passed} passed, ${this.short} failed`);
    process.exitCode = this.short === 0 && this.checks > 0 ? 0 : 1;
  }

  private print(line: string): void {
    process.stdout.write(`${line}\n`);
  }
}
