import type { ClaimView } from '../model/claim.ts';
import { DEFAULT_SWITCHES, type FrozenCopy, SHARE_SWITCHES } from '../model/share.ts';
import type { ChartView, MarkView, Point } from '../model/view.ts';
import { HOUR_MS, MINUTE_MS } from '../time/range.ts';

/** For tests: when the deploy of the told evening began. */
export const TOLD_MS = Date.UTC(2026, 3, 9, 17, 54);
const perHour = (value: number) => value / 3_600;

/** For tests: 733K GETs an hour, nothing known for a while, then none. */
export function toldChart(label: string): ChartView {
  const points: Point[] = Array.from({ length: 200 }, (_, minute) => [
    TOLD_MS - HOUR_MS + minute * MINUTE_MS,
    minute < 130 ? perHour(733_000) : minute < 150 ? null : 0,
  ]);
  return {
    ...{ unit: 'commands', as: 'rate', stepMs: MINUTE_MS, lastIsPartial: false },
    range: { startMs: TOLD_MS - HOUR_MS, endMs: TOLD_MS - HOUR_MS + 200 * MINUTE_MS },
    lines: [{ key: 'all', label, quality: 'measured', points }],
    gaps: [{ startMs: TOLD_MS + 70 * MINUTE_MS, endMs: TOLD_MS + 90 * MINUTE_MS, reason: label }],
    ...{ resets: [], goals: [], plans: [], usual: null, comparison: null, change: null },
    ...{ latest: { atMs: TOLD_MS + 140 * MINUTE_MS, value: 0 }, overall: perHour(500_000) },
    ...{ missing: null, note: label, stale: false },
  };
}

const CLAIM: ClaimView = {
  ...{ id: 'claim-1', title: '', why: null, unit: 'commands', window: 'h', before: perHour(733_000) },
  promised: { direction: 'atMost', value: perHour(36_700), limit: perHour(40_000) },
  ...{ measured: perHour(731_000), effectPct: -0.3, interval: [-0.9, 0.4], provisional: false },
  ...{ state: 'missed', reason: null, sinceMs: TOLD_MS, provenShare: null, decidableByMs: null },
  ...{ quality: 'measured', metricNote: null },
};

/** For tests: an incident in which `text` stands wherever others wrote something. */
export function toldCopy(text: string, over: Partial<FrozenCopy> = {}): FrozenCopy {
  const mark: MarkView = {
    ...{ id: 'mark-1', release: text, kind: 'code', startMs: TOLD_MS, endMs: TOLD_MS + 40_000 },
    ...{ rolled: { done: 2, of: 2 }, minor: false, href: null },
  };
  const by = { by: text };
  return {
    ...{ version: 1, kind: 'incident', place: text, title: text, lead: text },
    standing: { kind: 'incident', status: 'identified' },
    range: { startMs: TOLD_MS - HOUR_MS, endMs: TOLD_MS + 140 * MINUTE_MS },
    frozenAtMs: TOLD_MS + 3 * HOUR_MS,
    deploy: { release: text, startMs: TOLD_MS },
    impact: [
      {
        id: 'errors',
        value: 12_345,
        unit: 'responses',
        label: text,
        note: text,
        why: null,
        quality: 'measured',
      },
      {
        id: 'refused',
        value: null,
        unit: 'responses',
        label: text,
        note: null,
        why: text,
        quality: 'measured',
      },
      {
        id: 'commands_usd',
        value: 1.5,
        unit: 'usd',
        label: text,
        note: null,
        why: null,
        quality: 'measured',
      },
      {
        id: 'lasted',
        value: 166 * MINUTE_MS,
        unit: 'ms',
        label: text,
        note: null,
        why: null,
        quality: 'measured',
      },
    ],
    charts: [
      {
        id: 'redis_gets',
        title: text,
        question: text,
        variant: 'line',
        view: toldChart(text),
        marks: [mark],
      },
    ],
    claims: [{ ...CLAIM, title: text, why: text }],
    checks: [{ title: text, dueMs: HOUR_MS, state: 'failing', evidence: text }],
    timeline: [
      {
        ...{ atMs: TOLD_MS, title: text, detail: text, by: null },
        fact: { kind: 'deploy', deployId: 'deploy-1', release: text, mark: 'code' },
      },
      {
        ...{ atMs: TOLD_MS + HOUR_MS, title: 'Note', detail: null, ...by },
        fact: { kind: 'note', markdown: text },
      },
    ],
    hypotheses: [
      { text, state: 'confirmed', evidence: text },
      { text, state: 'open', evidence: null },
    ],
    actions: [
      { text, owner: text, dueMs: TOLD_MS + 24 * HOUR_MS, done: false },
      { text, owner: null, dueMs: null, done: true },
    ],
    leftOut: SHARE_SWITCHES.filter((name) => !DEFAULT_SWITCHES[name]).map((what) => ({ what, count: 1 })),
    ...over,
  };
}
