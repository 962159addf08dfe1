import { expect, it } from 'vitest';
import { impactText } from './format-impact.ts';

it('a number of the impact is a whole count, money to the cent or a time, and a dash where it is not known', () => {
  expect(impactText({ value: 12, unit: 'responses' })).toBe('12');
  expect(impactText({ value: 0, unit: 'responses' })).toBe('0');
  expect(impactText({ value: 999.6, unit: 'commands' })).toBe('1,000');
  expect(impactText({ value: 1_884_728, unit: 'commands' })).toBe('1,884,728');
  expect(impactText({ value: 3.769, unit: 'usd' })).toBe('$3.77');
  expect(impactText({ value: 4_380_000, unit: 'ms' })).toBe('1\u00a0h\u00a013\u00a0m');
  expect(impactText({ value: null, unit: 'commands' })).toBe('–');
});
