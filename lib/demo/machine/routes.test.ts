import { describe, expect, it } from 'vitest';
import { routeCounts } from './routes.ts';

describe('routes of a machine', () => {
  it('add up to the responses of each status, and none ever falls', () => {
    for (const status of ['200', '201', '404', '429', '500']) {
      let before: Record<string, number> = {};
      for (let count = 0; count <= 130; count++) {
        const counts = routeCounts(status, count);
        expect(Object.values(counts).reduce((sum, n) => sum + n, 0)).toBe(count);
        for (const [route, n] of Object.entries(before)) expect(counts[route]).toBeGreaterThanOrEqual(n);
        before = counts;
      }
    }
  });
});
