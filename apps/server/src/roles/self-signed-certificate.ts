/**
 * A certificate for `RIALTO_TLS_PORT`: made at each start, for this machine only.
 *
 * Some clients insist on `wss:`. They must be told to accept a certificate nobody vouches for
 * (NODE_TLS_REJECT_UNAUTHORIZED=0 or the like); anything public belongs behind a real proxy.
 */
import { isIP } from 'node:net';

/** PEM texts. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Makes a key and a certificate for localhost and the address that is listened on. */
export async function selfSignedCertificate(host: string): Promise<Certificate> {
  const names = [
    { type: 2 as const, value: 'localhost' },
    { type: 7 as const, ip: '127.0.0.1' },
    ...(isIP(host) === 0
      ? [{ type: 2 as const, value: host }]
      : host === '127.0.0.1'
        ? []
        : [{ type: 7 as const, ip: host }]),
  ];
  // Its two hundred files are read only when TLS is asked for: every start would pay for them.
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: 'Rialto on this machine' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: names }],
  });
  return { key: made.private, cert: made.cert };
}
