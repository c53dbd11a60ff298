/**
 * The logger: one JSON object per line, without secrets.
 *
 * Messages are constant phrases in lower case; what varies goes into snake_case fields. Roles
 * and modules log through children: `logger.child({ role: 'driver' })`.
 */
import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';
import { redactLine } from './redact.ts';

/** Levels as settings name them. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Makes the process's logger. It writes to stderr at once, so that nothing is lost when the
 * process is killed; stdout belongs to what a command prints.
 */
export function createLogger(options: {
  readonly level: LogLevel;
  /** Where lines go instead of stderr. */
  readonly stream?: DestinationStream;
}): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: redactLine },
    },
    options.stream ?? destination({ dest: 2, sync: true }),
  );
}
