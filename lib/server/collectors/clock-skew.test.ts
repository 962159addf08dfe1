import { describe, expect, test } from 'vitest';
import { clockSkewNotice } from './clock-skew.ts';

describe('the clock of a source', () => {
  test.each([
    [600_000, '10 min ahead of ours'],
    [-45_000, '45 s behind ours'],
    [7_200_000, '2 h ahead of ours'],
    [-3 * 86_400_000, '3 days behind ours'],
  ])('%i ms away is said with size and side', (skewMs, words) => {
    expect(clockSkewNotice(skewMs)).toMatchObject({
      code: 'clock_skew',
      text: expect.stringContaining(words),
    });
  });

  test('what the way there may take is not said', () => {
    expect(clockSkewNotice(30_000)).toBeNull();
    expect(clockSkewNotice(-5_000)).toBeNull();
  });
});
