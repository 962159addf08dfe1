import 'server-only';
import type { ParsedClaim } from '@/lib/core/claims/document.ts';
import type { Deploy, HeldClaim } from '@/lib/core/model/deploy.ts';

// Deploys and claims for the tests of watches.

/** A claim of the metric’s own words; what is left out is what most claims leave out. */
export function claim(id: string, rest: Partial<HeldClaim>): HeldClaim {
  const parsed: ParsedClaim = {
    ...{ id, text: `claim ${id}`, metric: null, labels: {}, confidence: 1, unit: null, window: null },
    ...{ before: null, after: null, direction: null, changePct: null, delta: null, factor: null },
    ...{ changePp: null, limit: null, limitOp: null, guard: false, approximate: false },
    source: { line: 1, lines: [1] },
  };
  return { ...parsed, standing: 'confirmed', edited: false, ...rest };
}

/** Redis GETs fall by 96.7 %. */
export const getsFall = (id = 'c1', changePct = -96.7): HeldClaim =>
  claim(id, {
    text: `Redis GETs fall by ${-changePct} %`,
    metric: 'redis_commands_total',
    labels: { cmd: 'get' },
    direction: 'down',
    changePct,
  });

/** A deploy of code of the app `harbor` that did not roll. */
export function deployAt(startMs: number, rest: Partial<Deploy> = {}): Deploy {
  const stamp = new Date(startMs).toISOString().slice(0, 19).replace(/[-:]/g, '');
  return {
    ...{ id: `${stamp}-abcdefghijkm`, app: 'harbor', environment: 'production', release: 'v7' },
    ...{ kind: 'code', startMs, endMs: startMs, rolled: null, origin: 'api', sign: null },
    ...{ title: null, summary: '', document: null, claims: [], links: [], createdMs: startMs },
    confirmed: { atMs: startMs, by: 'Ann' },
    ...rest,
  };
}
