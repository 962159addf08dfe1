import { expect, it } from 'vitest';
import { differ, seriesKey } from './compare.ts';

const line = (of: (i: number) => number, from = 0) =>
  new Map(Array.from({ length: 20 }, (_, i) => [300_000 * (i + from), of(i + from)] as const));

it('answers from the same samples pass, also where edges and one restart differ', () => {
  const ours = line((i) => 100 + i);
  expect(
    differ(
      ours,
      line((i) => (i === 7 ? 3 : 101 + i), 1),
      false,
    ),
  ).toBeNull();
});

it('other numbers, other times and no numbers at all are told', () => {
  const ours = line((i) => 100 + i);
  expect(
    differ(
      ours,
      line((i) => 110 + i),
      false,
    ),
  ).toMatch(/% apart/);
  expect(
    differ(
      ours,
      line((i) => 100 + i, 5),
      false,
    ),
  ).toMatch(/same place/);
  expect(differ(ours, new Map(), false)).toMatch(/theirs 0/);
  expect(differ(new Map(), new Map(), true)).toMatch(/ours has 0/);
});

it('the newest samples must be the very same, of the very same series', () => {
  const ours = new Map([['a', 1]]);
  expect(differ(ours, new Map([['a', 1]]), true)).toBeNull();
  expect(differ(ours, new Map([['a', 1.0001]]), true)).toMatch(/a is 1/);
  expect(differ(ours, new Map([['b', 1]]), true)).toMatch(/same place/);
  expect(seriesKey('m', { b: '1', a: '2' })).toBe(seriesKey('m', { a: '2', b: '1' }));
});
