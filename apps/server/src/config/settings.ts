/**
 * The settings: what each is called, means and accepts. docs/reference/configuration.md shows
 * the same table; a test holds both equal. Every setting has a default: `npm start` needs none.
 */
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { LOG_LEVELS, type LogLevel } from '../runtime/logger.ts';

/** A part of the server that can run in a process of its own. */
export const ROLES = ['api', 'driver', 'store'] as const;

export type RoleName = (typeof ROLES)[number];

/** What the process runs with; made once, at start, by read-env.ts. */
export interface Settings {
  /** Address to listen on. */
  readonly host: string;
  /** Port of REST, sockets, page and docs; 0 takes a free one. */
  readonly port: number;
  /** Port of the same with TLS; `undefined` is off. */
  readonly tlsPort: number | undefined;
  /** Absolute path. */
  readonly dataDir: string;
  /** An outside Postgres; `undefined` runs the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly log: 'postgres';
  readonly roles: readonly RoleName[];
  readonly logLevel: LogLevel;
}

/** A value, or why the text is none and what to write instead. */
type Parsed<T> = { readonly value: T } | { readonly fix: string };

interface Definition<T> {
  readonly variable: string;
  /** As text, the way a user would write it; absent when unset means off. */
  readonly fallback: string | undefined;
  readonly meaning: string;
  /** Not to be shown. */
  readonly secret?: true;
  readonly parse: (text: string) => Parsed<T>;
}

export const SETTINGS: { readonly [K in keyof Settings]: Definition<Settings[K]> } = {
  host: {
    variable: 'RIALTO_HOST',
    fallback: '127.0.0.1',
    meaning: 'Address to listen on. Any other than a loopback address lets other machines in.',
    parse: (text) =>
      isIP(text) > 0 || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(text)
        ? { value: text }
        : { fix: 'give a host name or an IP address, like 127.0.0.1' },
  },
  port: {
    variable: 'RIALTO_PORT',
    fallback: '8080',
    meaning: 'Port of REST, sockets, page and docs, all on one origin. 0 takes a free port.',
    parse: (text) => parsePort(text, 0),
  },
  tlsPort: {
    variable: 'RIALTO_TLS_PORT',
    fallback: undefined,
    meaning: 'Port of the same with a self-signed certificate, for clients that insist on TLS.',
    parse: (text) => parsePort(text, 0),
  },
  dataDir: {
    variable: 'RIALTO_DATA_DIR',
    fallback: '.rialto',
    meaning: 'Directory of everything that is kept: database, data sets, credentials.',
    parse: (text) =>
      text.includes('\0') ? { fix: 'give a path without NUL' } : { value: resolve(text) },
  },
  databaseUrl: {
    variable: 'DATABASE_URL',
    fallback: undefined,
    meaning: 'An outside Postgres 14 or newer. Unset: one runs inside the data directory.',
    secret: true,
    parse: (text) =>
      isPostgresUrl(text)
        ? { value: text }
        : { fix: 'give a URL like postgres://user:password@host:5432/database' },
  },
  log: {
    variable: 'RIALTO_LOG',
    fallback: 'postgres',
    meaning: 'What keeps the log of commands.',
    parse: (text) => parseOneOf(text, ['postgres']),
  },
  roles: {
    variable: 'RIALTO_ROLES',
    fallback: 'all',
    meaning: `Parts to run in this process: \`all\`, or some of ${ROLES.join(', ')} with commas.`,
    parse: parseRoles,
  },
  logLevel: {
    variable: 'LOG_LEVEL',
    fallback: 'info',
    meaning: `Least level that is logged: ${LOG_LEVELS.join(', ')}.`,
    parse: (text) => parseOneOf(text, LOG_LEVELS),
  },
};

/** Why the process does not start; each problem is one line that names the key and the fix. */
export class SettingsError extends Error {
  readonly code = 'settings_invalid';
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Exit code for wrong settings: EX_CONFIG of sysexits.h. */
export const EXIT_CONFIG = 78;

/**
 * Makes settings of named texts, for example the environment; absent ones get their default.
 * @throws {SettingsError}
 */
export function parseSettings(texts: Readonly<Record<string, string | undefined>>): Settings {
  const problems = unknownVariables(Object.keys(texts));
  const values: Record<string, unknown> = {};
  for (const [key, { variable, fallback, secret, parse }] of Object.entries(SETTINGS)) {
    const text = texts[variable] ?? fallback;
    if (text === undefined) continue;
    const parsed = text === '' ? { fix: 'remove it or give it a value' } : parse(text);
    if ('value' in parsed) values[key] = parsed.value;
    else problems.push(`${variable}${secret ? '' : `=${shown(text)}`} is no good: ${parsed.fix}`);
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return Object.freeze(values as unknown as Settings);
}

/** Edits between a wrong name and the one that was meant. */
const TYPING_ERRORS_MAX = 2;

/** Variables of Rialto's name that mean nothing are typing errors. */
function unknownVariables(names: readonly string[]): string[] {
  const known = Object.values(SETTINGS).map(({ variable }) => variable);
  return names
    .filter((name) => name.startsWith('RIALTO_') && !name.startsWith('RIALTO_TEST_'))
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = known.find((other) => distance(name, other) <= TYPING_ERRORS_MAX);
      const fix = near === undefined ? 'remove it' : `did you mean ${near}?`;
      return `${name} is no setting: ${fix} (docs/reference/configuration.md lists them)`;
    });
}

function parsePort(text: string, min: number): Parsed<number> {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  return port >= min && port <= 65_535
    ? { value: port }
    : { fix: `give a port number from ${min} to 65535` };
}

function parseOneOf<T extends string>(text: string, known: readonly T[]): Parsed<T> {
  const value = known.find((name) => name === text);
  return value === undefined ? { fix: `give one of ${known.join(', ')}` } : { value };
}

function parseRoles(text: string): Parsed<readonly RoleName[]> {
  if (text === 'all') return { value: ROLES };
  const names = text.split(',');
  const roles = ROLES.filter((role) => names.includes(role));
  return roles.length === names.length
    ? { value: roles }
    : { fix: `give all, or some of ${ROLES.join(', ')}, each once, separated by commas` };
}

function isPostgresUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'postgres:' || url?.protocol === 'postgresql:';
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** Edits (insert, remove, replace) that turn one text into the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
