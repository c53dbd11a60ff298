/**
 * A request that is answered with an error of a catalogue.
 *
 * Thrown by parsers and handlers, turned into a response in error-response.ts and nowhere else.
 * It carries no stack: it says something about the request, not about the program.
 */
import type { AlpacaErrorName } from '@rialto/contracts/alpaca/errors';
import type { ProblemCode } from '@rialto/contracts/platform/problems';

/** A name in the Alpaca catalogue or a problem code; most names stand in both. */
export type ApiErrorName = AlpacaErrorName | ProblemCode;

/** Values for the blanks of a message. */
export type ErrorValues = Readonly<Record<string, string | number>>;

const NO_VALUES: ErrorValues = {};

export class ApiError extends Error {
  readonly error: ApiErrorName;
  readonly values: ErrorValues;
  /** Fields that stand beside `code` and `message` in the body of a trading error. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    error: ApiErrorName,
    values: ErrorValues = NO_VALUES,
    details: Readonly<Record<string, unknown>> = NO_VALUES,
  ) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(error);
    Error.stackTraceLimit = stackTraceLimit;
    this.error = error;
    this.values = values;
    this.details = details;
  }
}
