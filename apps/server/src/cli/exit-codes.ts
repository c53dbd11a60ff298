/** What the command line ends with, after sysexits.h. */
import { EXIT_CONFIG } from '../config/settings.ts';

/** Exit codes. */
export const EXIT = {
  ok: 0,
  /** The command ran and the answer is no, or something broke. */
  failed: 1,
  /** The command was called wrongly. */
  usage: 64,
  /** The files given are no good. */
  data: 65,
  /** A setting is wrong. */
  config: EXIT_CONFIG,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
