/**
 * A connection for appends: prepared statements with binary parameters, one round trip each.
 *
 * The common driver sends parameters as text; for a frame of 100 records the hex text of the
 * payload costs as much again as the commit (docs/adr/0001-log.md has the figures). This is the
 * only place that speaks the protocol itself, and it knows no more of it than appends need.
 * Requests may overlap; answers come in order.
 */
import { connect as connectTcp, type NetConnectOpts, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { WireAuthentication } from './wire-authentication.ts';
import {
  affectedRows,
  AUTHENTICATION,
  COMMAND_COMPLETE,
  ERROR_RESPONSE,
  errorFields,
  execute,
  passwordMessage,
  prepare,
  READY_FOR_QUERY,
  sslRequest,
  startup,
  TERMINATE,
} from './wire-messages.ts';

/** Where the server is and who logs in. */
export interface WireTarget {
  readonly address: NetConnectOpts;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  /** Undefined: no TLS. `required` false goes on without where the server has none. */
  readonly tls?: { readonly required: boolean; readonly options: ConnectionOptions };
  /** Server settings of the session. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The server refused a statement; its transaction is rolled back. */
export class WireServerError extends Error {
  override readonly name = 'WireServerError';
  /** Five-character SQLSTATE. */
  readonly sqlState: string;

  constructor(sqlState: string, message: string) {
    super(message);
    this.sqlState = sqlState;
  }
}

/** The connection ended before the answer: whether the statement took effect is unknown. */
export class WireCutError extends Error {
  override readonly name = 'WireCutError';
}

interface PendingRequest {
  affected: number;
  error: WireServerError | undefined;
  readonly resolve: (affected: number) => void;
  readonly reject: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const READ_BUFFER_BYTES = 4_096;
/** A server that says nothing for so long while a request waits is taken for gone. */
const ANSWER_TIMEOUT_MS = 60_000;

/** One logged-in session. */
export class WireConnection {
  private readonly socket: Socket;
  private readonly authentication: WireAuthentication;
  private readonly pending: PendingRequest[] = [];
  private received: Buffer = Buffer.alloc(0);
  private cut: WireCutError | undefined;

  private constructor({ socket, inbox }: OpenSocket, target: WireTarget) {
    this.socket = socket;
    this.authentication = new WireAuthentication(target);
    inbox.receive = (bytes) => this.receive(bytes);
    socket.on('error', (error) => this.end(`connection error: ${error.message}`));
    socket.on('close', () => this.end('connection closed'));
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => {
      if (this.pending.length > 0) this.end('no answer in time');
    });
  }

  /** Connects, logs in and prepares `statements` (name → text). */
  static async open(
    target: WireTarget,
    statements: Readonly<Record<string, string>>,
  ): Promise<WireConnection> {
    const connection = new WireConnection(await openSocket(target), target);
    try {
      await connection.request(
        startup({
          user: target.username,
          database: target.database,
          client_encoding: 'UTF8',
          ...target.settings,
        }),
      );
      for (const [name, text] of Object.entries(statements)) {
        await connection.request(prepare(name, text));
      }
      return connection;
    } catch (error) {
      connection.end('log-in failed');
      throw error;
    }
  }

  /** False once the connection has ended. */
  get isOpen(): boolean {
    return this.cut === undefined;
  }

  /**
   * Executes a prepared statement in a transaction of its own; resolves with the rows affected
   * once it is committed. Rejects with `WireServerError` (rolled back) or `WireCutError`.
   */
  execute(name: string, parameters: readonly Buffer[]): Promise<number> {
    return this.request(execute(name, parameters));
  }

  /** Ends the session; requests still waiting are rejected with `WireCutError`. */
  close(): void {
    if (!this.isOpen) return;
    this.socket.end(TERMINATE);
    this.rejectPending('closed');
  }

  private request(message: Buffer): Promise<number> {
    if (this.cut !== undefined) return Promise.reject(this.cut);
    return new Promise((resolve, reject) => {
      this.pending.push({ affected: 0, error: undefined, resolve, reject });
      this.socket.write(message);
    });
  }

  private receive(chunk: Buffer): void {
    const bytes = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    let at = 0;
    while (bytes.length - at >= 5) {
      const end = at + 1 + bytes.readInt32BE(at + 1);
      if (end > bytes.length) break;
      this.handle(bytes[at] ?? 0, bytes.subarray(at + 5, end));
      at = end;
    }
    // A copy: the socket reads into the same buffer again.
    this.received = Buffer.from(bytes.subarray(at));
  }

  private handle(type: number, body: Buffer): void {
    const request = this.pending[0];
    if (type === COMMAND_COMPLETE && request !== undefined) {
      request.affected = affectedRows(body);
    } else if (type === ERROR_RESPONSE) {
      this.handleError(body, request);
    } else if (type === AUTHENTICATION) {
      this.authenticate(body);
    } else if (type === READY_FOR_QUERY && request !== undefined) {
      this.pending.shift();
      if (request.error === undefined) request.resolve(request.affected);
      else request.reject(request.error);
    }
  }

  /** A fatal error ends the session, possibly after the commit: that is a cut, not a refusal. */
  private handleError(body: Buffer, request: PendingRequest | undefined): void {
    const { severity, sqlState, message } = errorFields(body);
    if (severity === 'ERROR' && request !== undefined) {
      request.error = new WireServerError(sqlState, message);
    } else {
      this.end(`${message} (${sqlState})`);
    }
  }

  private authenticate(body: Buffer): void {
    try {
      const answer = this.authentication.answer(body);
      if (answer !== undefined) this.socket.write(passwordMessage(answer));
    } catch (error) {
      this.end(error instanceof Error ? error.message : String(error));
    }
  }

  private end(reason: string): void {
    this.socket.destroy();
    if (this.isOpen) this.rejectPending(reason);
  }

  private rejectPending(reason: string): void {
    this.cut = new WireCutError(reason);
    for (const request of this.pending.splice(0)) request.reject(this.cut);
  }
}

/** A connected socket and whoever takes what it reads. */
interface OpenSocket {
  readonly socket: Socket;
  readonly inbox: { receive: (bytes: Buffer) => void };
}

/** Connects, encrypted when the target asks for it. */
async function openSocket(target: WireTarget): Promise<OpenSocket> {
  const inbox = { receive: (_bytes: Buffer): void => undefined };
  if (target.tls !== undefined) {
    const socket = await openTlsSocket(target.address, target.tls);
    socket.on('data', (bytes: Buffer) => inbox.receive(bytes));
    return { socket, inbox };
  }
  // One buffer for all reads: answers are short, and a fresh one per read is a tenth of a commit.
  const buffer = Buffer.alloc(READ_BUFFER_BYTES);
  const onread = {
    buffer,
    callback: (length: number): boolean => {
      inbox.receive(buffer.subarray(0, length));
      return true;
    },
  };
  const socket = connectTcp({ ...target.address, onread });
  await connected(socket, 'connect');
  return { socket: tuned(socket), inbox };
}

async function openTlsSocket(
  address: NetConnectOpts,
  { required, options }: NonNullable<WireTarget['tls']>,
): Promise<Socket> {
  const socket = connectTcp(address);
  await connected(socket, 'connect');
  tuned(socket).write(sslRequest());
  const answer = await new Promise<Buffer>((resolve, reject) => {
    socket.once('data', resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new WireCutError('connection closed before TLS')));
  });
  if (answer[0] === 'S'.charCodeAt(0)) {
    const secure = connectTls({ ...options, socket });
    await connected(secure, 'secureConnect');
    return secure;
  }
  if (!required) return socket;
  socket.destroy();
  throw new WireCutError('the server does not speak TLS');
}

function tuned(socket: Socket): Socket {
  return socket.setNoDelay(true).setKeepAlive(true, 30_000);
}

function connected(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      socket.destroy();
      reject(new WireCutError(error.message));
    };
    const timer = setTimeout(() => fail(new Error('connect timed out')), CONNECT_TIMEOUT_MS);
    socket.once('error', fail);
    socket.once(event, () => {
      clearTimeout(timer);
      socket.off('error', fail);
      resolve();
    });
    socket.once('close', () => clearTimeout(timer));
  });
}
