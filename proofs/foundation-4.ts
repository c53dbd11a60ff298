/**
 * Foundation 4: the engine keeps its invariants under 100,000 random commands.
 *
 * Twice over: every event, balance and open order of the fast engine equals those of the naive
 * engine, and every invariant is checked by itself, from the events alone. Then the record of a
 * run is damaged on purpose, to show that these checks can fail.
 */
import {
  compareEngines,
  EngineMismatch,
} from '../packages/engine/src/matching/testing/compare-engines.ts';
import { engineRun, type Step } from './foundation-4/engine-run.ts';
import { INVARIANTS, InvariantChecker, newCounts } from './foundation-4/invariants.ts';
import { runMutations } from './foundation-4/mutations.ts';
import { Report } from './support/report.ts';

const COMMANDS = 100_000;
const SEEDS = [1, 2_000_001, 4_000_001, 6_000_001, 8_000_001] as const;
/** Commands of one venue: long enough for deep books, short enough to try many beginnings. */
const VENUE_LENGTH = 1_000;
const MUTANTS_EACH = 40;
/** Violations of one invariant that are printed. */
const SHOWN = 5;

const report = new Report('foundation-4', 'invariants of the engine under random commands');
compare();
const trace = checkInvariants();
mutate(trace);
report.finish();

/** The fast engine and the naive one, command by command. */
function compare(): void {
  const total = { commands: 0, orders: 0, fills: 0, refusals: 0, events: 0 };
  const kinds = new Set<string>();
  let mismatch = 'none';
  try {
    for (const seed of SEEDS) {
      const part = compareEngines(seed, COMMANDS / SEEDS.length, VENUE_LENGTH);
      for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += part[name];
      for (const kind of Object.keys(part.kinds)) kinds.add(kind);
    }
  } catch (error) {
    if (!(error instanceof EngineMismatch)) throw error;
    mismatch = error.message;
  }
  report.note(`${SEEDS.length} seeds: ${total.orders} orders, ${total.fills} fills`);
  report.note(`${total.refusals} refusals; ${kinds.size} kinds of refusals, fills and ends`);
  const reached = total.commands >= COMMANDS;
  report.check('commands compared with the naive engine', total.commands, COMMANDS, reached);
  report.check('events compared', total.events, '> 0', total.events > 0);
  report.exactly('first difference', mismatch, 'none');
}

/** Every invariant by itself; returns the record of the first run. */
function checkInvariants(): readonly Step[] {
  const checks = newCounts();
  const broken = newCounts();
  const kept: Step[] = [];
  let commands = 0;
  for (let run = 0; run < COMMANDS / VENUE_LENGTH; run++) {
    const seed = 500_000_000 + run;
    const checker = new InvariantChecker();
    for (const step of engineRun(seed, VENUE_LENGTH)) {
      checker.step(step);
      commands++;
      if (run === 0) kept.push(step);
    }
    checker.finish();
    for (const invariant of INVARIANTS) checks[invariant] += checker.checks[invariant];
    for (const { invariant, text } of checker.violations) {
      broken[invariant]++;
      if (broken[invariant] <= SHOWN) report.note(`seed ${seed}: ${invariant}: ${text}`);
    }
  }
  report.check('commands checked', commands, COMMANDS, commands >= COMMANDS);
  for (const invariant of INVARIANTS) {
    const label = `${invariant}: broken of ${checks[invariant]} checks`;
    report.check(label, broken[invariant], 0, broken[invariant] === 0 && checks[invariant] > 0);
  }
  return kept;
}

/** Damage that nobody reports means that a check is blind. */
function mutate(steps: readonly Step[]): void {
  for (const { name, breaks, made, caught } of runMutations(steps, MUTANTS_EACH)) {
    report.check(`damage caught by ${breaks}: ${name}`, caught, made, caught === made && made > 0);
  }
}
