/**
 * Breaks a true record of a run on purpose, one event at a time, to show that the checker sees it.
 *
 * Each mutation says which invariant it breaks; one that nothing reports means that a check is
 * blind. The state seen after each command stays as the engine left it.
 */
import { EventType } from '../../packages/engine/src/events/event-layout.ts';
import type { EngineEvent, Step } from './engine-run.ts';
import { type Invariant, InvariantChecker } from './invariants.ts';

/** A kind of damage: the events that stand instead of `event`; undefined where it can't be done. */
interface Mutation {
  readonly name: string;
  readonly breaks: Invariant;
  readonly damage: (event: EngineEvent, context: Context) => readonly EngineEvent[] | undefined;
}

/** What is known where an event stands. */
interface Context {
  /** The book right before the command. */
  readonly before: InvariantChecker;
  /** The book right after it. */
  readonly after: InvariantChecker;
}

const ONE_SHARE = 1_000_000_000n;
const { orderFilled, orderCanceled, orderExpired, orderWorking } = EventType;

const MUTATIONS: readonly Mutation[] = [
  {
    name: 'a fill at another price',
    breaks: 'ledger identity',
    damage: (event) =>
      isFill(event) && event.qty >= ONE_SHARE ? [{ ...event, price: event.price + 1 }] : undefined,
  },
  {
    name: 'a fill booked to another account',
    breaks: 'ledger identity',
    damage: (event) => (isFill(event) ? [{ ...event, account: 1 - event.account }] : undefined),
  },
  {
    name: 'a fill with the wrong rounding',
    breaks: 'ledger identity',
    damage: (event) => (isFill(event) ? [{ ...event, roundedUp: !event.roundedUp }] : undefined),
  },
  {
    name: 'a fill left out',
    breaks: 'ledger identity',
    damage: (event) => (isFill(event) ? [] : undefined),
  },
  {
    name: 'a fill told twice',
    breaks: 'sum of fills',
    damage: (event) => (isFill(event) ? [event, event] : undefined),
  },
  {
    name: 'a fill of one billionth more',
    breaks: 'sum of fills',
    damage: (event) => (isFill(event) ? [{ ...event, qty: event.qty + 1n }] : undefined),
  },
  {
    name: 'a wrong rest',
    breaks: 'sum of fills',
    damage: (event) =>
      event.type === orderWorking || isFill(event)
        ? [{ ...event, leaves: event.leaves + 1n }]
        : undefined,
  },
  {
    name: 'an end told twice',
    breaks: 'one terminal state',
    damage: (event) => (isEnd(event) ? [event, event] : undefined),
  },
  {
    name: 'an end left out',
    breaks: 'one terminal state',
    damage: (event) => (isEnd(event) ? [] : undefined),
  },
  {
    name: 'a filled order canceled',
    breaks: 'one terminal state',
    damage: (event) =>
      isFill(event) && event.leaves === 0n
        ? [event, { ...event, type: orderCanceled, why: 1 }]
        : undefined,
  },
  {
    name: 'a fill given to an order behind',
    breaks: 'price-time priority',
    damage: (event, { before }) => {
      if (!isFill(event) || !event.isMaker) return undefined;
      const queue = before.resting(event.instrument, event.sells);
      const place = queue.findIndex(({ number }) => number === event.number);
      const behind = queue[place + 1];
      if (place < 0 || behind === undefined) return undefined;
      return [{ ...event, number: behind.number, price: behind.limit }];
    },
  },
  {
    name: 'a taker beyond its limit',
    breaks: 'price-time priority',
    damage: (event, { after }) => {
      if (!isFill(event) || event.isMaker) return undefined;
      const own = after.resting(event.instrument, event.sells);
      const limit = own.find(({ number }) => number === event.number)?.limit;
      if (limit === undefined) return undefined;
      return [{ ...event, price: event.sells ? limit - 1 : limit + 1 }];
    },
  },
  {
    name: 'an order resting through the other side',
    breaks: 'no crossed book',
    damage: (event, { after }) => {
      if (event.type !== orderWorking) return undefined;
      const own = after.resting(event.instrument, event.sells);
      const [other] = after.resting(event.instrument, !event.sells);
      const rests = own.some(({ number }) => number === event.number);
      return rests && other !== undefined ? [{ ...event, price: other.limit }] : undefined;
    },
  },
];

function isFill(event: EngineEvent): boolean {
  return event.type === orderFilled;
}

function isEnd(event: EngineEvent): boolean {
  return event.type === orderCanceled || event.type === orderExpired;
}

/** How many mutants of a kind were made and how many the right invariant reported. */
export interface MutationResult {
  readonly name: string;
  readonly breaks: Invariant;
  readonly made: number;
  readonly caught: number;
}

/** Makes up to `each` mutants of every kind from the record of a run. */
export function runMutations(steps: readonly Step[], each: number): readonly MutationResult[] {
  return MUTATIONS.map((mutation) => {
    const places = placesOf(mutation, steps);
    const stride = Math.max(1, Math.floor(places.length / each));
    const chosen = places.filter((_, k) => k % stride === 0).slice(0, each);
    const caught = chosen.filter((place) => isCaught(mutation.breaks, steps, place)).length;
    return { name: mutation.name, breaks: mutation.breaks, made: chosen.length, caught };
  });
}

interface Place {
  readonly step: number;
  readonly events: readonly EngineEvent[];
}

function placesOf(mutation: Mutation, steps: readonly Step[]): readonly Place[] {
  const before = new InvariantChecker();
  const after = new InvariantChecker();
  const places: Place[] = [];
  steps.forEach((step, index) => {
    after.step(step);
    step.events.forEach((event, k) => {
      const instead = mutation.damage(event, { before, after });
      if (instead === undefined) return;
      places.push({ step: index, events: step.events.toSpliced(k, 1, ...instead) });
    });
    before.step(step);
  });
  return places;
}

function isCaught(invariant: Invariant, steps: readonly Step[], place: Place): boolean {
  const checker = new InvariantChecker();
  for (let index = 0; index <= place.step; index++) {
    const step = steps[index];
    if (step === undefined) break;
    checker.step(index === place.step ? { ...step, events: place.events } : step);
  }
  return checker.violations.some((violation) => violation.invariant === invariant);
}
