/**
 * The messages of the Postgres protocol (version 3) that the append path uses, as bytes.
 * PostgreSQL documentation, "Frontend/Backend Protocol: Message Formats".
 */

const PROTOCOL_VERSION = 196_608;
const SSL_REQUEST_CODE = 80_877_103;

/** Types of backend messages, by their first byte. */
export const AUTHENTICATION = 0x52;
export const COMMAND_COMPLETE = 0x43;
export const ERROR_RESPONSE = 0x45;
export const READY_FOR_QUERY = 0x5a;

/** Asks whether the server speaks TLS. */
export function sslRequest(): Buffer {
  const message = Buffer.alloc(8);
  message.writeInt32BE(8, 0);
  message.writeInt32BE(SSL_REQUEST_CODE, 4);
  return message;
}

/** Opens a session with these parameters (user, database, settings). */
export function startup(parameters: Readonly<Record<string, string>>): Buffer {
  const text = Object.entries(parameters)
    .map(([name, value]) => `${name}\0${value}\0`)
    .join('');
  const message = Buffer.alloc(8 + Buffer.byteLength(text) + 1);
  message.writeInt32BE(message.length, 0);
  message.writeInt32BE(PROTOCOL_VERSION, 4);
  message.write(text, 8);
  return message;
}

/** A password or SASL answer. */
export function passwordMessage(body: Buffer): Buffer {
  return Buffer.concat([header('p', body.length), body]);
}

/** Prepares a statement under a name, to be executed by `execute`. */
export function prepare(name: string, text: string): Buffer {
  const body = Buffer.from(`${name}\0${text}\0\0\0`);
  return Buffer.concat([header('P', body.length), body, SYNC]);
}

/**
 * Binds binary parameters, executes and ends the transaction: one message, one round trip.
 * Parameters are given in the types' binary form.
 */
export function execute(name: string, parameters: readonly Buffer[]): Buffer {
  let size = 1 + name.length + 1 + 2 + 2 + 2 + 2;
  for (const parameter of parameters) size += 4 + parameter.length;
  const message = Buffer.allocUnsafe(5 + size + EXECUTE_AND_SYNC.length);
  let at = message.write('B', 'latin1');
  at = message.writeInt32BE(4 + size, at);
  at = message.writeUInt8(0, at);
  at += message.write(name, at, 'latin1');
  at = message.writeUInt8(0, at);
  at = message.writeInt16BE(1, at);
  at = message.writeInt16BE(1, at);
  at = message.writeInt16BE(parameters.length, at);
  for (const parameter of parameters) {
    at = message.writeInt32BE(parameter.length, at);
    at += parameter.copy(message, at);
  }
  at = message.writeInt16BE(0, at);
  EXECUTE_AND_SYNC.copy(message, at);
  return message;
}

/** Ends the session. */
export const TERMINATE = header('X', 0);

/** An integer parameter of 4 bytes. */
export function int4(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** A bigint parameter of 8 bytes. */
export function int8(value: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

/** What an ErrorResponse says. */
export interface ServerErrorFields {
  readonly severity: string;
  readonly sqlState: string;
  readonly message: string;
}

/** Reads the body of an ErrorResponse. */
export function errorFields(body: Buffer): ServerErrorFields {
  const fields = new Map<string, string>();
  for (const field of body.toString('utf8').split('\0'))
    fields.set(field.slice(0, 1), field.slice(1));
  return {
    severity: fields.get('V') ?? fields.get('S') ?? 'ERROR',
    sqlState: fields.get('C') ?? '',
    message: fields.get('M') ?? 'unknown error',
  };
}

/** Rows affected, from the body of a CommandComplete ("INSERT 0 1"). */
export function affectedRows(body: Buffer): number {
  const text = body.toString('latin1', 0, body.length - 1);
  return Number(text.slice(text.lastIndexOf(' ') + 1)) || 0;
}

function header(type: string, bodyLength: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.write(type, 'latin1');
  bytes.writeInt32BE(4 + bodyLength, 1);
  return bytes;
}

const SYNC = header('S', 0);
/** Execute of the unnamed portal without a row limit, then Sync. */
const EXECUTE_AND_SYNC = Buffer.concat([header('E', 5), Buffer.alloc(5), SYNC]);
