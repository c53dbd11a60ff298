import { chown, lstat, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import postgres from 'postgres';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase } from '../../store/database.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../store/embedded/embedded-postgres.ts';
import { migrate } from '../../store/migrations/migrate.ts';
import { createPostgresLog } from './postgres-log.ts';
import { WireConnection, WireServerError, type WireTarget } from './wire-connection.ts';
import { int4 } from './wire-messages.ts';

const logger = pino({ level: 'silent' });
let dataDir: string;
let server: EmbeddedPostgres;
let address: { readonly host: string; readonly port: number };
let superuser: postgres.Sql;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rialto-wire-'));
  server = await startEmbeddedPostgres({ dataDir, logger, transport: 'tcp' });
  address = { host: server.target.host, port: server.target.port };
  superuser = postgres({ ...server.target, max: 1, onnotice: () => undefined });
  const clusterDir = join(dataDir, 'postgres');
  const hba = join(clusterDir, 'pg_hba.conf');
  const rules = ['md5', 'password', 'scram-sha-256'].map(
    (method) => `host all ${userOf(method)} 127.0.0.1/32 ${method}\n`,
  );
  await writeFile(hba, rules.join('') + (await readFile(hba, 'utf8')));
  for (const method of ['md5', 'password', 'scram-sha-256']) {
    const encryption = method === 'md5' ? 'md5' : 'scram-sha-256';
    await superuser.unsafe(`set password_encryption = '${encryption}'`);
    await superuser.unsafe(`create role ${userOf(method)} login password 'pässword'`);
  }
  await encrypt(clusterDir);
  await superuser`select pg_reload_conf()`;
});

afterAll(async () => {
  await superuser.end();
  await server[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

function userOf(method: string): string {
  return `user_${method.replaceAll('-', '_')}`;
}

function target(username: string, password: string): WireTarget {
  return { address, username, password, database: 'postgres', settings: {} };
}

/** A self-signed certificate, in files that Postgres accepts. */
async function encrypt(clusterDir: string): Promise<void> {
  const certificate = await generate([{ name: 'commonName', value: 'localhost' }]);
  const owner = await lstat(clusterDir);
  const files = { 'server.crt': certificate.cert, 'server.key': certificate.private };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(clusterDir, name), text, { mode: 0o600 });
    await chown(join(clusterDir, name), owner.uid, owner.gid);
  }
  await superuser`alter system set ssl = on`;
}

test.each(['md5', 'password', 'scram-sha-256'])('logs in by %s', async (method) => {
  const connection = await WireConnection.open(target(userOf(method), 'pässword'), {
    one: 'select $1::integer',
  });
  expect(await connection.execute('one', [int4(1)])).toBe(1);
  connection.close();
  await expect(WireConnection.open(target(userOf(method), 'wrong'), {})).rejects.toThrow(
    /password authentication failed/,
  );
});

test('a refused statement says why and the connection goes on', async () => {
  const connection = await WireConnection.open(target(userOf('md5'), 'pässword'), {
    divide: 'select 1 / $1::integer',
  });
  const refused = connection.execute('divide', [int4(0)]);
  const answered = connection.execute('divide', [int4(1)]);
  await expect(refused).rejects.toThrow(WireServerError);
  await expect(refused).rejects.toMatchObject({ sqlState: '22012', message: 'division by zero' });
  expect(await answered).toBe(1);
  connection.close();
  await expect(connection.execute('divide', [int4(1)])).rejects.toThrow('closed');
});

test('the log works over TLS with a password, and a wrong certificate is refused', async () => {
  const { username, password = '' } = server.target;
  const url = `postgres://${username}:${password}@${address.host}:${address.port}/postgres`;
  const database = await connectDatabase({ kind: 'url', url: `${url}?sslmode=require` }, logger);
  await migrate(database.sql);
  const log = createPostgresLog({ database, logger });
  const partition = await log.open('encrypted');
  expect(await partition.append([Buffer.from('record')])).toEqual({ firstSeq: 1, count: 1 });
  const [session] = await superuser`
    select ssl from pg_stat_ssl join pg_stat_activity using (pid)
    where application_name like 'rialto-log-%'`;
  expect(session).toEqual({ ssl: true });
  await log[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  const strict = { required: true, options: { rejectUnauthorized: true } };
  await expect(
    WireConnection.open({ ...target(username, password), tls: strict }, {}),
  ).rejects.toThrow(/self-signed/);
});

test('without a server the reason is told', async () => {
  const nowhere = { ...target('a', 'b'), address: { host: '127.0.0.1', port: 1 } };
  await expect(WireConnection.open(nowhere, {})).rejects.toThrow(/ECONNREFUSED/);
});
