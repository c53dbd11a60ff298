import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeSettings } from './describe-settings.ts';
import { readEnv } from './read-env.ts';
import { SETTINGS, SettingsError } from './settings.ts';

const dir = mkdtempSync(join(tmpdir(), 'rialto-config-'));
afterAll(() => rmSync(dir, { recursive: true }));

function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    readEnv(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe('settings', () => {
  it('have defaults', () => {
    expect(readEnv({ PATH: '/bin', HOME: '/' })).toEqual({
      host: '127.0.0.1',
      port: 8080,
      dataDir: resolve('.rialto'),
      log: 'postgres',
      roles: ['api', 'driver', 'store'],
      logLevel: 'info',
    });
  });

  it('are read from the environment', () => {
    const env = {
      RIALTO_HOST: '::1',
      RIALTO_PORT: '0',
      RIALTO_TLS_PORT: '8443',
      RIALTO_DATA_DIR: '/var/lib/rialto',
      DATABASE_URL: 'postgres://rialto:p%40ss@db.example:5432/rialto?sslmode=require',
      RIALTO_LOG: 'postgres',
      RIALTO_ROLES: 'store,api',
      LOG_LEVEL: 'warn',
    };
    expect(readEnv(env)).toEqual({
      host: '::1',
      port: 0,
      tlsPort: 8443,
      dataDir: resolve('/var/lib/rialto'),
      databaseUrl: env.DATABASE_URL,
      log: 'postgres',
      roles: ['api', 'store'],
      logLevel: 'warn',
    });
  });

  it('are read from files, without the line end at the end', () => {
    const path = join(dir, 'url');
    writeFileSync(path, 'postgres://rialto:secret@db/rialto\n');
    expect(readEnv({ DATABASE_URL_FILE: path }).databaseUrl).toBe(
      'postgres://rialto:secret@db/rialto',
    );
  });

  it('cannot be changed after the start', () => {
    expect(Object.isFrozen(readEnv({}))).toBe(true);
  });

  it('stand in docs/reference/configuration.md, all and as they are', () => {
    const page = new URL('../../../../docs/reference/configuration.md', import.meta.url);
    expect(readFileSync(page, 'utf8')).toBe(describeSettings());
  });
});

describe('a wrong setting', () => {
  const PORT_FIX = 'give a port number from 0 to 65535';
  const HOST_FIX = 'give a host name or an IP address, like 127.0.0.1';
  const URL_FIX = 'give a URL like postgres://user:password@host:5432/database';
  const ROLES_FIX = 'give all, or some of api, driver, store, each once, separated by commas';
  const LEVEL_FIX = 'give one of trace, debug, info, warn, error, fatal, silent';

  it.each<[string, readonly string[], string]>([
    ['RIALTO_HOST', ['a b', 'http://x', '-x', '127.0.0.1:80', 'ä', 'x'.repeat(300)], HOST_FIX],
    ['RIALTO_PORT', ['-1', '65536', '80.5', '1e3', '0x50', ' 80', 'http', '999999'], PORT_FIX],
    ['RIALTO_TLS_PORT', ['-1', '65536', '80.5', '1e3', 'on', 'true'], PORT_FIX],
    ['RIALTO_DATA_DIR', ['a\0b'], 'give a path without NUL'],
    ['DATABASE_URL', ['x', 'mysql://h/d', 'http://h', 'postgres//h', '5432', '{}'], URL_FIX],
    ['RIALTO_LOG', ['kafka', 'Postgres', 'postgres ', '1', 'memory', '{}'], 'give one of postgres'],
    ['RIALTO_ROLES', ['web', 'api,', 'api,api', 'all,api', 'API', 'api driver'], ROLES_FIX],
    ['LOG_LEVEL', ['loud', 'INFO', '30', 'info ', 'true', 'warning'], LEVEL_FIX],
  ])('%s is refused with one line that names it and the fix', (variable, values, fix) => {
    for (const value of values) {
      const [problem, ...more] = problemsOf({ [variable]: value });
      expect(more).toEqual([]);
      expect(problem).toMatch(new RegExp(`^${variable}(=".*")? is no good: `));
      expect(problem?.endsWith(fix)).toBe(true);
      expect(problem).not.toContain('\n');
    }
  });

  it.each(Object.values(SETTINGS).map(({ variable }) => variable))(
    '%s is refused empty',
    (variable) => {
      expect(problemsOf({ [variable]: '' })).toEqual([
        expect.stringMatching(`^${variable}.* is no good: remove it or give it a value$`),
      ]);
    },
  );

  it.each(Object.values(SETTINGS).map(({ variable }) => variable))(
    '%s is refused from a file that is missing, a directory or too long, and when it is set twice',
    (variable) => {
      const long = join(dir, 'long');
      writeFileSync(long, 'x'.repeat(70_000));
      for (const path of [join(dir, 'missing'), dir, long, '']) {
        expect(problemsOf({ [`${variable}_FILE`]: path })).toEqual([
          `${variable}_FILE=${JSON.stringify(path)} is no good: give a readable file of at most 64 KiB`,
        ]);
      }
      expect(problemsOf({ [variable]: 'a', [`${variable}_FILE`]: long })).toEqual([
        `${variable} and ${variable}_FILE are both set: remove one of them`,
      ]);
    },
  );

  it('of an unknown name is refused, with the name that was meant', () => {
    const list = '(docs/reference/configuration.md lists them)';
    expect(problemsOf({ RIALTO_PROT: '80', RIALTO_FROBNICATE: '1', RIALTO_FILE: 'x' })).toEqual([
      `RIALTO_PROT is no setting: did you mean RIALTO_PORT? ${list}`,
      `RIALTO_FROBNICATE is no setting: remove it ${list}`,
      `RIALTO_FILE is no setting: remove it ${list}`,
    ]);
  });

  it('is not shown when it may hold a secret', () => {
    expect(problemsOf({ DATABASE_URL: 'mysql://me:hunter2@h/d' }).join()).not.toContain('hunter2');
  });

  it('does not hide another one', () => {
    expect(problemsOf({ RIALTO_PORT: 'x', LOG_LEVEL: 'y' })).toHaveLength(2);
  });
});
