import { describe, expect, it } from 'vitest';
import type { SuspensionView } from '../model/suspension.ts';
import { BLOCK_MS, DAY_MS, HOUR_MS, MINUTE_MS } from '../time/range.ts';
import type { StageBlock } from './stages.ts';
import type { Stretch } from './stretch.ts';
import { isReturning, type SuspensionFacts, suspensionOf } from './suspension.ts';

const OFF_MS = Date.UTC(2026, 3, 9, 20, 34);
const BACK_MS = Date.UTC(2026, 3, 9, 22, 10);
const OFF: Stretch = {
  ...{ startMs: OFF_MS, isFirstLook: false, byUs: true, wholeMs: OFF_MS },
  ...{ firstMs: null, firstMachines: [], allMs: null },
};
const BACK: Stretch = { ...OFF, firstMs: BACK_MS, firstMachines: ['3d8dd7a1'] };
const OFF_MACHINE = { name: '9185e2bc', mode: 'suspended_by_us', sinceMs: OFF_MS } as const;
const FACTS: SuspensionFacts = {
  ...{ nowMs: BACK_MS, mode: 'suspended_by_us', quality: 'measured', evidence: 'all 2 machines say so' },
  ...{ stretch: OFF, by: { release: 'v1205', href: '/deploys/x' }, plannedEndMs: null },
  ...{ suspendedForMs: DAY_MS, consequences: null, blocks: [], resumedBy: null, flyApp: null },
  ...{ flyMachines: {}, staging: null },
  machines: [{ name: '3d8dd7a1', mode: 'suspended_by_us', sinceMs: OFF_MS }, OFF_MACHINE],
};
const MIXED: Partial<SuspensionFacts> = {
  ...{ mode: 'mixed', stretch: BACK, flyApp: 'harbor', resumedBy: { release: 'v1206', isCode: true } },
  machines: [{ name: '3d8dd7a1', mode: 'active', sinceMs: BACK_MS }, OFF_MACHINE],
};

function see(over: Partial<SuspensionFacts> = {}): SuspensionView {
  const view = suspensionOf({ ...FACTS, ...over });
  if (view === null) throw new Error('nothing is shown');
  return view;
}

const blocksOf = (count: number, over: Partial<StageBlock> = {}): StageBlock[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ startMs: BACK_MS + i * BLOCK_MS, gets: 6, limit: 10 },
    ...{ trouble: null, unseen: null, limiterTold: true },
    ...over,
  }));

describe('the banner', () => {
  it('is not there while Redis is simply in use, or nobody can tell', () => {
    for (const mode of ['active', 'unknown', 'unreachable', 'throttled'] as const)
      expect(suspensionOf({ ...FACTS, mode, stretch: null })).toBeNull();
    expect(suspensionOf({ ...FACTS, mode: 'unknown' })).toBeNull();
  });

  it('says since when, by which deploy, and until when as its summary says', () => {
    const plannedEndMs = BACK_MS + 20 * HOUR_MS;
    expect(see({ plannedEndMs })).toMatchObject({
      sinceMs: OFF_MS,
      by: { release: 'v1205' },
      until: { atMs: plannedEndMs, why: 'planned' },
    });
  });

  it('expects its end after what the settings allow, where no summary names one', () => {
    expect(see().until).toEqual({ atMs: OFF_MS + DAY_MS, why: 'expected' });
    expect(see({ stretch: null })).toMatchObject({ sinceMs: null, until: null });
  });

  it('knows no end of what others did', () => {
    for (const mode of ['suspended_by_provider', 'quota_exhausted'] as const) {
      const view = see({ mode, stretch: { ...OFF, byUs: false } });
      expect(view).toMatchObject({ until: null, stages: [] });
      expect(view.next?.text).toContain('provider');
    }
  });

  it('stays while the return is watched, without consequences, and an hour longer', () => {
    const stretch = { ...BACK, allMs: BACK_MS + HOUR_MS };
    const shown = (afterMs: number) =>
      suspensionOf({ ...FACTS, mode: 'active', stretch, nowMs: stretch.allMs + afterMs });
    expect(shown(5 * MINUTE_MS)).toMatchObject({ consequences: [], until: null });
    expect(shown(DAY_MS + HOUR_MS - 1)).not.toBeNull();
    expect(shown(DAY_MS + HOUR_MS)).toBeNull();
    expect(isReturning({ ...stretch, byUs: false }, stretch.allMs)).toBe(false);
  });
});

