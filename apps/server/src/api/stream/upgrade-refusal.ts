/** Refusing an upgrade: an HTTP answer (RFC 9457 problem) on the raw socket, which then closes. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Why an upgrade is refused. */
export interface UpgradeRefusal {
  readonly status: number;
  /** Stable code. */
  readonly code: string;
  readonly detail: string;
}

/** Answers and closes. */
export function refuseUpgrade(socket: Duplex, { status, code, detail }: UpgradeRefusal): void {
  const title = STATUS_CODES[status] ?? '';
  const body = JSON.stringify({ type: 'about:blank', title, status, code, detail });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.once('finish', () => {
    socket.destroy();
  });
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
