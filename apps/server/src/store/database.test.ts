import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { connectDatabase, openDatabase } from './database.ts';
import { installedPostgres, runnableBinaries } from './embedded/postgres-binaries.ts';
import { startPostmaster } from './embedded/postmaster.ts';
import { postgresUser } from './embedded/process-user.ts';

const logger = pino({ level: 'silent' });

test('a server that may lose acknowledged commits is refused by the name of the setting', async () => {
  // Outside the private directory, so that whatever Postgres runs as can execute it.
  const wrapperDir = await mkdtemp(join(tmpdir(), 'rialto-wrapper-'));
  const dataDir = await mkdtemp(join(tmpdir(), 'rialto-database-'));
  try {
    const clusterDir = join(dataDir, 'postgres');
    await (await openDatabase({ dataDir, logger }))[Symbol.asyncDispose]();
    const user = await postgresUser(clusterDir);
    const { postgres } = await runnableBinaries(installedPostgres(), user, () => undefined);
    for (const setting of ['fsync', 'full_page_writes']) {
      const wrapper = join(wrapperDir, `${setting}.sh`);
      await writeFile(wrapper, `#!/bin/sh\nexec '${postgres}' "$@" -c ${setting}=off\n`);
      await chmod(wrapper, 0o755);
      await chmod(wrapperDir, 0o755);
      const postmaster = await startPostmaster({
        postgres: wrapper,
        clusterDir,
        user,
        transport: { kind: 'unix' },
        onLogLine: () => undefined,
      });
      const target = { host: clusterDir, port: 5432, username: 'rialto', database: 'postgres' };
      await expect(connectDatabase({ kind: 'embedded', target }, logger)).rejects.toMatchObject({
        code: 'database_not_durable',
        message: `Postgres runs with ${setting}=off and may lose acknowledged orders: set ${setting}=on`,
      });
      await postmaster.stop();
    }
  } finally {
    await rm(wrapperDir, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  }
});

test('a database that cannot be reached is one clear line', async () => {
  const url = 'postgres://nobody@127.0.0.1:1/none';
  await expect(
    openDatabase({ databaseUrl: url, dataDir: '/unused', logger }),
  ).rejects.toMatchObject({
    code: 'database_unreachable',
    message: expect.stringMatching(/^Postgres cannot be used: .*ECONNREFUSED/),
  });
});
