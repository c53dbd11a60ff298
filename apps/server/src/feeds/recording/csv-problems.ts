/**
 * What is wrong with files that are being imported: where, and why, in words.
 *
 * Bad rows are refusals, not exceptions: a reader notes the problem and goes on, so that one
 * run names up to a hundred of them. Any problem at all means that nothing is imported.
 */

/** One reason why a file cannot be imported. */
export interface CsvProblem {
  /** The file as the caller named it. */
  readonly file: string;
  /** 1 is the header line; 0 when the whole file is meant. */
  readonly line: number;
  /** Name of the column; empty when the whole line is meant. */
  readonly column: string;
  readonly reason: string;
}

/** How many problems are kept in words; the rest are only counted. */
export const PROBLEMS_KEPT = 100;

/** Collects the problems of one import. */
export class CsvProblems {
  private readonly kept: CsvProblem[] = [];
  private total = 0;

  /** All problems noted, kept or not. */
  get count(): number {
    return this.total;
  }

  /** The first problems, at most `PROBLEMS_KEPT`, in the order they were found. */
  get first(): readonly CsvProblem[] {
    return this.kept;
  }

  add(problem: CsvProblem): void {
    this.total += 1;
    if (this.kept.length < PROBLEMS_KEPT) this.kept.push(problem);
  }
}

/** One line per problem: `quotes.csv.gz:17: column bid: "1e3" is not a decimal price`. */
export function formatProblem(problem: CsvProblem): string {
  const place = problem.line === 0 ? problem.file : `${problem.file}:${problem.line}`;
  const column = problem.column === '' ? '' : `column ${problem.column}: `;
  return `${place}: ${column}${problem.reason}`;
}
