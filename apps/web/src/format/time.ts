/**
 * Times as text, always in a named zone.
 *
 * Venue time is an instant; the zone is a choice of the reader: the exchange's (New York), the
 * reader's own, or UTC. A repeated hour at the end of summer time stays two different instants,
 * because nothing here is ever shifted.
 */

/** The reader's choice. */
export type ZoneChoice = 'exchange' | 'local' | 'utc';

/** The exchange's zone. */
export const EXCHANGE_ZONE = 'America/New_York';

/** The IANA zone of a choice; `undefined` is the reader's own. */
export function zoneId(choice: ZoneChoice): string | undefined {
  if (choice === 'exchange') return EXCHANGE_ZONE;
  return choice === 'utc' ? 'UTC' : undefined;
}

/** The zone's label: "New York", "UTC", or the city of the reader's own zone. */
export function zoneLabel(choice: ZoneChoice): string {
  if (choice === 'exchange') return 'New York';
  if (choice === 'utc') return 'UTC';
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return own.slice(own.lastIndexOf('/') + 1).replaceAll('_', ' ');
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(choice: ZoneChoice, key: string): Intl.DateTimeFormat {
  const name = `${choice} ${key}`;
  let found = formatters.get(name);
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone: zoneId(choice),
      hourCycle: 'h23',
      ...PARTS[key],
    });
    formatters.set(name, found);
  }
  return found;
}

const PARTS: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  minutes: { hour: '2-digit', minute: '2-digit' },
  seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  millis: { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
  day: { weekday: 'short', month: 'short', day: 'numeric', year: 'numeric' },
  shortDay: { month: 'short', day: 'numeric' },
  month: { month: 'short', year: 'numeric' },
  numeric: {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  },
};

/** "09:31". Milliseconds since 1970. */
export function formatMinutes(timeMs: number, zone: ZoneChoice): string {
  return formatter(zone, 'minutes').format(timeMs);
}

/** "09:31:07". */
export function formatSeconds(timeMs: number, zone: ZoneChoice): string {
  return formatter(zone, 'seconds').format(timeMs);
}

/** "09:31:07.250". */
export function formatMillis(timeMs: number, zone: ZoneChoice): string {
  return formatter(zone, 'millis').format(timeMs);
}

/** "Mon, Oct 7, 2013". */
export function formatDay(timeMs: number, zone: ZoneChoice): string {
  return formatter(zone, 'day').format(timeMs);
}

/** "Oct 7". */
export function formatShortDay(timeMs: number, zone: ZoneChoice): string {
  return formatter(zone, 'shortDay').format(timeMs);
}

/** "Oct 2013". */
export function formatMonth(timeMs: number, zone: ZoneChoice): string {
  return formatter(zone, 'month').format(timeMs);
}

/** A wall-clock reading in a zone: its date ("2013-10-07") and the minutes since midnight. */
export function wallClock(timeMs: number, zone: ZoneChoice): { date: string; minutes: number } {
  const parts = new Map<string, string>();
  for (const part of formatter(zone, 'numeric').formatToParts(timeMs)) {
    parts.set(part.type, part.value);
  }
  return {
    date: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`,
    minutes: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}

/** An age in at most four characters: "0s", "45s", "12m", "3h", "4d". */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1_000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
