import { describe, expect, it } from 'vitest';
import {
  atMost,
  blockGates,
  type GateRow,
  never,
  plateauGates,
  spikeGates,
  stallGates,
  within,
} from './detectors.ts';

const failing = (rows: readonly GateRow[]) => rows.filter(({ holds }) => !holds);

describe('the gates of the detectors, on a handful of watches', () => {
  it.each([
    ['spikes of rare events', spikeGates, 2],
    ['flat tops', plateauGates, 4],
    ['stalls', stallGates, 5],
    ['relapses, drifts and spikes of rates', blockGates, 2],
  ])('%s keep them, and no two lines have one name', (_, gates, watches) => {
    const rows = gates(watches);
    expect(failing(rows)).toEqual([]);
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  });
});

describe('a gate', () => {
  it('fails where false alarms are too many, also of few watches', () => {
    expect(atMost('', { hits: 5, of: 300 }, 0.04).holds).toBe(true);
    expect(atMost('', { hits: 20, of: 300 }, 0.04).holds).toBe(false);
    expect(atMost('', { hits: 1, of: 20 }, 0.04).holds).toBe(true);
    expect(atMost('', { hits: 8, of: 20 }, 0.04).holds).toBe(false);
  });

  it('fails on a single alarm where there may be none, and where too few are seen in time', () => {
    expect(never('', [null, null]).holds).toBe(true);
    expect(never('', [null, 3])).toMatchObject({ holds: false, measured: '1 of 2' });
    expect(within('', [1, 2, 3], 1, 3).holds).toBe(true);
    expect(within('', [1, 2, 4], 1, 3).holds).toBe(false);
    expect(within('', [1, null], 0.98, 3)).toMatchObject({ holds: false, measured: '50.0 %, 1 / 1 min' });
  });
});
