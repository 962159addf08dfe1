import { describe, expect, it } from 'vitest';
import { nextTheme, parseTheme } from './theme.ts';

describe('the theme', () => {
  it('is the device’s unless a known one was chosen', () => {
    expect([parseTheme('dark'), parseTheme('mauve'), parseTheme(undefined)]).toEqual([
      'dark',
      'system',
      'system',
    ]);
  });

  it('goes round through all three', () => {
    expect(nextTheme(nextTheme(nextTheme('system')))).toBe('system');
  });
});
