import 'server-only';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { HOUR_MS, type TimeRange } from '@/lib/core/time/range.ts';
import type { Head } from '../head/head.ts';
import { hourOf } from '../head/target-head.ts';
import { joinHours, type SampleColumns } from '../sample-run.ts';
import type { SampleRun, SeriesSelector } from '../store.ts';
import type { WorkerClient } from './client.ts';

/** What reading samples needs of its store; the head is asked for anew at each turn, since another may take its place. */
export interface SampleReadParts {
  client: WorkerClient;
  head(): Head;
  /** Runs a read whose part from memory and whose packed part must fit together. */
  together<T>(read: () => Promise<T>): Promise<T>;
}

interface Turn {
  run: SampleRun | null;
  /** Null at the end of the series. */
  nextHour: number | null;
}

/** See `Store.readSamples`. */
export async function* readSampleRuns(
  parts: SampleReadParts,
  selector: SeriesSelector,
  range: TimeRange,
): AsyncGenerator<SampleRun> {
  const ids = parts
    .head()
    .registry.select(selector)
    .map(({ info }) => info.id);
  if (ids.length === 0) return;
  const firstHour = await firstHourOf(parts, range);
  for (const id of ids) {
    for (let hour: number | null = firstHour; hour !== null; ) {
      const from: number = hour;
      const turn: Turn = await parts.together(() => readTurn(parts, id, from, range));
      if (turn.run !== null) yield turn.run;
      hour = turn.nextHour;
    }
  }
}

/** Where to begin: nobody asks for all the hours since 1970. */
async function firstHourOf({ client, head }: SampleReadParts, range: TimeRange): Promise<number> {
  const { hour } = await client.call('rawFrom', {});
  const live = [...head().targets()].flatMap((target) => target.head.hours[0]?.hour ?? []);
  const oldest = Math.min(hour ?? Number.POSITIVE_INFINITY, ...live);
  return Math.max(hourOf(range.startMs), Number.isFinite(oldest) ? oldest : 0);
}

async function readTurn(
  { client, head: headOf }: SampleReadParts,
  id: number,
  fromHour: number,
  range: TimeRange,
): Promise<Turn> {
  const head = headOf();
  const series = head.registry.byId(id);
  const target = series === undefined ? undefined : head.target(series.info.targetId);
  if (series === undefined || target === undefined || series.lastAtMs === null)
    return { run: null, nextHour: null };
  const toRun = (columns: SampleColumns | null): SampleRun | null =>
    columns === null ? null : { series: series.info, counter: series.counter, ...columns };
  const lastHour = hourOf(Math.min(range.endMs - 1, series.lastAtMs));
  const packedTo = Math.min(lastHour, target.packedHour ?? Number.NEGATIVE_INFINITY);
  if (fromHour <= packedTo) {
    const ask = { series: id, target: target.number, ...range, fromHour, toHour: packedTo };
    const { columns, nextHour } = await client.call('raw', ask);
    return { run: toRun(columns), nextHour: nextHour > lastHour ? null : nextHour };
  }
  // What is packed from here on is answered from these copies.
  const live = target.head.hours
    .filter(({ hour }) => hour >= fromHour && hour * HOUR_MS < range.endMs)
    .flatMap((hour) => hour.readSeries(id, series.counter) ?? []);
  await nextTurn();
  return { run: toRun(joinHours(live, range)), nextHour: null };
}
