import type { FrozenChart, FrozenCopy } from '../model/share.ts';
import { HOUR_MS, MINUTE_MS } from '../time/range.ts';

/** Start of the range of the copies below. */
export const COPY_START_MS = Date.UTC(2026, 3, 9, 17, 0);
const END_MS = COPY_START_MS + 4 * HOUR_MS;
const STEP_MS = 5 * MINUTE_MS;

const at = (minutes: number) => COPY_START_MS + minutes * MINUTE_MS;

/** A chart with every part that one can have; five-minute buckets over the whole range. */
export function testChart(id = 'redis_gets'): FrozenChart {
  const starts = Array.from({ length: 48 }, (_, i) => COPY_START_MS + i * STEP_MS);
  return {
    id,
    title: 'Redis GETs',
    question: 'How hard is Redis asked?',
    variant: 'line',
    marks: [
      {
        ...{ id: 'deploy-v1203', release: 'v1203', kind: 'code', minor: false, href: '/deploys/v1203' },
        ...{ startMs: at(54), endMs: at(57), rolled: { done: 2, of: 2 } },
      },
    ],
    view: {
      unit: 'commands',
      as: 'rate',
      range: { startMs: COPY_START_MS, endMs: END_MS },
      stepMs: STEP_MS,
      lines: [
        {
          ...{ key: 'harbor/production/redis/cache', label: 'cache', quality: 'measured' },
          points: starts.map((atMs, i): [number, number | null] => [atMs, i === 3 ? null : 10 + i]),
        },
      ],
      lastIsPartial: false,
      gaps: [{ startMs: at(15), endMs: at(20), reason: 'no answer' }],
      history: [{ startMs: at(0), endMs: at(60), provider: 'Prometheus', resolutionMs: MINUTE_MS }],
      coverage: { measuredMs: 3 * HOUR_MS, backfilledMs: HOUR_MS },
      resets: [at(70)],
      goals: [{ direction: 'atMost', value: 10, text: '36.7K/h' }],
      plans: [{ value: 40, text: '$10/month plan' }],
      usual: {
        label: 'usual, 14 days',
        backfilled: { days: 3, of: 14, provider: 'Prometheus' },
        points: starts.map((atMs): [number, number] => [atMs, 30]),
        band: starts.map((atMs): [number, number, number] => [atMs, 20, 40]),
      },
      usualForming: { days: 3, needed: 5 },
      comparison: null,
      change: { before: 30, after: 10, beforeWords: 'mean of 24 h before', afterWords: 'mean since T+5m' },
      latest: { atMs: END_MS - MINUTE_MS, value: 57 },
      overall: 30,
      missing: { reason: 'Nothing measured in this time', fix: null },
      note: 'inferred from transactions',
      stale: false,
    },
  };
}

/** A copy as it is read, before anything is taken out: every field that there is, and every kind of entry. */
export function testCopy(): FrozenCopy {
  const base = { title: 'An entry', detail: 'what was seen', by: null };
  return {
    version: 1,
    kind: 'incident',
    place: 'harbor, production',
    title: 'Redis GETs did not fall after v1203',
    lead: 'The switch held a value that the app reads as false.',
    standing: { kind: 'incident', status: 'identified' },
    range: { startMs: COPY_START_MS, endMs: END_MS },
    frozenAtMs: END_MS,
    deploy: { release: 'v1203', startMs: at(54) },
    rail: {
      release: 'v1203',
      ...{ originMs: at(54), endMs: at(54) + 24 * HOUR_MS, nowMs: END_MS },
      stops: [{ offsetMs: 5 * MINUTE_MS, state: 'blocked', block: 'redis_suspended', provisional: false }],
      interruption: { atMs: at(214), release: 'v1205', kind: 'suspend' },
    },
    impact: [
      {
        ...{ id: 'commands_usd', value: 1.25, unit: 'usd', label: 'GETs above the promise' },
        ...{ note: 'at $0.20 per 100K', why: null, quality: 'measured' },
      },
      {
        ...{ id: 'lasted', value: null, unit: 'ms', label: 'lasted', note: null },
        ...{ why: 'it still lasts', quality: 'unavailable' },
      },
    ],
    charts: [testChart(), testChart('claim:gets-95')],
    claims: [
      {
        ...{ id: 'gets-95', title: 'Redis GETs fall by 95 %', why: 'Zero is the suspension.' },
        ...{ unit: 'commands', window: 'h', before: 10, measured: 9.5, effectPct: -5, interval: [-9, -1] },
        promised: { direction: 'atMost', value: 0.5, limit: 0.6 },
        ...{ provisional: false, state: 'cant_tell', reason: 'redis_suspended', sinceMs: at(214) },
        ...{ provenShare: 0.1, decidableByMs: null, quality: 'measured', metricNote: 'per operation' },
      },
      {
        ...{ id: 'cost', title: 'Upstash costs $6 a day', why: null, unit: 'usd', window: 'day' },
        ...{ before: 8.4, measured: 8.1, effectPct: -3, interval: null, promised: null, provisional: true },
        ...{ state: 'on_track', reason: null, sinceMs: null, provenShare: null, decidableByMs: at(900) },
        ...{ quality: 'inferred', metricNote: null },
      },
    ],
    checks: [{ title: 'Limiter still limits', dueMs: HOUR_MS, state: 'passing', evidence: '2 of 2' }],
    timeline: [
      { ...base, atMs: at(54), fact: { kind: 'deploy', deployId: 'd1', release: 'v1203', mark: 'code' } },
      { ...base, atMs: at(55), fact: { kind: 'mode', mode: 'suspended_by_us' } },
      { ...base, atMs: at(60), fact: { kind: 'alert', alertId: 'source_down:x', state: 'firing' } },
      {
        ...{ ...base, atMs: at(61) },
        fact: { kind: 'verdict', deployId: 'd1', claimId: 'gets-95', state: 'cant_tell' },
      },
      { ...base, atMs: at(62), by: 'Ada Lovelace', fact: { kind: 'status', status: 'identified' } },
      { ...base, atMs: at(63), by: 'Ada Lovelace', fact: { kind: 'note', markdown: 'A *note*.' } },
      { ...base, atMs: at(64), by: 'Ada Lovelace', fact: { kind: 'hypothesis', state: 'open' } },
      { ...base, atMs: at(65), by: 'Ada Lovelace', fact: { kind: 'action', done: false } },
      { ...base, atMs: at(66), by: 'Ada Lovelace', fact: { kind: 'share' } },
      { ...base, atMs: at(67), by: 'Ada Lovelace', fact: { kind: 'merge', incidentId: 'i2' } },
    ],
    hypotheses: [{ text: 'Traffic rose', state: 'refuted', evidence: 'requests are as usual' }],
    actions: [{ text: 'Mend the switch', owner: 'Ada Lovelace', dueMs: at(5_000), done: false }],
    leftOut: [{ what: 'hosts', count: 2 }],
  };
}
