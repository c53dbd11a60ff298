/** The files git knows, for tests that hold the whole repository to its style. */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const repositoryRoot: string = fileURLToPath(new URL('../..', import.meta.url));

/** A tracked (or not yet tracked, but not ignored) text file. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Paths below the root that match, in git's order; deleted files are left out. */
export function listFiles(matches: (path: string) => boolean): string[] {
  const output = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: repositoryRoot,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const exists = (path: string): boolean =>
    statSync(`${repositoryRoot}${path}`, { throwIfNoEntry: false })?.isFile() === true;
  return output.split('\n').filter((path) => path !== '' && matches(path) && exists(path));
}

/** The same with their texts. */
export function readFiles(matches: (path: string) => boolean): SourceFile[] {
  return listFiles(matches).map((path) => ({
    path,
    text: readFileSync(`${repositoryRoot}${path}`, 'utf8'),
  }));
}
