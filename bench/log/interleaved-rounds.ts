/**
 * Interleaved measurement: in each round every contender runs once, so that a machine that
 * changes its speed between rounds changes it for all. What counts is the ratio within a round.
 */

/** Something to measure: runs for about `ms` and returns a rate. */
export interface Contender {
  readonly name: string;
  /** Runs for about this long; resolves with units per second. */
  run(ms: number): Promise<number>;
}

/** Rates of every contender, by round. */
export type Rounds = ReadonlyMap<string, readonly number[]>;

export interface RoundsOptions {
  readonly contenders: readonly Contender[];
  readonly rounds: number;
  readonly msPerRun: number;
}

/** Measures all contenders in turn, `rounds` times, after one run of each that is thrown away. */
export async function interleave({ contenders, rounds, msPerRun }: RoundsOptions): Promise<Rounds> {
  const rates = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (const contender of contenders) await contender.run(msPerRun / 4);
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      rates.get(contender.name)?.push(await contender.run(msPerRun));
    }
  }
  return rates;
}
