/** What a command may use of the world around it; tests pass their own. */
import { readEnv } from '../config/read-env.ts';
import type { Settings } from '../config/settings.ts';

export interface Terminal {
  /** Writes a line that is the command's answer (stdout). */
  print(line: string): void;
  /** Writes a line about what happens on the way, or what went wrong (stderr). */
  tell(line: string): void;
  /** The settings; throws `SettingsError`. */
  settings(): Settings;
}

/** The terminal and environment of this process. */
export const systemTerminal: Terminal = {
  print: (line) => process.stdout.write(`${line}\n`),
  tell: (line) => process.stderr.write(`${line}\n`),
  settings: () => readEnv(),
};
