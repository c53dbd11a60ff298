/**
 * Settings of the embedded server, given on its command line: they are the same at every start,
 * whatever stands in postgresql.conf.
 *
 * Two aims: an acknowledged commit survives a power cut (the first four), and the whole of Node
 * and Postgres stays below 600 MB (docs/adr/0004-embedded-postgres.md has the figures).
 */

/** How clients reach the server. */
export type Transport = { readonly kind: 'unix' } | { readonly kind: 'tcp'; readonly port: number };

const SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_sync_method: process.platform === 'linux' ? 'fdatasync' : 'fsync_writethrough',

  shared_buffers: '64MB',
  wal_buffers: '8MB',
  work_mem: '8MB',
  maintenance_work_mem: '32MB',
  max_connections: '40',
  max_worker_processes: '2',
  max_parallel_workers_per_gather: '0',
  autovacuum_max_workers: '1',
  autovacuum_worker_slots: '1',
  max_logical_replication_workers: '0',
  // io_method=worker would keep three more processes.
  io_method: 'sync',
  jit: 'off',
  huge_pages: 'off',

  // No replicas: the write-ahead log carries crash recovery only.
  wal_level: 'minimal',
  max_wal_senders: '0',
  wal_compression: 'pglz',
  // Bounds both the disk and the time of a recovery after a crash.
  max_wal_size: '512MB',
  // Kept for reuse: making a new file of 16 MB in the middle of a commit takes tens of ms.
  min_wal_size: '256MB',
  checkpoint_timeout: '10min',

  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  log_line_prefix: '',
};

/** Only part of the socket's file name. */
export const UNIX_PORT = 5432;

/** Arguments of `postgres` after the data directory. */
export function settingArguments(transport: Transport, clusterDir: string): readonly string[] {
  const reach: Record<string, string> =
    transport.kind === 'unix'
      ? // The socket stands in the data directory, which only its owner may enter. The path is
        // relative: it never meets the 107-byte limit of a socket address.
        {
          listen_addresses: '',
          // Given, although it is the default: PGPORT in the environment would change it.
          port: String(UNIX_PORT),
          unix_socket_directories: '.',
          unix_socket_permissions: '0700',
        }
      : {
          listen_addresses: '127.0.0.1',
          port: String(transport.port),
          unix_socket_directories: '',
        };
  // Says on the process's command line which database it serves (see leftover-postmaster.ts).
  const mark = { [DATA_DIR_MARK]: clusterDir };
  return Object.entries({ ...SETTINGS, ...reach, ...mark }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
}

/** A made-up setting that names the data directory. */
export const DATA_DIR_MARK = 'rialto.data_dir';
