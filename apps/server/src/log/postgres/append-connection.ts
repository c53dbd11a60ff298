/**
 * The connection that appends go over: one prepared statement, parameters in binary.
 *
 * It uses `pg` and not the common client, which would send each frame's bytes as hexadecimal
 * text, twice their size. What an execution answers is never a guess: rows, a refusal of the
 * server (nothing changed), or a cut (the connection ended before the answer).
 */
import { dirname } from 'node:path';
import { Client, DatabaseError, type ClientConfig } from 'pg';

/** Where the server is and who logs in. */
export type AppendTarget = Pick<
  ClientConfig,
  'host' | 'port' | 'user' | 'password' | 'database' | 'ssl' | 'application_name'
>;

/** The server refused a statement; its transaction is rolled back. */
export class AppendRefusedError extends Error {
  override readonly name = 'AppendRefusedError';
  /** Five-character SQLSTATE. */
  readonly sqlState: string;

  constructor(sqlState: string, message: string) {
    super(message);
    this.sqlState = sqlState;
  }
}

/** The connection ended before the answer: whether the statement took effect is unknown. */
export class AppendCutError extends Error {
  override readonly name = 'AppendCutError';
}

/** A value of the statement; a Buffer travels as it is, the others as decimal text. */
export type AppendValue = number | bigint | Buffer;

const STATEMENT = 'append';
const CONNECT_TIMEOUT_MS = 10_000;
/** A server that says nothing for so long while a request waits is taken for gone. */
const ANSWER_TIMEOUT_MS = 60_000;

/** One plan for all appends; it is made while the table may be empty and must use the index. */
const SESSION_SETTINGS = {
  default_transaction_isolation: 'read\\ committed',
  synchronous_commit: 'on',
  statement_timeout: '30000',
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
};

/** One logged-in session. */
export class AppendConnection {
  private readonly client: Client;
  private readonly text: string;
  private ended = false;

  private constructor(client: Client, text: string) {
    this.client = client;
    this.text = text;
    // Both are told to whoever waits for an answer, too.
    client.on('error', () => this.close());
    client.on('end', () => (this.ended = true));
  }

  /** Connects and logs in; `text` is the statement that `execute` runs. */
  static async open(target: AppendTarget, text: string): Promise<AppendConnection> {
    const client = new Client({
      ...target,
      options: Object.entries(SESSION_SETTINGS)
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
    });
    const connection = new AppendConnection(client, text);
    await client.connect();
    return connection;
  }

  /** False once the connection ended; then open another. */
  get isOpen(): boolean {
    return !this.ended;
  }

  /** Runs the statement; resolves with the rows it changed. */
  async execute(values: readonly AppendValue[]): Promise<number> {
    try {
      const { rowCount } = await this.client.query({
        name: STATEMENT,
        text: this.text,
        values: [...values],
      });
      return rowCount ?? 0;
    } catch (error) {
      // A server that ends the session says so with FATAL, before or after the commit.
      if (error instanceof DatabaseError && error.severity === 'ERROR') {
        throw new AppendRefusedError(error.code ?? '', error.message);
      }
      this.close();
      throw new AppendCutError('the connection ended before the answer', { cause: error });
    }
  }

  close(): void {
    if (this.ended) return;
    this.ended = true;
    // With a statement under way `pg` ends the socket at once instead of waiting for an answer.
    this.client.end().catch(() => undefined);
  }
}

/** How `pg` names the address of a Unix socket like "/run/pg/.s.PGSQL.5432". */
export function unixSocketAddress(path: string): Pick<AppendTarget, 'host' | 'port'> {
  return { host: dirname(path), port: Number(path.slice(path.lastIndexOf('.') + 1)) };
}
