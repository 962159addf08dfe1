import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AlertNotice } from '@/lib/core/alerts/notice.ts';
import type { DemoFaultId } from '@/lib/core/model/demo-fault.ts';
import { MINUTE_MS, SECOND_MS } from '@/lib/core/time/range.ts';
import { type DemoWorld, openDemoWorld } from './test-demo-world.ts';

/**
 * What each fault of the demo panel must set off, seen by the real collectors in the time of the fleet: the right rule,
 * with these words, once, and over again after the fault.
 */
const FAULTS: readonly {
  id: DemoFaultId;
  alert: RegExp;
  words: RegExp;
  /** After so many minutes it fires at the latest. */
  within: number;
  lasts: number;
  /** What is told beside it, and is as true. */
  also?: RegExp;
}[] = [
  { id: 'limit_spike', alert: /^http_429$/, words: /429/, within: 2, lasts: 5 },
  { id: 'bad_value', alert: /^redis_not_suspended$/, words: /not suspended, though/, within: 2, lasts: 5 },
  { id: 'quota', alert: /^redis_suspended$/, words: /quota is used up/, within: 2, lasts: 3 },
  {
    ...{ id: 'leak', alert: /^redis_unaccounted$/, within: 3, lasts: 5 },
    words: /GETs\/min come from somewhere else/,
  },
  {
    id: 'kill',
    alert: /^source_down:.*9185e2bc$/,
    words: /9185e2bc gives no answer/,
    within: 1.5,
    lasts: 1.5,
  },
  { id: 'storm', alert: /^restart_storm/, words: /restarts/, within: 3, lasts: 3 },
  { id: 'slow', alert: /^regression:latency_p95$/, words: /p95 latency/, within: 10, lasts: 10 },
  {
    ...{ id: 'plateau', alert: /^plateau:redis_gets$/, words: /flat at the top/, within: 44, lasts: 45 },
    // GETs are back where they were before the deploy.
    also: /^regression:redis_gets$/,
  },
];

/** 15 min below half of the trigger, after the window that the rule looks at. */
const CLEARS_WITHIN_MINUTES = 36;
/** So long after a fault rules look back at visits of it: those are made as often as the real poller makes them. */
const LOOKED_BACK_MINUTES = 10;

/** Ends what hangs on a busy machine; it measures nothing. */
const HANGS_MS = 900_000;

let world: DemoWorld;

beforeAll(async () => {
  world = await openDemoWorld();
  // What stands at the beginning is part of the story, not of a fault.
  await world.pass(20 * MINUTE_MS, 30 * SECOND_MS);
}, HANGS_MS);
afterAll(async () => world?.close());

it.each(FAULTS)(
  '$id sets off its alert once, and it clears',
  async ({ id, alert, words, within, lasts, also }) => {
    const before = world.book();
    const startMs = world.nowMs();
    await world.break(id);
    await world.pass((lasts + LOOKED_BACK_MINUTES) * MINUTE_MS);
    await world.pass((CLEARS_WITHIN_MINUTES - LOOKED_BACK_MINUTES) * MINUTE_MS, 45 * SECOND_MS);
    const told = world.book().notices.filter(({ n }) => n > before.noticed);
    const mine = told.filter(({ alertId }) => alert.test(alertId));
    const line = ({ alertId, what, atMs, title }: AlertNotice) =>
      `${((atMs - startMs) / MINUTE_MS).toFixed(1)} min ${what} ${alertId}: ${title}`;
    const all = told.map(line).join('\n');
    expect(
      mine.map(({ what }) => what),
      all,
    ).toEqual(['firing', 'resolved']);
    const [fired] = mine;
    expect(fired?.title, all).toMatch(words);
    expect(((fired?.atMs ?? Number.NaN) - startMs) / MINUTE_MS, all).toBeLessThanOrEqual(within);
    // Nothing else wakes anybody.
    const others = told.filter(({ alertId }) => !alert.test(alertId) && also?.test(alertId) !== true);
    expect(others.filter(({ what }) => what === 'firing').map(line)).toEqual([]);
  },
  HANGS_MS,
);
