/** What a command may use of the world around it; tests pass their own. */
import type { Settings } from '../config/settings.ts';

export interface Terminal {
  /** Writes a line that is the command's answer (stdout). */
  print(line: string): void;
  /** Writes a line about what happens on the way, or what went wrong (stderr). */
  tell(line: string): void;
  /** The settings; throws `SettingsError`. */
  settings(): Settings;
}
