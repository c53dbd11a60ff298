/**
 * Why the embedded database could not be used: one line a person can act on, with a stable code.
 */

export type EmbeddedPostgresErrorCode =
  | 'data_dir_in_use'
  | 'data_dir_unwritable'
  | 'data_dir_version'
  | 'disk_full'
  | 'postgres_binaries_missing'
  | 'postgres_binaries_unusable'
  | 'postgres_init_failed'
  | 'postgres_start_failed'
  | 'postgres_user_unavailable';

/** The embedded database cannot start; `message` is one line for the terminal. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** The `code` of a Node system error (`ENOENT`, `EACCES`, …), or undefined. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Turns a file system error met at `path` into the one line a person can act on. */
export function dataDirError(path: string, cause: unknown): EmbeddedPostgresError {
  const code = systemErrorCode(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new EmbeddedPostgresError('disk_full', `no space left for ${path}`, cause);
  }
  return new EmbeddedPostgresError(
    'data_dir_unwritable',
    `data directory ${path} cannot be written (${code ?? String(cause)})`,
    cause,
  );
}
