/**
 * Topics: who gets which message, by instrument.
 *
 * A `TopicTable` is the index symbol → clients of one channel (trades, quotes, bars, …) of one
 * venue. Subscribers stand in plain arrays, because publishing walks them and subscribing is
 * rare. A message is encoded at most once per encoding, and only when somebody wants it.
 */
import type { Outlet } from './fan-out.ts';
import type { ByteString } from './frame.ts';

/** How a client reads frames. */
export type Encoding = 'json' | 'msgpack';

/** Gives a message's frame in one encoding; called at most once for each. */
export type Encode = (encoding: Encoding) => ByteString;

/** Subscribers of one thing, grouped by encoding. */
class Topic {
  private readonly json: Outlet[] = [];
  private readonly msgpack: Outlet[] = [];

  get size(): number {
    return this.json.length + this.msgpack.length;
  }

  add(outlet: Outlet, encoding: Encoding): void {
    this[encoding].push(outlet);
  }

  remove(outlet: Outlet, encoding: Encoding): void {
    const outlets = this[encoding];
    const at = outlets.indexOf(outlet);
    if (at < 0) return;
    const last = outlets.pop();
    if (last !== undefined && last !== outlet) outlets[at] = last;
  }

  /** Appends the frame to every subscriber of `encoding`. */
  send(encoding: Encoding, bytes: ByteString): void {
    for (const outlet of this[encoding]) outlet.append(bytes);
  }

  wants(encoding: Encoding): boolean {
    return this[encoding].length > 0;
  }
}

const ENCODINGS: readonly Encoding[] = ['json', 'msgpack'];

/** The subscribers of one channel: per instrument, and those of all instruments. */
export class TopicTable {
  private readonly topics: Topic[];
  private readonly all = new Topic();

  constructor(instruments: number) {
    this.topics = Array.from({ length: instruments }, () => new Topic());
  }

  /** Adds a subscriber of one instrument, or of all (`'*'`). Each outlet at most once. */
  add(target: number | '*', outlet: Outlet, encoding: Encoding): void {
    this.topic(target)?.add(outlet, encoding);
  }

  remove(target: number | '*', outlet: Outlet, encoding: Encoding): void {
    this.topic(target)?.remove(outlet, encoding);
  }

  /** Whether a message about this instrument has a reader. */
  isWanted(instrument: number): boolean {
    return this.all.size > 0 || (this.topics[instrument]?.size ?? 0) > 0;
  }

  /** Sends one message about `instrument` to its subscribers. */
  publish(instrument: number, encode: Encode): void {
    const topic = this.topics[instrument];
    if (topic === undefined) return;
    for (const encoding of ENCODINGS) {
      if (!topic.wants(encoding) && !this.all.wants(encoding)) continue;
      const bytes = encode(encoding);
      topic.send(encoding, bytes);
      this.all.send(encoding, bytes);
    }
  }

  private topic(target: number | '*'): Topic | undefined {
    return target === '*' ? this.all : this.topics[target];
  }
}
