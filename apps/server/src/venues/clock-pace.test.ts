import { describe, expect, it } from 'vitest';
import type { Micros } from '@rialto/engine/values/time';
import { ClockPace } from './clock-pace.ts';

const at = (micros: number): Micros => micros as Micros;

describe('the pace of a venue clock', () => {
  it('stands still while paused', () => {
    const pace = new ClockPace();
    expect(pace.target({ speed: 1, paused: true }, at(500), 0)).toBe(500);
    expect(pace.target({ speed: 1, paused: true }, at(500), 9_000)).toBe(500);
  });

  it('runs speed times as fast as real time from where it was resumed', () => {
    const pace = new ClockPace();
    expect(pace.target({ speed: 10, paused: false }, at(1_000), 100)).toBe(1_000);
    expect(pace.target({ speed: 10, paused: false }, at(1_000), 150)).toBe(1_000 + 50 * 1_000 * 10);
  });

  it('takes the new speed from the venue time of the change on', () => {
    const pace = new ClockPace();
    pace.target({ speed: 1, paused: false }, at(0), 0);
    expect(pace.target({ speed: 1, paused: false }, at(0), 100)).toBe(100_000);
    expect(pace.target({ speed: 60, paused: false }, at(100_000), 100)).toBe(100_000);
    expect(pace.target({ speed: 60, paused: false }, at(100_000), 110)).toBe(100_000 + 600_000);
  });

  it('never asks to go back', () => {
    const pace = new ClockPace();
    pace.target({ speed: 1, paused: false }, at(0), 0);
    expect(pace.target({ speed: 1, paused: false }, at(900_000), 100)).toBe(900_000);
  });

  it('gives in after a second behind instead of bursting later', () => {
    const pace = new ClockPace();
    pace.target({ speed: 1, paused: false }, at(0), 0);
    expect(pace.target({ speed: 1, paused: false }, at(0), 5_000)).toBe(5_000_000);
    expect(pace.target({ speed: 1, paused: false }, at(10_000), 5_100)).toBe(100_000);
  });

  it('has no limit at speed zero', () => {
    const pace = new ClockPace();
    expect(pace.target({ speed: 0, paused: false }, at(7), 0)).toBe(Number.MAX_SAFE_INTEGER);
  });
});
