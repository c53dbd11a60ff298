/**
 * Answers to the server's authentication requests: clear text, MD5 and SCRAM-SHA-256.
 *
 * PostgreSQL documentation, "Frontend/Backend Protocol: Start-up" and "SASL Authentication";
 * SCRAM is RFC 5802 with SHA-256 (RFC 7677), without channel binding.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

/** Who logs in. */
export interface WireCredentials {
  readonly username: string;
  readonly password: string;
}

/** The server asked for something else, or could not prove that it knows the password. */
export class WireAuthenticationError extends Error {
  override readonly name = 'WireAuthenticationError';
}

const OK = 0;
const CLEARTEXT = 3;
const MD5 = 5;
const SASL = 10;
const SASL_CONTINUE = 11;
const SASL_FINAL = 12;

const MECHANISM = 'SCRAM-SHA-256';
/** "No channel binding", in base64, as every message after the first carries it. */
const GS2_HEADER = 'n,,';

/** One log-in. */
export class WireAuthentication {
  private readonly credentials: WireCredentials;
  private clientFirst = '';
  private serverSignature = Buffer.alloc(0);

  constructor(credentials: WireCredentials) {
    this.credentials = credentials;
  }

  /**
   * The body of the password message that answers an authentication request, or undefined when
   * none is due. Throws `WireAuthenticationError`.
   */
  answer(request: Buffer): Buffer | undefined {
    const kind = request.readInt32BE(0);
    const data = request.subarray(4);
    const { username, password } = this.credentials;
    switch (kind) {
      case OK:
        return undefined;
      case CLEARTEXT:
        return Buffer.from(`${password}\0`);
      case MD5: {
        const inner = md5(Buffer.from(password + username));
        return Buffer.from(`md5${md5(Buffer.concat([Buffer.from(inner), data]))}\0`);
      }
      case SASL:
        return this.saslStart(data.toString('utf8').split('\0'));
      case SASL_CONTINUE:
        return this.saslContinue(data.toString('utf8'));
      case SASL_FINAL:
        this.saslFinal(data.toString('utf8'));
        return undefined;
      default:
        throw new WireAuthenticationError(`authentication method ${kind} is not supported`);
    }
  }

  private saslStart(mechanisms: readonly string[]): Buffer {
    if (!mechanisms.includes(MECHANISM)) {
      throw new WireAuthenticationError(`the server offers no ${MECHANISM}`);
    }
    this.clientFirst = `n=*,r=${randomBytes(18).toString('base64')}`;
    const message = Buffer.from(GS2_HEADER + this.clientFirst);
    const length = Buffer.alloc(4);
    length.writeInt32BE(message.length);
    return Buffer.concat([Buffer.from(`${MECHANISM}\0`), length, message]);
  }

  private saslContinue(serverFirst: string): Buffer {
    const fields = saslFields(serverFirst);
    const nonce = fields.get('r') ?? '';
    const salt = Buffer.from(fields.get('s') ?? '', 'base64');
    const iterations = Number(fields.get('i'));
    const ours = this.clientFirst.slice(this.clientFirst.indexOf('r=') + 2);
    if (!nonce.startsWith(ours) || nonce === ours || !(iterations > 0 && iterations <= 1e7)) {
      throw new WireAuthenticationError('the server answered SCRAM with a wrong nonce');
    }
    const password = this.credentials.password.normalize('NFKC');
    const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
    const clientKey = hmac(salted, 'Client Key');
    const withoutProof = `c=${Buffer.from(GS2_HEADER).toString('base64')},r=${nonce}`;
    const authMessage = `${this.clientFirst},${serverFirst},${withoutProof}`;
    const signature = hmac(createHash('sha256').update(clientKey).digest(), authMessage);
    const proof = clientKey.map((byte, index) => byte ^ (signature[index] ?? 0));
    this.serverSignature = hmac(hmac(salted, 'Server Key'), authMessage);
    return Buffer.from(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`);
  }

  private saslFinal(serverFinal: string): void {
    const proof = Buffer.from(saslFields(serverFinal).get('v') ?? '', 'base64');
    const expected = this.serverSignature;
    if (proof.length !== expected.length || !timingSafeEqual(proof, expected)) {
      throw new WireAuthenticationError('the server does not know the password');
    }
  }
}

function saslFields(message: string): ReadonlyMap<string, string> {
  return new Map(message.split(',').map((field) => [field.slice(0, 1), field.slice(2)]));
}

function hmac(key: Buffer, text: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHmac('sha256', key).update(text).digest());
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}
