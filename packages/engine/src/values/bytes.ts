/**
 * Bytes for the log and for snapshots: little-endian, no padding, UTF-8 text.
 *
 * A reader never reads past its end: it throws `BytesError`, which the log and the snapshot
 * loader turn into "corrupt" (no command is ever decoded from such bytes).
 */

/** Bytes end early or hold what the format does not allow. */
export class BytesError extends Error {
  override readonly name = 'BytesError';
}

/** Appends values to a growing byte array. */
export class ByteWriter {
  private bytes: Uint8Array;
  private view: DataView;
  private length = 0;

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  u8(value: number): void {
    const at = this.reserve(1);
    this.view.setUint8(at, value);
  }

  u32(value: number): void {
    const at = this.reserve(4);
    this.view.setUint32(at, value, true);
  }

  i32(value: number): void {
    const at = this.reserve(4);
    this.view.setInt32(at, value, true);
  }

  f64(value: number): void {
    const at = this.reserve(8);
    this.view.setFloat64(at, value, true);
  }

  i64(value: bigint): void {
    const at = this.reserve(8);
    this.view.setBigInt64(at, value, true);
  }

  /** A count and the bytes themselves. */
  blob(value: Uint8Array): void {
    this.u32(value.length);
    const at = this.reserve(value.length);
    this.bytes.set(value, at);
  }

  /** A count and the elements of an Int32Array. */
  i32s(value: Int32Array): void {
    this.u32(value.length);
    const at = this.reserve(value.byteLength);
    this.bytes.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), at);
  }

  /** A count and the elements of a Float64Array. */
  f64s(value: Float64Array): void {
    this.u32(value.length);
    const at = this.reserve(value.byteLength);
    this.bytes.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), at);
  }

  /** Text as a byte count and UTF-8. A lone surrogate becomes U+FFFD. */
  text(value: string): void {
    const countAt = this.reserve(4);
    const start = this.length;
    for (const character of value) this.codePoint(character.codePointAt(0) ?? 0xfffd);
    this.view.setUint32(countAt, this.length - start, true);
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private codePoint(code: number): void {
    const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    if (point < 0x80) {
      this.u8(point);
    } else if (point < 0x800) {
      this.u8(0xc0 | (point >> 6));
      this.u8(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
      this.u8(0xe0 | (point >> 12));
      this.u8(0x80 | ((point >> 6) & 0x3f));
      this.u8(0x80 | (point & 0x3f));
    } else {
      this.u8(0xf0 | (point >> 18));
      this.u8(0x80 | ((point >> 12) & 0x3f));
      this.u8(0x80 | ((point >> 6) & 0x3f));
      this.u8(0x80 | (point & 0x3f));
    }
  }

  /** Makes room; `bytes` and `view` may be new ones afterwards, so call it before using them. */
  private reserve(size: number): number {
    const at = this.length;
    if (at + size > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, at + size));
      larger.set(this.bytes);
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    this.length = at + size;
    return at;
  }
}

/** Reads values in the order a ByteWriter wrote them. */
export class ByteReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;

  constructor(bytes: Uint8Array) {
    // A plain view: subclasses (Node's Buffer) may override `slice` to share memory.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    return this.view.getUint8(this.take(1));
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  i32(): number {
    return this.view.getInt32(this.take(4), true);
  }

  f64(): number {
    return this.view.getFloat64(this.take(8), true);
  }

  i64(): bigint {
    return this.view.getBigInt64(this.take(8), true);
  }

  blob(): Uint8Array {
    const size = this.u32();
    const at = this.take(size);
    return this.bytes.slice(at, at + size);
  }

  i32s(): Int32Array {
    const count = this.u32();
    const at = this.take(count * 4);
    return new Int32Array(this.bytes.slice(at, at + count * 4).buffer);
  }

  f64s(): Float64Array {
    const count = this.u32();
    const at = this.take(count * 8);
    return new Float64Array(this.bytes.slice(at, at + count * 8).buffer);
  }

  text(): string {
    const size = this.u32();
    const at = this.take(size);
    let text = '';
    for (let i = at; i < at + size;) {
      const lead = this.bytes[i] ?? 0;
      const extra = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
      if (i + extra >= at + size) throw new BytesError('text ends inside a character');
      let point = extra === 0 ? lead : lead & (0x3f >> extra);
      for (let k = 1; k <= extra; k++) {
        const next = this.bytes[i + k] ?? 0;
        if (next >> 6 !== 0b10) throw new BytesError('text is not UTF-8');
        point = (point << 6) | (next & 0x3f);
      }
      if (!isWellFormed(point, lead, extra)) throw new BytesError('text is not UTF-8');
      text += String.fromCodePoint(point);
      i += extra + 1;
    }
    return text;
  }

  private take(size: number): number {
    const at = this.at;
    if (size > this.bytes.length - at) throw new BytesError(`bytes end at ${this.bytes.length}`);
    this.at = at + size;
    return at;
  }
}

/** Whether a lead byte and its code point are the one UTF-8 form of a Unicode scalar value. */
function isWellFormed(point: number, lead: number, extra: number): boolean {
  switch (extra) {
    case 0:
      return true;
    case 1:
      return lead >= 0xc2;
    case 2:
      return point >= 0x800 && (point < 0xd800 || point > 0xdfff);
    default:
      return lead < 0xf8 && point >= 0x10000 && point <= 0x10ffff;
  }
}
