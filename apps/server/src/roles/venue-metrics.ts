/** Metrics of the venues this process leads or serves; no label has more values than venues. */
import { Gauge, type Registry } from 'prom-client';
import type { Replica } from '../venues/venue-host.ts';

/** Adds gauges that are read when they are asked for. */
export function addVenueMetrics(registry: Registry, replicas: () => Iterable<Replica>): void {
  const gauge = (name: string, help: string, read: (replica: Replica) => number): void => {
    const metric: Gauge = new Gauge({
      name,
      help,
      labelNames: ['venue_id'],
      registers: [registry],
      collect: () => {
        metric.reset();
        for (const replica of replicas()) metric.set({ venue_id: replica.venueId }, read(replica));
      },
    });
  };
  gauge('rialto_venue_event_seq', 'Sequence number of the last applied event.', ({ seq }) => seq);
  gauge(
    'rialto_venue_command_seq',
    'Commands applied from the log.',
    ({ venue }) => venue.commandSeq,
  );
  gauge(
    'rialto_store_lag_events',
    'Events that are applied but not in the tables yet.',
    ({ lagEvents }) => lagEvents,
  );
  gauge(
    'rialto_venue_time_seconds',
    'Venue time, seconds since 1970.',
    ({ venue }) => venue.clock().time / 1_000_000,
  );
}
