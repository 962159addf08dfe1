import 'server-only';
import { readScrapeRow } from '../codec/scrape-row.ts';
import { Head } from '../head/head.ts';
import { NEW_TARGET } from '../head/target-head.ts';
import type { Calls, RowsRead } from '../packed/protocol.ts';
import type { WorkerClient } from './client.ts';

/**
 * The head as the last process had it: names and states at the end of the packed hours, then every row since, through
 * the same door as on arrival. Throws when a row is damaged.
 */
export async function restoreHead(client: WorkerClient): Promise<Head> {
  const head = new Head();
  takeNames(head, await client.call('load', {}));
  for (let afterSeq = 0, isEnd = false; !isEnd; ) {
    const read: RowsRead = await client.call('replay', { afterSeq });
    takeRows(head, read);
    afterSeq = read.readSeq;
    isEnd = read.isEnd;
  }
  return head;
}

/** Puts names in place that others have made durable. */
export function takeNames(head: Head, { targets, series }: Calls['load']['answer']): void {
  for (const { number, id, packedHour, saved } of targets) {
    head.restoreTarget(number, id, packedHour, saved === null ? NEW_TARGET : JSON.parse(saved));
  }
  for (const { id, target, metric, labels, quality, counter, saved } of series) {
    const info = { id, metric, labels, targetId: head.idOf(target) ?? '', quality };
    head.registry.restore(info, counter, saved === null ? { last: null, counter: null } : JSON.parse(saved));
  }
}

/** Takes rows in as they came. */
export function takeRows(head: Head, { rows, bytes }: Pick<RowsRead, 'rows' | 'bytes'>): void {
  for (const { target, offset, length } of rows)
    head.ingest(target, readScrapeRow(bytes.subarray(offset, offset + length)));
}
