/**
 * A WebSocket client that may break every rule: it writes frames bit by bit on a plain socket.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HANDSHAKE_KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ANSWER_WITHIN_MS = 8_000;

/** A frame to be sent. */
export interface FrameSpec {
  readonly opcode: number;
  readonly payload: Uint8Array;
  /** The last fragment of its message; default true. */
  readonly fin?: boolean;
  /** Reserved bits: 4, 2, 1. */
  readonly reserved?: number;
  /** Default true, as a client must. */
  readonly masked?: boolean;
  /** A length that is announced instead of the payload's. */
  readonly announced?: bigint;
}

/** A frame that came: `code` for close frames. */
export interface Received {
  readonly opcode: number;
  readonly text: string;
  readonly payload: Buffer;
  readonly code?: number;
}

/** The bytes of a frame. */
export function frameBytes(frame: FrameSpec): Buffer {
  const { opcode, payload, fin = true, reserved = 0, masked = true, announced } = frame;
  const length = announced ?? BigInt(payload.length);
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const bit = masked ? 0x80 : 0;
  const head = [first];
  if (length < 126n) head.push(bit | Number(length));
  else if (length < 65_536n) head.push(bit | 126, Number(length >> 8n), Number(length & 255n));
  else {
    head.push(bit | 127);
    for (let shift = 56n; shift >= 0n; shift -= 8n) head.push(Number((length >> shift) & 255n));
  }
  const mask = masked ? [0x12, 0x34, 0x56, 0x78] : [];
  const body = Buffer.from(payload.map((byte, k) => byte ^ (mask[k % 4] ?? 0)));
  return Buffer.concat([Buffer.from(head), Buffer.from(mask), body]);
}

export class RawSocket {
  /** The head of the answer to the upgrade. */
  head = '';
  private readonly socket: Socket;
  private pending: Buffer = Buffer.alloc(0);
  private readonly frames: Received[] = [];
  private wake: (() => void) | undefined;
  private ended = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      this.pending = Buffer.concat([this.pending, data]);
      this.read();
      this.wake?.();
    });
    socket.on('close', () => {
      this.ended = true;
      this.wake?.();
    });
  }

  /** Connects and asks for an upgrade; `head` holds the answer. */
  static async open(
    origin: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RawSocket> {
    const { hostname, port } = new URL(origin);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const client = new RawSocket(socket);
    await once(socket, 'connect');
    const all: Readonly<Record<string, string>> = {
      ...{ Host: `${hostname}:${port}`, Connection: 'Upgrade', Upgrade: 'websocket' },
      ...{ 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': HANDSHAKE_KEY, ...headers },
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    await client.until(() => client.head !== '');
    return client;
  }

  /** Status of the answer to the upgrade. */
  get status(): number {
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(this.head)?.[1] ?? 0);
  }

  text(text: string): void {
    this.frame({ opcode: 1, payload: Buffer.from(text) });
  }

  frame(...frames: readonly FrameSpec[]): void {
    this.socket.write(Buffer.concat(frames.map(frameBytes)));
  }

  bytes(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** The next message (no ping or pong), or the close frame; undefined when the socket ended. */
  async next(): Promise<Received | undefined> {
    for (;;) {
      await this.until(() => this.frames.length > 0);
      const frame = this.frames.shift();
      if (frame === undefined || frame.opcode < 9) return frame;
    }
  }

  /** The rest of the answer to a refused upgrade. */
  async rest(): Promise<string> {
    await this.until(() => this.ended);
    return this.pending.toString('utf8');
  }

  destroy(): void {
    this.socket.destroy();
  }

  private async until(isDone: () => boolean): Promise<void> {
    const deadline = setTimeout(() => this.socket.destroy(), ANSWER_WITHIN_MS);
    while (!isDone() && !this.ended) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    clearTimeout(deadline);
  }

  private read(): void {
    if (this.head === '') {
      const end = this.pending.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.head = this.pending.toString('latin1', 0, end);
      this.pending = this.pending.subarray(end + 4);
    }
    if (this.status !== 101) return;
    for (let size = this.frameSize(); size !== undefined; size = this.frameSize()) {
      const [start, end] = size;
      const opcode = (this.pending[0] ?? 0) & 15;
      const payload = this.pending.subarray(start, end);
      const code = opcode === 8 && payload.length >= 2 ? { code: payload.readUInt16BE(0) } : {};
      const text = payload.toString('utf8', opcode === 8 ? 2 : 0);
      this.frames.push({ opcode, payload, text, ...code });
      this.pending = this.pending.subarray(end);
    }
  }

  /** Where the payload of the first pending frame begins and ends; undefined: not all there. */
  private frameSize(): readonly [number, number] | undefined {
    const { pending } = this;
    if (pending.length < 2) return undefined;
    const short = (pending[1] ?? 0) & 127;
    const start = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (pending.length < start) return undefined;
    const length =
      short === 126
        ? pending.readUInt16BE(2)
        : short === 127
          ? Number(pending.readBigUInt64BE(2))
          : short;
    return pending.length < start + length ? undefined : [start, start + length];
  }
}
