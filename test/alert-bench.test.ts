import { describe, expect, it } from 'vitest';
import { deliverySection } from '@/bench/alerts/delivery-section.ts';
import { countsSection, gatesSection, ratesSection } from '@/bench/alerts/detection-section.ts';

const SEED = 20_261_122;
/** Where few watches are taken, a gate only says that nothing speaks against it; the whole size is `npm run bench:alerts`. */
const failing = ({ gates }: { gates: readonly { holds: boolean }[] }) => gates.filter(({ holds }) => !holds);

describe('the gates of the alerts, on a few watches of each family', { timeout: 120_000 }, () => {
  it('spikes of 429s: none where nothing happened, ten in a minute within two, a stray one never', () => {
    const section = countsSection({ watches: 8, seed: SEED });
    expect(failing(section)).toEqual([]);
    const said = section.gates.map(({ name }) => name);
    expect(said.some((name) => name.startsWith('10 × 429 in a minute'))).toBe(true);
  });

  it('rates: fewer false alarms than any fixed rule that sees as much', () => {
    const section = ratesSection({ watches: 6, seed: SEED });
    expect(failing(section)).toEqual([]);
    const falseOf = (rule: string) =>
      section.tables[0]?.rows
        .filter(([, name]) => name === rule)
        .filter(([, , share]) => share !== '0 %, 0.0/day');
    expect(falseOf('ours: spike')?.length).toBeLessThan(falseOf('3σ per 5 min')?.length ?? 0);
    expect(falseOf('ours: spike')?.length).toBeLessThan(falseOf('Poisson p < .001 per 5 min')?.length ?? 0);
  });

  it('flat tops and stalls: none where there is none, and soon where there is one', () => {
    expect(failing(gatesSection({ watches: 10, seed: SEED }))).toEqual([]);
  });

  it('what was decided stands at the receiver within seconds', async () => {
    const { gates } = await deliverySection({ sends: 20 });
    expect(gates).toMatchObject([{ holds: true }]);
  });
});
