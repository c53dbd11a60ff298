/** The settings as a page: docs/reference/configuration.md is this text. */
import { SETTINGS } from './settings.ts';

const HEAD = `# Configuration

Everything has a default; \`npm start\` needs no setting. Settings are environment variables. Each
can also be read from a file: \`DATABASE_URL_FILE=/run/secrets/db\` stands for \`DATABASE_URL\` with
the content of that file. A wrong value, an empty one, or an unknown name that begins with
\`RIALTO_\` ends the start with exit code 78 and one line per problem that names the variable and
the fix.
`;

/** The reference page in Markdown. */
export function describeSettings(): string {
  const rows = Object.values(SETTINGS).map(({ variable, fallback, meaning }) => [
    `\`${variable}\``,
    fallback === undefined ? 'unset' : `\`${fallback}\``,
    meaning,
  ]);
  const table = [['variable', 'default', 'meaning'], ...rows];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [header = [], ...body] = table;
  const rule = widths.map((width) => '-'.repeat(width));
  return `${HEAD}\n${[header, rule, ...body].map(line).join('\n')}\n`;
}