describe('what to do next', () => {
  it('while suspended is one machine first, with the command where its id at Fly is known', () => {
    expect(see().next).toEqual({
      text: 'When it may be used again: on staging or on one machine first, such as 3d8dd7a1, for 30 min.',
      command: null,
    });
    const atFly = see({ flyApp: 'harbor', flyMachines: { '3d8dd7a1': '3d8dd7a1c72e98' } });
    expect(atFly.next?.command).toBe(
      'fly secrets set SUSPEND_REDIS=false --stage -a harbor && fly machine update 3d8dd7a1c72e98 -a harbor',
    );
  });

  it.each([
    ['running', 'Wait for staging.', null],
    [
      'passed',
      'Staging held: use Redis on all machines here, and watch them.',
      /SUSPEND_REDIS=false -a harbor$/,
    ],
    ['failed', 'Staging failed: leave Redis suspended here, and find the cause there.', null],
    ['blocked', 'Nothing is proven yet: nobody looked.', null],
  ] as const)('while staging is %s is to %s', (state, text, command) => {
    const stage = { id: 'first', title: 'x', state, startedMs: 1, dueMs: 2, decidedMs: null } as const;
    const staging = { environment: 'staging', stages: [{ ...stage, evidence: 'nobody looked' }] };
    const view = see({ flyApp: 'harbor', staging });
    expect(view.stages.map(({ title }) => title)[0]).toBe('Staging: staging');
    expect(view.next?.text).toBe(text);
    if (command === null) expect(view.next?.command).toBeNull();
    else expect(view.next?.command).toMatch(command);
  });

  it('while the first stage runs is to wait', () => {
    expect(see({ ...MIXED, nowMs: BACK_MS + 10 * MINUTE_MS, blocks: blocksOf(2) }).next).toEqual({
      text: 'Wait for the first stage, then go on to 9185e2bc.',
      command: null,
    });
  });

  it('after it passed is to bring the same to the others', () => {
    const passed = { ...MIXED, nowMs: BACK_MS + 40 * MINUTE_MS, blocks: blocksOf(8) };
    expect(see(passed).next).toEqual({
      text: 'Deploy v1206 to 9185e2bc: this lists its image.',
      command: 'fly releases --image -a harbor',
    });
    expect(see({ ...passed, resumedBy: null }).next).toEqual({
      text: 'Use Redis on 9185e2bc too.',
      command: 'fly secrets deploy -a harbor',
    });
    expect(see({ ...passed, flyApp: null }).next).toEqual({
      text: 'Deploy v1206 to 9185e2bc.',
      command: null,
    });
  });

  it('after it failed is to suspend again, by the word and not by a digest', () => {
    const failed = { ...MIXED, nowMs: BACK_MS + 40 * MINUTE_MS, blocks: blocksOf(8, { trouble: 'x' }) };
    expect(see(failed).next).toEqual({
      text: 'The first stage failed: suspend Redis again, or find the cause.',
      command: 'fly secrets set SUSPEND_REDIS=true -a harbor',
    });
  });

  it('is not to go on while nothing is proven', () => {
    const blind = { ...MIXED, nowMs: BACK_MS + 40 * MINUTE_MS, blocks: blocksOf(8, { gets: null }) };
    expect(see(blind).next).toEqual({
      text: 'Nothing is proven yet: 0 of 4 blocks of 5 min seen; GETs were not counted.',
      command: null,
    });
  });

  it('where Redis is off on a part only is to decide for all', () => {
    const partly = { ...MIXED, stretch: { ...OFF, wholeMs: null } };
    expect(see(partly).next?.text).toBe('Decide for all: Redis is suspended on 9185e2bc only.');
  });

  it('after all are back is nothing, unless a stage failed', () => {
    const stretch = { ...BACK, allMs: BACK_MS };
    const back = { mode: 'active', stretch, nowMs: BACK_MS + 40 * MINUTE_MS } as const;
    expect(see({ ...back, blocks: blocksOf(8) }).next).toBeNull();
    expect(see({ ...back, blocks: blocksOf(8, { trouble: 'x' }) }).next?.text).toBe(
      'A stage failed: suspend Redis again, or find the cause.',
    );
  });
});
