import { describe, expect, it } from 'vitest';
import { windowWords } from './window-words.ts';

const NOW_MS = Date.UTC(2026, 3, 10, 12);
const on = (day: number, hour: number, minute = 0, second = 0): number =>
  Date.UTC(2026, 3, day, hour, minute, second);

describe('how a past window is told', () => {
  it.each<[string, number, number]>([
    ['Between 08:00Z and 11:40Z', on(10, 8), on(10, 11, 40)],
    ['Between 11:58:10Z and 11:59:30Z', on(10, 11, 58, 10), on(10, 11, 59, 30)],
    ['On 9 Apr between 16:00Z and 20:40Z', on(9, 16), on(9, 20, 40)],
    ['On 9 Apr between 22:00Z and 00:00Z', on(9, 22), on(10, 0)],
    ['Between 9 Apr 22:00Z and 10 Apr 02:10Z', on(9, 22), on(10, 2, 10)],
    ['On 31 Dec 2025 between 08:00Z and 09:00Z', Date.UTC(2025, 11, 31, 8), Date.UTC(2025, 11, 31, 9)],
    ['Between 31 Dec 2025 08:00Z and 2 Jan 09:00Z', Date.UTC(2025, 11, 31, 8), Date.UTC(2026, 0, 2, 9)],
  ])('%s', (words, startMs, endMs) => {
    expect(windowWords({ startMs, endMs }, NOW_MS)).toBe(words);
  });
});
