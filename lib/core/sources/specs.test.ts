import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../metrics/catalogue/index.ts';
import { SOURCE_KINDS } from '../model/target.ts';
import { SOURCE_SPECS } from './index.ts';

describe('the kinds of source', () => {
  it('name only metrics of the catalogue', () => {
    for (const { kind, lights } of Object.values(SOURCE_SPECS)) {
      for (const metric of lights.flatMap(({ metrics }) => metrics))
        expect(Object.hasOwn(CATALOGUE, metric), `${kind}: ${metric}`).toBe(true);
    }
  });

  it.each(SOURCE_KINDS)('%s says what it lights up, what it needs, and where more is written', (kind) => {
    const spec = SOURCE_SPECS[kind];
    expect(spec.kind).toBe(kind);
    expect(spec.lights.length).toBeGreaterThan(0);
    expect(spec.grants.length).toBeGreaterThan(0);
    expect(new Set(spec.lights.map(({ panel }) => panel)).size).toBe(spec.lights.length);
    expect(spec.docs).toBe(`docs/connect/${kind}.md`);
  });
});
