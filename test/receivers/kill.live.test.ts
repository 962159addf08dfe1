import { expect, it } from 'vitest';
import { killRun } from './kill-run.ts';

it('500 alerts through 12 kills of the process: none is lost, none has two ids, and a kill repeats one at most', async () => {
  const result = await killRun({ alerts: 500, kills: 12 });
  expect(result).toMatchObject({ lost: 0, differentIds: 0 });
  expect(result.duplicatesAtWorst).toBeLessThanOrEqual(1);
}, 180_000);
