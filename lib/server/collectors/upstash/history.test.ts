import { expect, test } from 'vitest';
import { historyOf } from './history.ts';
import { statsSchema } from './schema.ts';

const MINUTE = 60_000;
const NOW_MS = Date.parse('2026-04-09T20:40:00Z');
const FROM_MS = NOW_MS - 60 * MINUTE;
const time = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;

/** A point each minute of the last hour, those at these minutes left out. */
function minutes(y: number, without: readonly number[] = []) {
  return Array.from({ length: 60 }, (_, i) => i + 1)
    .filter((minute) => !without.includes(minute))
    .map((minute) => ({ x: time(FROM_MS + minute * MINUTE), y }));
}

function history(fields: object, range = { startMs: FROM_MS - 3 * 86_400_000, endMs: NOW_MS + 86_400_000 }) {
  const answer = { stats: statsSchema.parse(fields), serverMs: NOW_MS, skewMs: 0, period: '1h' as const };
  return historyOf(answer, range);
}

test('a stretch that points do not cover whole is absent, for a count as for a level; none is made smaller or filled', () => {
  const holes = [12, 31, 32, 33, 34, 35];
  const series = history({
    command_counts: [{ metric_identifier: 'GET', data_points: minutes(10, holes) }],
    keyspace: minutes(7, holes),
  });
  const starts = (metric: string) =>
    series
      .find((one) => one.metric === metric)
      ?.stretches.map(({ startMs, value }) => [(startMs - FROM_MS) / MINUTE, value]);
  const whole = [0, 5, 15, 20, 25, 35, 40, 45, 50, 55];
  expect(starts('upstash_commands_total')).toEqual(whole.map((minute) => [minute, 50]));
  // A level stands at the point itself; one point is enough for its stretch.
  expect(starts('upstash_keys')?.some(([minute]) => minute === 30)).toBe(true);
  expect(starts('upstash_keys')?.every(([, value]) => value === 7)).toBe(true);
});

test('the day that runs is in no list of days, even where the range reaches beyond it', () => {
  const days = ['2026-04-07', '2026-04-08', '2026-04-09'].map((day, i) => ({
    x: `${day} 20:38:41.79 +0000 UTC`,
    y: 100 + i,
  }));
  const series = history({ dailyrequests: days, bandwidths: days });
  for (const metric of ['upstash_day_requests_total', 'upstash_bandwidth_bytes_total']) {
    const stretches = series.find((one) => one.metric === metric)?.stretches;
    expect(
      stretches?.map(({ startMs, value }) => [new Date(startMs).toISOString().slice(0, 10), value]),
    ).toEqual([
      ['2026-04-07', 100],
      ['2026-04-08', 101],
    ]);
  }
});

test('what the provider does not know is absent', () => {
  expect(history({ throughput: null, command_counts: [] })).toEqual([]);
});
