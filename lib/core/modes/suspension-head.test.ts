import { describe, expect, it } from 'vitest';
import type { SuspensionView } from '../model/suspension.ts';
import { headOf, withHead } from './suspension-head.ts';

const SINCE_MS = Date.UTC(2026, 3, 9, 20, 34);
const view = (over: Partial<SuspensionView> = {}): SuspensionView => ({
  mode: 'mixed',
  quality: 'measured',
  evidence: '1 of 2 machines says so',
  sinceMs: SINCE_MS,
  sinceIsFirstLook: false,
  by: { release: 'v1205', href: '/deploys/1' },
  until: null,
  machines: [{ name: 'a', mode: 'active', sinceMs: null }],
  consequences: [{ id: 'limiter', what: 'Limiter', text: 'x', quality: 'measured', why: 'y' }],
  stages: [
    { id: 'day', title: 'A day', state: 'running', startedMs: 1, dueMs: 2, decidedMs: null, evidence: 'z' },
  ],
  next: { text: 'Deploy', command: null },
  ...over,
});

describe('the head of a suspension', () => {
  it('goes onto the details that are known, which keep the time at which they were read', () => {
    const first = withHead(view(), headOf(view({ evidence: 'newer' })), SINCE_MS + 1_000);
    expect(first).toEqual(view({ evidence: 'newer', detailsAtMs: SINCE_MS + 1_000 }));
    const second = withHead(first ?? null, headOf(view({ evidence: 'newest' })), SINCE_MS + 9_000);
    expect(second).toMatchObject({ evidence: 'newest', detailsAtMs: SINCE_MS + 1_000 });
  });

  it('of one that is not known, or is another one, must be asked for whole', () => {
    expect(withHead(null, headOf(view()), SINCE_MS)).toBeUndefined();
    expect(withHead(view({ mode: 'quota_exhausted' }), headOf(view()), SINCE_MS)).toBeUndefined();
    expect(withHead(view({ sinceMs: 1 }), headOf(view()), SINCE_MS)).toBeUndefined();
  });

  it('brings the stages where the line tells of them', () => {
    const back = view({ mode: 'active', consequences: [] });
    const passed = view({ mode: 'active', consequences: [], stages: [] });
    expect(withHead(back, headOf(passed), SINCE_MS)?.stages).toEqual([]);
    expect(headOf(view())).not.toHaveProperty('stages');
  });

  it('whole, or over, stands for itself', () => {
    expect(withHead(view(), view({ evidence: 'new' }), SINCE_MS)).toEqual(view({ evidence: 'new' }));
    expect(withHead(view(), null, SINCE_MS)).toBeNull();
  });
});
