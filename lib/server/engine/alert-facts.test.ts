import { describe, expect, it } from 'vitest';
import { NO_FLEET } from '@/lib/core/alerts/facts/fleet.ts';
import type { ClaimFact } from '@/lib/core/alerts/facts/series.ts';
import type { Runtime } from '../runtime.ts';
import { readAlertFacts } from './alert-facts.ts';
import { FactReads } from './fact-reads.ts';
import { readDeployFacts } from './facts/deploy.ts';
import { FACT_READERS } from './facts/readers.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 20);
const HOUR_MS = 3_600_000;
const SCOPE = { app: 'harbor', environment: 'production' };

type Row = { id: string; release: string; startMs: number; endMs: number | null; createdMs?: number };
function question(rows: Row[] = [], isPast = false) {
  const list = rows.map((row) => ({ kind: 'code', createdMs: row.startMs, ...row }));
  // Only the lists of deploys are asked for here.
  const deps = { deploys: { listNow: () => list } } as unknown as Runtime;
  return { deps, scope: SCOPE, statuses: [], times: { startMs: NOW_MS, endMs: NOW_MS }, isPast };
}
const row = (release: string, hoursAgo: number, over: Partial<Row> = {}): Row => {
  const startMs = NOW_MS - hoursAgo * HOUR_MS;
  return { id: `id-${release}`, release, startMs, endMs: startMs + 60_000, ...over };
};
const told = async (rows: Row[], isPast = false) => (await readDeployFacts(question(rows, isPast)))(NOW_MS);

describe('the deploy that may have something to do with it', () => {
  it('is the latest that began within a day', async () => {
    const rows = [row('v1', 30), row('v2', 5), row('v3', 2), row('v4', -1)];
    expect(await told(rows)).toMatchObject({ id: 'id-v3', release: 'v3', kind: 'code' });
    expect(await told([row('v1', 24)])).toBeNull();
    expect(await told([row('v1', 23.99)])).not.toBeNull();
    expect(await told([])).toBeNull();
  });

  it('rolls until its end has come', async () => {
    expect(await told([row('v1', 1, { endMs: null })])).toMatchObject({ endMs: null });
    expect(await told([row('v1', 1, { endMs: NOW_MS + 1 })])).toMatchObject({ endMs: null });
    expect(await told([row('v1', 1, { endMs: NOW_MS })])).toMatchObject({ endMs: NOW_MS });
  });

  it('of the past only what was known by then counts', async () => {
    const rows = [row('v1', 3), row('v2', 1, { createdMs: NOW_MS + 1 })];
    expect(await told(rows)).toMatchObject({ release: 'v2' });
    expect(await told(rows, true)).toMatchObject({ release: 'v1' });
  });
});

const claim: ClaimFact = {
  ...{ deployId: 'd', release: 'v1', claimId: 'c', text: 't', state: 'relapsed', sinceMs: 0 },
  ...{ evidence: 'e', series: null },
};

describe('reading the facts', () => {
  const empty = {
    ...FACT_READERS,
    mode: async () => () => null,
    sources: async () => () => [],
    responses: async () => () => null,
    series: async () => () => [],
    claims: async () => () => [],
    limits: async () => () => ({ quotas: [], cost: null, plans: [], pools: [], awake: [] }),
    fleet: async () => () => {
      throw new Error('no fleet');
    },
  };

  it('a reader that fails leaves its part unread and keeps no other from telling', async () => {
    const readers = {
      ...empty,
      responses: async () => {
        throw new Error('no store');
      },
    };
    const { facts, unread, faults } = await readAlertFacts(question([row('v1', 1)]), NOW_MS, { readers });
    expect(facts).toMatchObject({ nowMs: NOW_MS, responses: null, deploy: { release: 'v1' } });
    expect([...unread]).toEqual(['fleet']);
    expect(faults.map(({ part }) => part).sort()).toEqual(['fleet', 'responses']);
  });

  it('asks every reader for this very time, live', async () => {
    const asked: unknown[] = [];
    const readers = {
      ...empty,
      series: async (question: { times: unknown; isPast: boolean }) => {
        asked.push([question.times, question.isPast]);
        return (atMs: number) => {
          asked.push(atMs);
          return [];
        };
      },
    };
    await readAlertFacts(question(), NOW_MS, { readers });
    expect(asked).toEqual([[{ startMs: NOW_MS, endMs: NOW_MS }, false], NOW_MS]);
  });

  it('one that is slow keeps nobody waiting, is begun once, and is taken when it is done', async () => {
    let begun = 0;
    let finish: () => void = () => undefined;
    const readers = {
      ...empty,
      fleet: async () => () => NO_FLEET,
      claims: async () => {
        begun += 1;
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return (atMs: number) => [{ ...claim, sinceMs: atMs }];
      },
    };
    const reads = new FactReads(20);
    const look = (nowMs: number) => readAlertFacts(question(), nowMs, { readers, reads });
    for (const nowMs of [NOW_MS, NOW_MS + 15_000]) {
      const { facts, unread, faults } = await look(nowMs);
      expect([facts.claims, [...unread], begun]).toEqual([[], ['claims'], 1]);
      expect(String(faults[0]?.error)).toContain('not done within 0.02 s');
    }
    finish();
    await new Promise((resolve) => setTimeout(resolve, 1));
    const { facts, unread } = await look(NOW_MS + 30_000);
    expect([facts.claims, unread.size, begun]).toEqual([[{ ...claim, sinceMs: NOW_MS }], 0, 1]);
    void look(NOW_MS + 45_000);
    expect(begun).toBe(2);
  });

  it('one that failed is asked again at the next look', async () => {
    let asked = 0;
    const readers = {
      ...empty,
      fleet: async () => () => NO_FLEET,
      series: async () => {
        asked += 1;
        if (asked === 1) throw new Error('once');
        return () => [];
      },
    };
    const reads = new FactReads();
    expect([...(await readAlertFacts(question(), NOW_MS, { readers, reads })).unread]).toEqual(['series']);
    expect((await readAlertFacts(question(), NOW_MS, { readers, reads })).unread.size).toBe(0);
  });
});
