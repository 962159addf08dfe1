import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALERT_EVENTS, type AlertEvent } from '../alerts/alert-book.ts';
import { CLAIM_STATES } from '../model/claim.ts';
import { REDIS_MODES } from '../model/redis-mode.ts';
import type { StateChange } from '../model/verdict.ts';
import type { ModeChange } from '../modes/mode-book.ts';
import { BLOCK_MS, HOUR_MS, MINUTE_MS } from '../time/range.ts';
import { addFound } from './add-entries.ts';
import { collectEntries } from './collect-entries.ts';
import type { DeployFact, IncidentFacts } from './incident-facts.ts';
import { AT, incidentOf, NO_FACTS } from './test-incident.ts';

const RANGE = { startMs: AT - HOUR_MS, endMs: AT + 12 * HOUR_MS };

const deployOf = (over: Partial<DeployFact>): DeployFact => ({
  ...{ id: 'd1', release: 'v1203', kind: 'code', startMs: AT, endMs: AT, rolled: null },
  ...{ title: null, sign: null, origin: 'api' },
  ...over,
});
const event = (atMs: number, what: AlertEvent['what'], id = 'http_429'): AlertEvent => ({
  ...{ atMs, id, title: '429s above usual', what, by: null, untilMs: null },
});
const change = (over: Partial<StateChange>): StateChange => ({
  ...{ atMs: AT, claimId: 'c1', from: 'settling', to: 'off_track', provisional: true },
  ...{ reason: null, evidence: 'as it was' },
  ...over,
});
const mode = (atMs: number, name: ModeChange['mode']): ModeChange => ({
  ...{ atMs, mode: name, quality: 'measured', evidence: `seen ${name}; and more`, machines: {} },
});
const titles = (facts: Partial<IncidentFacts>) =>
  collectEntries({ ...NO_FACTS, ...facts }, RANGE).map(({ title }) => title);
const watchOf = (changes: readonly StateChange[], claims: Record<string, string> = {}) => ({
  ...{ deployId: 'd1', release: 'v1203', changes, claims },
});

describe('a timeline that writes itself', () => {
  it('tells deploys, modes, alerts and verdicts in order of when they happened, each with what was seen', () => {
    const facts: IncidentFacts = {
      ...NO_FACTS,
      deploys: [
        deployOf({ endMs: AT + 164_000, rolled: { done: 2, of: 2 }, title: 'v1203: fewer Redis reads' }),
        deployOf({ id: 'd2', release: 'v1205', kind: 'suspend', startMs: AT + 3 * HOUR_MS, endMs: null }),
      ],
      modes: [mode(AT - 5 * HOUR_MS, 'active'), mode(AT + 3 * HOUR_MS + 1, 'suspended_by_us')],
      vain: [{ startMs: AT + 2 * HOUR_MS, endMs: AT + 3 * HOUR_MS, machines: ['a', 'b'] }],
      alerts: [event(AT + HOUR_MS, 'firing')],
      alertDetails: { [`http_429:${AT + HOUR_MS}`]: '40 an hour, 3 are usual' },
      watches: [watchOf([change({ atMs: AT + 30 * MINUTE_MS })], { c1: 'Redis GETs fall by 95 %' })],
    };
    expect(collectEntries(facts, RANGE).map(({ title, detail }) => [title, detail])).toEqual([
      ['v1203 deployed', 'on 2 of 2 machines by 18:02:44Z; fewer Redis reads'],
      ['Off track: Redis GETs fall by 95 %', 'as it was'],
      ['429s above usual', '40 an hour, 3 are usual'],
      [
        'Asked suspended, still active',
        'the settings of a, b ask to suspend Redis, and it is used all the same',
      ],
      ['v1205 suspends Redis', null],
      ['Redis is suspended by us', 'seen suspended_by_us'],
    ]);
  });

  it('leaves out what lies before its range or after it, the first look at a mode, and a switch that a mode tells', () => {
    expect(
      titles({
        deploys: [
          deployOf({ startMs: RANGE.startMs - 1, endMs: RANGE.startMs - 1 }),
          deployOf({ id: 'd2', sign: 'redis_mode', origin: 'noticed', kind: 'suspend' }),
          deployOf({ id: 'd3', startMs: RANGE.endMs, endMs: RANGE.endMs }),
        ],
        modes: [mode(AT, 'active')],
        alerts: [event(RANGE.startMs - 1, 'firing'), event(RANGE.endMs, 'resolved')],
        watches: [watchOf([change({ atMs: RANGE.endMs })])],
      }),
    ).toEqual([]);
  });

  it('a deploy that rolls is told at once, and its end once more; one that is over is told once', () => {
    const rolling = { ...NO_FACTS, deploys: [deployOf({ endMs: null })] };
    const over = { ...NO_FACTS, deploys: [deployOf({ endMs: AT + MINUTE_MS })] };
    const begun = addFound(incidentOf(), collectEntries(rolling, RANGE), AT);
    const whole = addFound(begun, collectEntries(over, RANGE, begun.entries), AT + MINUTE_MS);
    expect(whole.entries.map(({ title }) => title)).toEqual(['v1203 deployed', 'v1203 is on every machine']);
    expect(addFound(incidentOf(), collectEntries(over, RANGE), AT).entries).toHaveLength(1);
  });

  it('an alert that flaps 50 times in an hour is a few lines, and what people did to it is all there', () => {
    const alerts = Array.from({ length: 50 }, (_, i) => [
      event(AT + i * MINUTE_MS, 'firing'),
      event(AT + i * MINUTE_MS + 30_000, 'resolved'),
    ]).flat();
    const taken = { ...event(AT + 40 * MINUTE_MS, 'acknowledged'), by: 'Ada' };
    const told = titles({ alerts: [...alerts, taken].sort((a, b) => a.atMs - b.atMs) });
    expect(told).toHaveLength(8);
    expect(told.filter((title) => title.startsWith('Keeps coming'))).toHaveLength(1);
    expect(told.at(-1)).toBe('Taken up: 429s above usual');
  });

  it('40 claims that change at one look are one line, and a claim that sways is told once an hour', () => {
    const many = Array.from({ length: 40 }, (_, i) =>
      change({ claimId: `c${i}`, to: 'cant_tell', reason: 'redis_suspended' }),
    );
    const whole = change({ claimId: null, to: 'cant_tell', reason: 'redis_suspended' });
    expect(titles({ watches: [watchOf([...many, whole])] })).toEqual([
      '40 claims of v1203 can’t be told: Redis is suspended',
    ]);
    const sways = Array.from({ length: 24 }, (_, i) =>
      change({
        atMs: AT + i * BLOCK_MS,
        ...(i % 2 === 0 ? { from: 'on_track', to: 'off_track' } : { from: 'off_track', to: 'on_track' }),
      }),
    );
    expect(titles({ watches: [watchOf(sways)] })).toHaveLength(4);
  });

  it('a person’s act on a watch, which is a change to the same state, is no change of a verdict', () => {
    expect(titles({ watches: [watchOf([change({ from: 'off_track', to: 'off_track' })])] })).toEqual([]);
  });
});

