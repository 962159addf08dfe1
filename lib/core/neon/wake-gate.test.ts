import { describe, expect, test } from 'vitest';
import {
  type ComputeFacts,
  type GateMemory,
  judgeVisit,
  noteFacts,
  noteSisterVisit,
  noteVisit,
  startGate,
} from './wake-gate.ts';

const NOW_MS = 10_000_000;
const ago = (seconds: number) => NOW_MS - seconds * 1_000;

function facts(more: Partial<ComputeFacts> = {}): ComputeFacts {
  return { state: 'active', lastActiveMs: ago(5), startedMs: ago(7_200), suspendSeconds: 300, ...more };
}
function memory(more: Partial<GateMemory> = {}): GateMemory {
  const ownEndMs = more.ownEndMs ?? ago(400);
  return { ownEndMs, visitEndMs: ownEndMs, loneVisits: 0, ...more };
}
const judge = (m: Partial<GateMemory>, f: Partial<ComputeFacts>) =>
  judgeVisit(memory(m), facts(f), NOW_MS).reason;

describe('judgeVisit', () => {
  test('opens while somebody else is busy', () => {
    expect(judgeVisit(memory(), facts(), NOW_MS)).toEqual({ open: true, reason: 'busy' });
  });

  test.each([
    ['asleep', 'asleep'],
    ['starting', 'changing'],
    ['stopping', 'changing'],
    ['disabled', 'disabled'],
    ['unknown', 'unknown_state'],
  ] as const)('stays closed while the compute is %s', (state, reason) => {
    expect(judgeVisit(memory(), facts({ state }), NOW_MS)).toEqual({ open: false, reason });
    // Not even where it never sleeps, nor long after our last visit.
    expect(judge({ ownEndMs: ago(90_000) }, { state, suspendSeconds: null })).toBe(reason);
  });

  test('activity that our own visit explains is nobody else’s', () => {
    expect(judge({}, { lastActiveMs: ago(400) })).toBe('only_us');
    expect(judge({}, { lastActiveMs: ago(391) })).toBe('only_us');
    expect(judge({ ownEndMs: ago(370) }, { lastActiveMs: ago(10) })).toBe('busy');
  });

  test('before the first visit, activity from before we watched may be an earlier process of ours', () => {
    const began = startGate(ago(60));
    expect(judgeVisit(began, facts({ lastActiveMs: ago(70) }), NOW_MS).reason).toBe('only_us');
    expect(judgeVisit(began, facts({ lastActiveMs: ago(20) }), NOW_MS).reason).toBe('busy');
  });

  test('nobody active for a while: we do not prolong it', () => {
    expect(judge({}, { lastActiveMs: ago(119) })).toBe('busy');
    expect(judge({}, { lastActiveMs: ago(121) })).toBe('winding_down');
    expect(judge({}, { lastActiveMs: ago(299) })).toBe('winding_down');
    // A short timeout leaves less room.
    expect(judge({}, { lastActiveMs: ago(23), suspendSeconds: 60 })).toBe('busy');
    expect(judge({}, { lastActiveMs: ago(25), suspendSeconds: 60 })).toBe('winding_down');
  });

  test('two visits are six minutes apart, also where it never sleeps', () => {
    expect(judge({ ownEndMs: ago(354) }, {})).toBe('too_soon');
    expect(judge({ ownEndMs: ago(356) }, {})).toBe('busy');
    expect(judge({ ownEndMs: ago(200) }, { suspendSeconds: null })).toBe('too_soon');
    expect(judge({ ownEndMs: ago(400) }, { suspendSeconds: null, lastActiveMs: null })).toBe('always_on');
  });

  test('a compute that started a moment ago is left to settle', () => {
    expect(judge({}, { startedMs: ago(9) })).toBe('changing');
    expect(judge({}, { startedMs: ago(11) })).toBe('busy');
  });

  describe('where last_active is missing or cannot be true', () => {
    test.each([[null], [ago(3_600)], [0], [NOW_MS + 3_600_000]])('%s', (lastActiveMs) => {
      // Awake for longer than it would be by us alone: somebody else uses it.
      expect(judge({ ownEndMs: ago(421) }, { lastActiveMs })).toBe('survived');
      expect(judge({ ownEndMs: ago(419) }, { lastActiveMs })).toBe('no_evidence');
      // Started after our visit, so not by us.
      expect(judge({ ownEndMs: ago(900) }, { lastActiveMs, startedMs: ago(60) })).toBe('busy');
      expect(judge({ ownEndMs: ago(900) }, { lastActiveMs, startedMs: ago(200) })).toBe('no_evidence');
      expect(judge({ ownEndMs: ago(900) }, { lastActiveMs, startedMs: null })).toBe('survived');
    });
  });

  test('visits that found nobody else make the next ones rarer, until it was seen asleep or somebody came', () => {
    let kept = memory();
    for (let n = 0; n < 3; n += 1) kept = noteVisit(kept, { endMs: ago(400), sawOthers: false });
    expect(kept.loneVisits).toBe(3);
    expect(judgeVisit(kept, facts(), NOW_MS).reason).toBe('too_soon');
    expect(judgeVisit({ ...kept, visitEndMs: ago(2_880) }, facts(), NOW_MS).reason).toBe('busy');
    expect(noteFacts(kept, facts({ state: 'asleep' })).loneVisits).toBe(0);
    expect(noteFacts(kept, facts()).loneVisits).toBe(3);
    expect(noteVisit(kept, { endMs: NOW_MS, sawOthers: true }).loneVisits).toBe(0);
    expect(noteVisit(kept, { endMs: NOW_MS, sawOthers: null }).loneVisits).toBe(3);
    // Never rarer than every six hours.
    const many = memory({ loneVisits: 50, ownEndMs: ago(6 * 3_600) });
    expect(judgeVisit(many, facts(), NOW_MS).reason).toBe('busy');
  });

  test('a visit of ours through another gate is nobody else’s activity, and delays none of ours', () => {
    const kept = noteSisterVisit(memory({ ownEndMs: ago(400) }), ago(60));
    expect(judgeVisit(kept, facts({ lastActiveMs: ago(55) }), NOW_MS).reason).toBe('only_us');
    expect(judgeVisit(kept, facts({ lastActiveMs: ago(5) }), NOW_MS).reason).toBe('busy');
    expect(noteSisterVisit(kept, ago(300))).toBe(kept);
  });
});
