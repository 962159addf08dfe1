import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { awakeSpans, type ComputeNow, totalMs, withoutQuietTails } from './awake.ts';
import type { NeonOperation } from './operations.ts';
import { startsDuring } from './own-starts.ts';

let ids = 0;
function op(action: string, createdMs: number, more: Partial<NeonOperation> = {}): NeonOperation {
  ids += 1;
  const base = { id: String(ids), endpointId: 'ep-x', updatedMs: createdMs + 1, status: 'finished' };
  return { ...base, action, createdMs, ...more };
}
const start = (atMs: number, more: Partial<NeonOperation> = {}) => op('start_compute', atMs, more);
const suspend = (atMs: number) => op('suspend_compute', atMs, { updatedMs: atMs });

const asleep: ComputeNow = { state: 'asleep', startedMs: null, suspendedMs: null };
const active: ComputeNow = { state: 'active', startedMs: null, suspendedMs: null };
const range = { startMs: 1_000, endMs: 10_000 };
const spans = (operations: readonly NeonOperation[], now: ComputeNow) =>
  awakeSpans(operations, now, range)?.map(({ startMs, endMs }) => [startMs, endMs]) ?? null;

describe('awakeSpans', () => {
  test('pairs starts and suspends in any order of the log', () => {
    const log = [suspend(8_000), start(2_000), start(6_000), suspend(3_000)];
    expect(spans(log, asleep)).toEqual([
      [2_000, 3_000],
      [6_000, 8_000],
    ]);
  });

  test('what began before the range is cut to it, and what has not ended reaches its end', () => {
    expect(spans([suspend(3_000), start(9_000)], active)).toEqual([
      [1_000, 3_000],
      [9_000, 10_000],
    ]);
    expect(spans([start(10), suspend(20), start(400)], active)).toEqual([[1_000, 10_000]]);
  });

  test('without any entry the present state has been so all along', () => {
    expect(spans([], active)).toEqual([[1_000, 10_000]]);
    expect(spans([], asleep)).toEqual([]);
    expect(spans([], { ...asleep, state: 'disabled' })).toEqual([]);
    expect(spans([], { ...asleep, state: 'unknown' })).toBeNull();
    expect(spans([], { ...asleep, state: 'starting' })).toBeNull();
  });

  test('the endpoint’s own times stand in for entries that the log does not show yet', () => {
    expect(spans([start(2_000)], { state: 'asleep', startedMs: 2_001, suspendedMs: 5_000 })).toEqual([
      [2_000, 5_000],
    ]);
    expect(spans([suspend(3_000)], { state: 'active', startedMs: 7_000, suspendedMs: 3_000 })).toEqual([
      [1_000, 3_000],
      [7_000, 10_000],
    ]);
    // Neither log nor endpoint says when it fell asleep: then it was just now.
    expect(spans([start(2_000)], asleep)).toEqual([[2_000, 10_000]]);
  });

  test('a start that failed, runs or was dropped awakes nothing, nor does a status that is new to us', () => {
    for (const status of ['failed', 'error', 'running', 'scheduling', 'cancelled', 'skipped', 'paused']) {
      expect(spans([start(4_000, { status })], asleep)).toEqual([]);
    }
  });

  test('a check of availability counts from its begin to the suspend that ends it', () => {
    const log = [suspend(1_500), op('check_availability', 4_000), suspend(5_000)];
    expect(spans(log, asleep)).toEqual([
      [1_000, 1_500],
      [4_000, 5_000],
    ]);
    expect(spans([op('check_availability', 4_000), suspend(5_000)], asleep)).toEqual([[4_000, 5_000]]);
    // While awake anyway it adds nothing.
    expect(spans([start(2_000), op('apply_config', 3_000), suspend(5_000)], asleep)).toEqual([
      [2_000, 5_000],
    ]);
  });

  test('two starts in a row are one stretch, two suspends in a row end it once', () => {
    expect(spans([start(2_000), start(3_000), suspend(5_000), suspend(6_000)], asleep)).toEqual([
      [2_000, 5_000],
    ]);
  });

  test('spans are ordered, inside the range and never overlap, whatever the log holds', () => {
    const entry = fc.record({
      action: fc.constantFrom('start_compute', 'suspend_compute', 'check_availability', 'create_branch'),
      createdMs: fc.integer({ min: -5_000, max: 20_000 }),
      lastsMs: fc.integer({ min: 0, max: 3_000 }),
      status: fc.constantFrom('finished', 'finished', 'failed', 'running'),
    });
    const instant = fc.option(fc.integer({ min: -5_000, max: 20_000 }), { nil: null });
    const state = fc.constantFrom<ComputeNow['state']>('active', 'asleep', 'starting', 'unknown');
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), state, instant, instant, (log, is, from, to) => {
        const operations = log.map(({ action, createdMs, lastsMs, status }) =>
          op(action, createdMs, { status, updatedMs: createdMs + lastsMs }),
        );
        const found = awakeSpans(operations, { state: is, startedMs: from, suspendedMs: to }, range) ?? [];
        let beforeMs = range.startMs;
        for (const { startMs, endMs } of found) {
          expect(startMs).toBeGreaterThanOrEqual(beforeMs);
          expect(endMs).toBeGreaterThan(startMs);
          beforeMs = endMs;
        }
        expect(beforeMs).toBeLessThanOrEqual(range.endMs);
      }),
    );
  });
});

describe('withoutQuietTails', () => {
  test('takes the timeout off each stretch that ended, and leaves the one that goes on', () => {
    const awake = [
      { startMs: 0, endMs: 400_000 },
      { startMs: 500_000, endMs: 600_000 },
      { startMs: 700_000, endMs: 900_000 },
    ];
    const busy = withoutQuietTails(awake, 300, 900_000);
    expect(busy).toEqual([
      { startMs: 0, endMs: 100_000 },
      { startMs: 700_000, endMs: 900_000 },
    ]);
    expect(totalMs(busy)).toBe(300_000);
    expect(withoutQuietTails(awake, null, 900_000)).toEqual(awake);
  });
});

describe('startsDuring', () => {
  test('names the starts that fell into a visit of ours, and no others', () => {
    const log = [start(20_000), start(50_000), start(80_000, { status: 'failed' }), suspend(20_100)];
    expect(startsDuring(log, [{ startMs: 49_500, endMs: 50_200 }])).toEqual([log[1]]);
    expect(startsDuring(log, [{ startMs: 79_000, endMs: 81_000 }])).toEqual([]);
    expect(startsDuring(log, [{ startMs: 30_000, endMs: 40_000 }])).toEqual([]);
  });
});
