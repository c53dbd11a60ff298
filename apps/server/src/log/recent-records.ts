/**
 * The newest records of a partition, kept in memory so that followers at the head get what was
 * just committed without reading it back.
 */
import type { LogRecord } from './log.ts';

const RECENT_RECORDS_MAX = 16_384;
const RECENT_BYTES_MAX = 8_388_608;

/** A bounded run of records without holes, ending at the newest record. */
export class RecentRecords {
  private records: LogRecord[] = [];
  private bytes = 0;

  /** Adds records that follow the newest one; if they do not, what was kept is forgotten. */
  push(firstSeq: number, payloads: readonly Uint8Array[]): void {
    const newest = this.records.at(-1);
    if (newest !== undefined && newest.seq + 1 !== firstSeq) this.clear();
    let seq = firstSeq;
    for (const payload of payloads) {
      this.records.push({ seq, payload });
      this.bytes += payload.length;
      seq += 1;
    }
    this.shed();
  }

  clear(): void {
    this.records = [];
    this.bytes = 0;
  }

  /** The records from `seq` on; undefined when `seq` is not among those kept. */
  from(seq: number): readonly LogRecord[] | undefined {
    const oldest = this.records[0];
    if (oldest === undefined || seq < oldest.seq) return undefined;
    const start = seq - oldest.seq;
    return start < this.records.length ? this.records.slice(start) : undefined;
  }

  /** Halves what is kept once it is too much, so that shedding is rare. */
  private shed(): void {
    if (this.records.length <= RECENT_RECORDS_MAX && this.bytes <= RECENT_BYTES_MAX) return;
    let drop = 0;
    let records = this.records.length;
    while (records > RECENT_RECORDS_MAX / 2 || this.bytes > RECENT_BYTES_MAX / 2) {
      this.bytes -= this.records[drop]?.payload.length ?? 0;
      drop += 1;
      records -= 1;
    }
    this.records = this.records.slice(drop);
  }
}
