/**
 * What happens to an append when the connection or the storage fails at the worst moment.
 * A proxy stands between the log and the server and can hold back either direction.
 */
import { once } from 'node:events';
import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase, type Database } from '../../store/database.ts';
import { migrate } from '../../store/migrations/migrate.ts';
import { openTestDatabase } from '../../store/testing/test-database.ts';
import type { Log, LogPartition } from '../log.ts';
import { createPostgresLog } from './postgres-log.ts';

const logger = pino({ level: 'silent' });

/** Forwards bytes between the log and the server until told otherwise. */
class FaultProxy implements AsyncDisposable {
  holdRequests = false;
  holdAnswers = false;
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private readonly server = createServer((client) => this.pair(client));
  private readonly upstream: NetConnectOpts;

  constructor(upstream: NetConnectOpts) {
    this.upstream = upstream;
  }

  /** Starts listening; resolves with the port. */
  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Cuts what the log sees; the server side stays open, like a connection lost on the way. */
  cutClients(): void {
    for (const [client] of this.pairs) client.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [client, server] of this.pairs) {
      client.destroy();
      server.destroy();
    }
    this.server.close();
    await once(this.server, 'close');
  }

  private pair(client: Socket): void {
    const server = connect(this.upstream);
    this.pairs.add([client, server]);
    client.on('data', (bytes) => this.holdRequests || server.write(bytes));
    server.on('data', (bytes) => this.holdAnswers || client.write(bytes));
    client.on('error', () => undefined);
    server.on('error', () => undefined);
    server.on('close', () => client.destroy());
  }
}

let direct: Database;
let proxied: Database;
let proxy: FaultProxy;
let log: Log;
let partitions = 0;

beforeAll(async () => {
  direct = await openTestDatabase();
  await migrate(direct.sql);
  const { path, host, port, user, pass, database } = direct.sql.options;
  proxy = new FaultProxy(path ? { path } : { host: host[0] ?? '', port: port[0] ?? 0 });
  const target = {
    host: '127.0.0.1',
    port: await proxy.listen(),
    username: user,
    password: pass ?? '',
    database,
  };
  proxied = await connectDatabase({ kind: 'embedded', target }, logger);
  log = createPostgresLog({ database: proxied, logger });
});

