import { describe, expect, it } from 'vitest';
import { FanOut, FLUSH_EVERY_MS, Outlet, type OutletSocket } from './fan-out.ts';
import { PlatformBacklog } from './platform-backlog.ts';
import { PRINTS_KEPT } from './platform-feed.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { TopicTable } from './topic.ts';

/** A socket that takes writes and keeps them; the test says what the kernel has taken. */
class Sink implements OutletSocket {
  readonly writes: string[] = [];
  writableLength = 0;

  write(bytes: string): boolean {
    this.writes.push(bytes);
    return true;
  }
}

function outletOf(fanOut: FanOut, socket: Sink, onOverflow = (): void => undefined): Outlet {
  return new Outlet(fanOut, { socket, capBytes: 1_000, onOverflow });
}

describe('fan-out', () => {
  it('writes all frames of a turn with one write per client', async () => {
    const fanOut = new FanOut(new ManualClock());
    const sinks = [new Sink(), new Sink()];
    const outlets = sinks.map((sink) => outletOf(fanOut, sink));
    for (const bytes of ['a', 'b', 'c']) for (const outlet of outlets) outlet.append(bytes);
    expect(sinks[0]?.writes).toEqual([]);
    await new Promise(setImmediate);
    for (const { writes } of sinks) expect(writes).toEqual(['abc']);
  });

  it('lets frames of a burst wait for each other, and no longer than 4 ms', async () => {
    const clock = new ManualClock();
    const fanOut = new FanOut(clock);
    const sink = new Sink();
    const outlet = outletOf(fanOut, sink);
    outlet.append('a');
    await new Promise(setImmediate);
    outlet.append('b');
    clock.advance(FLUSH_EVERY_MS - 1);
    outlet.append('c');
    expect(sink.writes).toEqual(['a']);
    clock.advance(1);
    expect(sink.writes).toEqual(['a', 'bc']);
  });

  it('drops a client above its cap and tells its owner once', () => {
    const fanOut = new FanOut(new ManualClock());
    const sink = new Sink();
    let overflows = 0;
    const outlet = outletOf(fanOut, sink, () => overflows++);
    sink.writableLength = 990;
    outlet.append('x'.repeat(10));
    fanOut.flush();
    expect(sink.writes.length).toBe(1);
    outlet.append('x'.repeat(11));
    fanOut.flush();
    outlet.append('y');
    fanOut.flush();
    expect(overflows).toBe(1);
    expect(sink.writes.length).toBe(1);
    expect(outlet.waitingBytes).toBe(990);
  });

  it('encodes a message once per encoding, and not at all for nobody', () => {
    const fanOut = new FanOut(new ManualClock());
    const table = new TopicTable(2);
    const sinks = Array.from({ length: 5 }, () => new Sink());
    const outlets = sinks.map((sink) => outletOf(fanOut, sink));
    const [a, b, c, d, e] = outlets as [Outlet, Outlet, Outlet, Outlet, Outlet];
    table.add(0, a, 'json');
    table.add(0, b, 'json');
    table.add('*', c, 'json');
    table.add('*', d, 'msgpack');
    table.add(1, e, 'json');
    const encoded: string[] = [];
    table.publish(0, (encoding) => {
      encoded.push(encoding);
      return encoding;
    });
    fanOut.flush();
    expect(encoded).toEqual(['json', 'msgpack']);
    expect(sinks.map(({ writes }) => writes.join())).toEqual([
      'json',
      'json',
      'json',
      'msgpack',
      '',
    ]);
    table.remove('*', c, 'json');
    table.remove('*', d, 'msgpack');
    table.remove(1, e, 'json');
    table.remove(1, e, 'json');
    expect(table.isWanted(0)).toBe(true);
    expect(table.isWanted(1)).toBe(false);
  });
});

describe('the backlog of a platform client that does not read', () => {
  it('stays bounded and knows what it left out', () => {
    const backlog = new PlatformBacklog();
    const all = { quotes: new Set([0]), trades: new Set([0]), bars: new Set([0]) };
    const tick = { t: '', p: 1, s: 1, x: 'N' };
    const bar = { t: '', o: 1, h: 1, l: 1, c: 1, v: 1, n: 1, vw: 1 };
    for (let n = 0; n < 2_000; n++) {
      const prints = new Map([[0, { ticks: [tick, tick], dropped: 1 }]]);
      backlog.add({ updates: new Map([[0, 4]]), prints, finalBars: new Map([[0, [bar]]]) }, all);
    }
    expect(backlog.quotes.get(0)).toBe(8_000);
    expect(backlog.prints.get(0)?.ticks.length).toBe(PRINTS_KEPT);
    expect(backlog.prints.get(0)?.dropped).toBe(6_000 - PRINTS_KEPT);
    expect(backlog.finalBars.get(0)?.length).toBe(960);
  });
});
