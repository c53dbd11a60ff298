/**
 * Comments of tables and columns, so that the schema explains itself in psql (`\d+ fill`).
 */
import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Writes COMMENT ON for a table and each of the named columns. */
export async function describeTable(
  db: Kysely<unknown>,
  table: string,
  about: string,
  columns: Readonly<Record<string, string>>,
): Promise<void> {
  const lines = [`comment on table ${table} is ${quoted(about)};`];
  for (const [column, text] of Object.entries(columns)) {
    lines.push(`comment on column ${table}.${column} is ${quoted(text)};`);
  }
  await sql.raw(lines.join('\n')).execute(db);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