const minute = fc.integer({ min: -90, max: 900 }).map((at) => AT + at * MINUTE_MS);
const byTime = <T extends { atMs: number }>(list: T[]) => [...list].sort((a, b) => a.atMs - b.atMs);
const anyFacts: fc.Arbitrary<IncidentFacts> = fc.record({
  deploys: fc.uniqueArray(
    fc
      .tuple(minute, fc.nat(9))
      .map(([startMs, i]) => deployOf({ id: `d${i}`, startMs, endMs: startMs + i * MINUTE_MS })),
    { maxLength: 8, selector: ({ id }) => id },
  ),
  modes: fc
    .uniqueArray(fc.tuple(minute, fc.constantFrom(...REDIS_MODES)), { maxLength: 12, selector: ([at]) => at })
    .map((list) => byTime(list.map(([atMs, name]) => mode(atMs, name)))),
  vain: fc.array(
    minute.map((startMs) => ({ startMs, endMs: null, machines: ['a'] })),
    { maxLength: 3 },
  ),
  alerts: fc
    .uniqueArray(fc.tuple(minute, fc.constantFrom(...ALERT_EVENTS), fc.constantFrom('a', 'b')), {
      maxLength: 70,
      selector: ([at, what, id]) => `${at} ${what} ${id}`,
    })
    .map((list) => byTime(list.map(([atMs, what, id]) => event(atMs, what, id)))),
  alertDetails: fc.constant({}),
  watches: fc
    .array(
      fc.record({
        atMs: minute,
        claimId: fc.constantFrom('c1', 'c2', 'c3', null),
        from: fc.constantFrom(...CLAIM_STATES),
        to: fc.constantFrom(...CLAIM_STATES),
      }),
      { maxLength: 40 },
    )
    .map((list) => [watchOf(byTime(list.map((one) => change(one))))]),
});

describe('laws of a timeline', () => {
  it('the same facts again change nothing, and it is always in order', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const once = addFound(incidentOf(), collectEntries(facts, RANGE), AT);
        expect(addFound(once, collectEntries(facts, RANGE, once.entries), AT + 1)).toBe(once);
        const times = once.entries.map(({ atMs }) => atMs);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(new Set(once.entries.map(({ id }) => id)).size).toBe(once.entries.length);
        for (const atMs of times) expect(atMs >= RANGE.startMs && atMs < RANGE.endMs).toBe(true);
      }),
    );
  });

  it('what is written as it happens is what is written afterwards, and no entry ever changes', () => {
    fc.assert(
      fc.property(anyFacts, fc.array(minute, { minLength: 1, maxLength: 4 }), (facts, looks) => {
        let living = incidentOf();
        for (const nowMs of [...looks.sort((a, b) => a - b), RANGE.endMs]) {
          const before = living.entries;
          living = addFound(living, collectEntries(until(facts, nowMs), RANGE, before), nowMs);
          expect(
            living.entries.filter(({ writtenMs, id }) => writtenMs < nowMs || wasIn(before, id)),
          ).toEqual(before);
        }
        const after = addFound(incidentOf(), collectEntries(facts, RANGE), RANGE.endMs);
        const said = ({ entries }: typeof living) =>
          entries
            .map(({ id }) => id)
            .filter(isNoDeploy)
            .sort();
        expect(said(living)).toEqual(said(after));
      }),
    );
  });
});

const wasIn = (entries: readonly { id: string }[], known: string) => entries.some(({ id }) => id === known);

/** A deploy is told in one line or in two, by whether it was seen to roll; where it began near another of vain, in one. */
const isNoDeploy = (id: string) => !id.startsWith('deploy:') && !id.startsWith('vain:');

/** The facts as they were known at a time. */
function until(facts: IncidentFacts, nowMs: number): IncidentFacts {
  const known = <T extends { atMs: number }>(list: readonly T[]) => list.filter(({ atMs }) => atMs <= nowMs);
  return {
    ...facts,
    deploys: facts.deploys.flatMap((one) =>
      one.startMs > nowMs ? [] : [{ ...one, endMs: (one.endMs ?? 0) > nowMs ? null : one.endMs }],
    ),
    modes: known(facts.modes),
    vain: facts.vain.filter(({ startMs }) => startMs <= nowMs),
    alerts: known(facts.alerts),
    watches: facts.watches.map((watch) => ({ ...watch, changes: known(watch.changes) })),
  };
}
