import { describe, expect, test } from 'vitest';
import { UNITS } from '../catalogue/entry.ts';
import { findMetric, type MetricEntry } from '../catalogue/index.ts';
import { DERIVED, type DerivedEntry, findDerived, inputsOf } from './index.ts';

const entries: readonly (readonly [string, DerivedEntry])[] = Object.entries(DERIVED);
const SUFFIXES: Partial<Record<MetricEntry['unit'], string>> = {
  seconds: '_seconds',
  bytes: '_bytes',
  ratio: '_ratio',
};

describe('the derived metrics', () => {
  test.each(entries)(
    '%s: has a unit, a direction, a formula and one plain sentence of help',
    (name, entry) => {
      expect(UNITS).toContain(entry.unit);
      expect(entry.formula).not.toBe('');
      expect(entry.help).toMatch(/^[A-Z0-9].*\.$/);
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(findMetric(name)).toBeNull();
    },
  );

  test.each(entries)('%s: its name says its unit, and whether it is per second', (name, entry) => {
    expect(name.endsWith('_per_second')).toBe(entry.perSecond);
    expect(name.endsWith('_total')).toBe(false);
    const stem = name.replace(/_per_second$/, '');
    expect(Object.values(SUFFIXES).find((suffix) => stem.endsWith(suffix))).toBe(SUFFIXES[entry.unit]);
    expect(name.includes('_usd_per_day')).toBe(entry.unit === 'usd');
  });

  test.each(entries)('%s: its formula names every metric that it reads, and no other', (_name, entry) => {
    const named = new Set(
      entry.formula.match(/[a-z]+(?:_[a-z0-9]+)+/g)?.filter((word) => findMetric(word) !== null),
    );
    expect([...named].sort()).toEqual([...inputsOf(entry)].sort());
  });

  test.each(entries)('%s: labels that it keeps or asks for are those of its metrics', (_name, entry) => {
    const known = new Set(inputsOf(entry).flatMap((metric) => findMetric(metric)?.labels ?? []));
    if (entry.relabel !== null) known.add('class');
    const asked =
      entry.compute.kind === 'terms'
        ? Object.values(entry.compute.terms).flatMap(({ where }) => Object.keys(where))
        : [];
    for (const label of [...entry.labels, ...asked]) expect([...known]).toContain(label);
  });

  test('a name of every object is no metric', () => {
    expect(findDerived('toString')).toBeNull();
    expect(findDerived('redis_hit_ratio')?.unit).toBe('ratio');
  });
});
