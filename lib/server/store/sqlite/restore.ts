import 'server-only';
import type { TargetId } from '@/lib/core/model/target.ts';
import { readScrapeRow } from '../codec/scrape-row.ts';
import { Head } from '../head/head.ts';
import { NEW_TARGET } from '../head/target-head.ts';
import type { WorkerClient } from './client.ts';
import type { Calls } from './protocol.ts';

/**
 * The head as the last process had it: names and states at the end of the packed hours, then every row since, through
 * the same door as on arrival. Throws when a row is damaged.
 */
export async function restoreHead(client: WorkerClient): Promise<Head> {
  const head = new Head();
  const { targets, series } = await client.call('load', {});
  const ids = new Map<number, TargetId>();
  for (const { number, id, packedHour, saved } of targets) {
    ids.set(number, id);
    head.restoreTarget(number, id, packedHour, saved === null ? NEW_TARGET : JSON.parse(saved));
  }
  for (const { id, target, metric, labels, quality, counter, saved } of series) {
    const info = { id, metric, labels, targetId: ids.get(target) ?? '', quality };
    head.registry.restore(info, counter, saved === null ? { last: null, counter: null } : JSON.parse(saved));
  }
  let afterSeq: number | null = 0;
  while (afterSeq !== null) {
    const { rows, bytes, lastSeq }: Calls['replay']['answer'] = await client.call('replay', { afterSeq });
    for (const { target, offset, length } of rows) {
      head.ingest(target, readScrapeRow(bytes.subarray(offset, offset + length)));
    }
    afterSeq = lastSeq;
  }
  return head;
}
