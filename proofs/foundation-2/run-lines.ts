/** Runs lines of JavaScript that a person is told to paste, with the names they expect. */
import { runInThisContext } from 'node:vm';

/** The constants that the lines define, of those named in `defined`. */
export function runLines(
  lines: readonly string[],
  given: Readonly<Record<string, unknown>>,
  defined: readonly string[],
): Readonly<Record<string, unknown>> {
  const names = Object.keys(given).join(', ');
  const source = `({ ${names} }) => {\n${lines.join('\n')}\nreturn { ${defined.join(', ')} };\n}`;
  const make = runInThisContext(source) as (given: object) => Record<string, unknown>;
  return make(given);
}
