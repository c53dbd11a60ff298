import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PlatformStreamClient } from './platform-stream-client.ts';
import type { StreamState } from './platform-stream-client.ts';

/** A socket whose other end is the test. */
class FakeSocket extends EventTarget {
  readonly sent: unknown[] = [];
  closed = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  say(message: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
  }
  break(): void {
    this.dispatchEvent(new Event('close'));
  }
}

const HELLO = { type: 'hello', seq: 1, venue: { id: 'v1', name: 'V', symbols: ['BAC'] } };

function openClient(): {
  client: PlatformStreamClient;
  sockets: FakeSocket[];
  states: StreamState[];
  heard: string[];
} {
  const sockets: FakeSocket[] = [];
  const states: StreamState[] = [];
  const heard: string[] = [];
  const client = new PlatformStreamClient({
    url: 'ws://x/api/v1/stream',
    onMessage: (message) => heard.push(message.type),
    onState: (state) => states.push(state),
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
  });
  client.open();
  return { client, sockets, states, heard };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the subscription is sent after hello, and again after every new connection', () => {
  const { client, sockets, states } = openClient();
  client.subscribe({ quotes: ['BAC'], trades: [], bars: [] });
  expect(sockets[0]?.sent).toEqual([]);
  sockets[0]?.say(HELLO);
  expect(sockets[0]?.sent).toEqual([
    { action: 'subscribe', quotes: ['BAC'], trades: [], bars: [] },
  ]);
  sockets[0]?.break();
  vi.advanceTimersByTime(250);
  expect(sockets.length).toBe(2);
  sockets[1]?.say(HELLO);
  expect(sockets[1]?.sent).toEqual(sockets[0]?.sent);
  expect(states).toEqual(['connecting', 'live', 'reconnecting', 'live']);
});

test('silence makes the stream stale after 3 s and connects again after 10 s', () => {
  const { sockets, states } = openClient();
  sockets[0]?.say(HELLO);
  vi.advanceTimersByTime(3_500);
  expect(states.at(-1)).toBe('stale');
  sockets[0]?.say({ type: 'clock', seq: 2 });
  expect(states.at(-1)).toBe('live');
  vi.advanceTimersByTime(10_500);
  expect(states.at(-1)).toBe('reconnecting');
  expect(sockets[0]?.closed).toBe(true);
  vi.advanceTimersByTime(250);
  expect(sockets.length).toBe(2);
});

test('a changed venue drops the connection and makes a new one at once', () => {
  const { sockets, heard } = openClient();
  sockets[0]?.say(HELLO);
  sockets[0]?.say({ type: 'venue_changed', seq: 9, venue_id: 'v2' });
  expect(sockets.length).toBe(2);
  sockets[0]?.say({ type: 'clock', seq: 10 });
  expect(heard).toEqual(['hello', 'venue_changed']);
});

test('a closed client stays closed', () => {
  const { client, sockets, states } = openClient();
  sockets[0]?.say(HELLO);
  client.close();
  vi.advanceTimersByTime(60_000);
  expect(sockets.length).toBe(1);
  expect(states.at(-1)).toBe('closed');
});
