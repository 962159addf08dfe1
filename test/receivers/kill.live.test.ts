import { expect, it } from 'vitest';
import { killRun } from './kill-run.ts';

it('200 alerts through 6 kills of the process: none is lost, none has two ids, and a kill repeats one at most', async () => {
  const result = await killRun({ alerts: 200, kills: 6 });
  expect(result).toMatchObject({ lost: 0, differentIds: 0 });
  expect(result.duplicatesAtWorst).toBeLessThanOrEqual(1);
}, 180_000);
