/**
 * Settings from the environment. The only place that reads `process.env`.
 *
 * Any setting may also come from a file: `DATABASE_URL_FILE=/run/secrets/db` stands for
 * `DATABASE_URL` with that file's content, so that no secret is in the environment or in the
 * arguments of a process.
 */
import { readFileSync, statSync } from 'node:fs';
import { parseSettings, SETTINGS, type Settings, SettingsError } from './settings.ts';

const FILE_BYTES_MAX = 65_536;

/**
 * Reads the environment (or what stands for it).
 * @throws {SettingsError} its lines name each wrong variable and the fix
 */
export function readEnv(env: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const texts: Record<string, string | undefined> = { ...env };
  const problems: string[] = [];
  for (const { variable } of Object.values(SETTINGS)) {
    const fileVariable = `${variable}_FILE`;
    const path = env[fileVariable];
    delete texts[fileVariable];
    if (path === undefined) continue;
    if (env[variable] === undefined) {
      const content = readSmallFile(path);
      if (content === undefined) {
        problems.push(
          `${fileVariable}=${JSON.stringify(path)} is no good: give a readable file of at most 64 KiB`,
        );
      }
      texts[variable] = content;
    } else {
      problems.push(`${variable} and ${fileVariable} are both set: remove one of them`);
    }
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return parseSettings(texts);
}

/** The content without the line end that editors leave at the end. */
function readSmallFile(path: string): string | undefined {
  try {
    if (statSync(path).size > FILE_BYTES_MAX) return undefined;
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
