import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { effectivePrices } from '@/lib/core/budget/effective-prices.ts';
import { PRICE_IDS, PRICES } from '@/lib/core/budget/prices.ts';
import { loadConfig } from './load-config.ts';
import { inputOf } from './test-input.ts';
import { ConfigError } from './types.ts';

const SOURCE = 'sources: [{kind: redis, url: "redis://cache:6379"}]\n';
const load = (text: string) => loadConfig(inputOf(SOURCE + text, {}));
const faultsOf = (text: string): string => {
  try {
    load(text);
    return '';
  } catch (error) {
    return error instanceof ConfigError ? error.message : String(error);
  }
};

describe('prices of the team', () => {
  it('win over the list, are marked as their own, and leave the others alone', () => {
    const { prices } = load('prices: {upstash_command: {usd: 0.15, note: contract, seenOn: "2026-10"}}');
    const table = effectivePrices(prices);
    expect(table.upstash_command).toEqual({
      ...PRICES.upstash_command,
      ...{ id: 'upstash_command', usd: 0.15, per: 100_000, note: 'contract', seenOn: '2026-10', own: true },
    });
    expect(table.neon_storage).toEqual({
      ...PRICES.neon_storage,
      id: 'neon_storage',
      own: false,
      note: null,
    });
    expect(load('').prices).toEqual({});
  });

  it('may be given by a reference, with a dollar sign, and for another number of units', () => {
    const text = 'prices: {upstash_command: {usd: "$P", per: "1000000"}}'.replace('$P', `\${P}`);
    expect(loadConfig(inputOf(SOURCE + text, { P: '$1.50' })).prices).toEqual({
      upstash_command: { usd: 1.5, per: 1_000_000 },
    });
  });

  it('stand with amount, day and source in docs/budget.md, as the list has them', () => {
    const rows = readFileSync('docs/budget.md', 'utf8').split('\n');
    for (const id of PRICE_IDS) {
      const { usd, seenOn, source } = PRICES[id];
      const row = rows.find((line) => line.startsWith(`| \`${id}\` |`));
      expect(row).toMatch(new RegExp(`\\| ${String(usd).replace('.', '\\.')} (a|for) `));
      expect(row).toContain(`| ${seenOn} | <${source}> |`);
    }
  });

  it('are refused with the place and without the value where they are none', () => {
    expect(faultsOf('prices: {upstash_command: {usd: -1}}')).toMatch(/usd.*must be an amount in dollars/);
    expect(faultsOf('prices: {upstash_command: {usd: 1, per: 0}}')).toMatch(/per.*must be a whole number/);
    expect(faultsOf('prices: {upstash_command: {usd: 1, seenOn: "soon"}}')).toMatch(/seenOn.*day or month/);
    expect(faultsOf('prices: {upstash_comand: {usd: 1}}')).toMatch(/upstash_comand/);
    expect(faultsOf('prices: {upstash_command: {usd: 31337x}}')).not.toContain('31337x');
  });
});

describe('the budget', () => {
  it('is not set unless it is written', () => {
    expect(load('').budget).toEqual({ usdPerMonth: null, maxMachines: null });
    expect(load('budget: {perMonth: 250, maxMachines: 12}').budget).toEqual({
      usdPerMonth: 250,
      maxMachines: 12,
    });
    expect(faultsOf('budget: {maxMachines: 1.5}')).toMatch(/maxMachines.*whole number/);
  });
});