afterAll(async () => {
  await log[Symbol.asyncDispose]();
  await proxied[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await direct[Symbol.asyncDispose]();
});

async function openPartition(): Promise<LogPartition> {
  const partition = await log.open(`faults-${(partitions += 1)}`);
  await partition.append([Buffer.from('before')]);
  return partition;
}

async function contents(partition: LogPartition): Promise<string[]> {
  const found: string[] = [];
  for await (const batch of partition.read(1)) {
    for (const { seq, payload } of batch) found.push(`${seq}:${Buffer.from(payload).toString()}`);
  }
  return found;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('the condition did not come true');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function frameCount(): Promise<number> {
  const [row] = await direct.sql<{ n: number }[]>`select count(*) as n from log_frame`;
  return row?.n ?? 0;
}

/** Sessions of the log that wait for a lock. */
async function blocked(): Promise<string[]> {
  const rows = await direct.sql<{ name: string }[]>`
        select application_name as name from pg_stat_activity
        where wait_event_type = 'Lock' and application_name like 'rialto-log-%'`;
  return rows.map((row) => row.name);
}

test('a commit whose answer is lost is found again, not written twice', async () => {
  const partition = await openPartition();
  const before = await frameCount();
  proxy.holdAnswers = true;
  const append = partition.append([Buffer.from('once')]);
  await until(async () => (await frameCount()) === before + 1);
  proxy.holdAnswers = false;
  proxy.cutClients();
  expect(await append).toEqual({ firstSeq: 2, count: 1 });
  expect(await contents(partition)).toEqual(['1:before', '2:once']);
});

test('a request lost on the way is sent again', async () => {
  const partition = await openPartition();
  proxy.holdRequests = true;
  const append = partition.append([Buffer.from('again')]);
  await new Promise((resolve) => setTimeout(resolve, 30));
  proxy.holdRequests = false;
  proxy.cutClients();
  expect(await append).toEqual({ firstSeq: 2, count: 1 });
  expect(await contents(partition)).toEqual(['1:before', '2:again']);
});

test('an insert still running behind a cut connection is ended before the retry', async () => {
  const partition = await openPartition();
  let append: Promise<unknown> = Promise.resolve();
  await direct.sql.begin(async (sql) => {
    await sql`lock table log_frame in share mode`;
    append = partition.append([Buffer.from('blocked')]);
    await until(async () => (await blocked()).length === 1);
    const [cutSession = ''] = await blocked();
    proxy.cutClients();
    // Ended although the lock it waits for is still not to be had, and another one waits instead.
    await until(async () => (await blocked()).some((name) => name !== cutSession));
    expect(await blocked()).not.toContain(cutSession);
  });
  expect(await append).toEqual({ firstSeq: 2, count: 1 });
  expect(await contents(partition)).toEqual(['1:before', '2:blocked']);
});

test('a full disk rejects the append by its code, and the log goes on with space', async () => {
  const partition = await openPartition();
  await direct.sql.unsafe(`
    create function disk_is_full() returns trigger language plpgsql as $$
      begin raise exception 'could not extend file' using errcode = '53100'; end $$;
    create trigger disk_is_full before insert on log_frame execute function disk_is_full()`);
  await expect(partition.append([Buffer.from('refused')])).rejects.toMatchObject({
    name: 'LogStorageError',
    code: 'log_storage_full',
  });
  await direct.sql`drop trigger disk_is_full on log_frame`;
  await partition.append([Buffer.from('stored')]);
  expect(await contents(partition)).toEqual(['1:before', '2:stored']);
});

test('a writer that has not heard of truncated frames does not write in their place', async () => {
  // Two processes without announcements: the second one still believes in head 1.
  const options = { database: direct, logger, shared: false };
  const first = createPostgresLog(options);
  const second = createPostgresLog(options);
  const partition = await first.open('unheard');
  await partition.append([Buffer.from('1')]);
  const unaware = await second.open('unheard');
  await unaware.append([Buffer.from('2')]);
  for (const text of ['3', '4', '5']) await partition.append([Buffer.from(text)]);
  await partition.truncate(5);
  expect(unaware.headSeq).toBe(2);
  expect(await unaware.append([Buffer.from('6')])).toEqual({ firstSeq: 6, count: 1 });
  const rows = await direct.sql`
    select log_frame.first_seq from log_frame join log_partition on id = partition
    where name = 'unheard' order by 1`;
  expect(rows.map((row) => row['first_seq'])).toEqual([5, 6]);
  await first[Symbol.asyncDispose]();
  await second[Symbol.asyncDispose]();
});

test('a log that lost durable records takes no more', async () => {
  const partition = await openPartition();
  await partition.append([Buffer.from('lost')]);
  await direct.sql`
    delete from log_frame where first_seq = 2 and partition in
      (select id from log_partition where name = ${`faults-${partitions}`})`;
  // As after a restart from older files, which cuts every connection.
  proxy.cutClients();
  await expect(partition.append([Buffer.from('next')])).rejects.toThrow(
    'log record 2 is corrupt: it was durable and is gone',
  );
});

test('while the server cannot be reached appends are refused, afterwards they are taken', async () => {
  const partition = await openPartition();
  proxy.holdRequests = true;
  proxy.cutClients();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const start = performance.now();
  const append = partition.append([Buffer.from('refused')]).catch((error: unknown) => error);
  const cutting = setInterval(() => proxy.cutClients(), 50);
  expect(await append).toMatchObject({ name: 'LogStorageError', code: 'log_unavailable' });
  expect(performance.now() - start).toBeLessThan(10_000);
  clearInterval(cutting);
  proxy.holdRequests = false;
  proxy.cutClients();
  expect(await partition.append([Buffer.from('taken')])).toEqual({ firstSeq: 2, count: 1 });
});
