import { describe, expect, it } from 'vitest';
import { isGalleryShown } from './environment.ts';

describe('the gallery', () => {
  it('is not there in production unless it is asked for by exactly 1', () => {
    const shown = (value?: string) =>
      isGalleryShown({
        NODE_ENV: 'production',
        ...(value === undefined ? {} : { AFTERWATCH_GALLERY: value }),
      });
    expect([undefined, '', '0', 'true', 'yes', '1 ', '1'].map(shown)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it('is there while we build', () => {
    expect(isGalleryShown({ NODE_ENV: 'development' })).toBe(true);
    expect(isGalleryShown({})).toBe(false);
  });
});
