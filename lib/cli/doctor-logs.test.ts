import { expect, it } from 'vitest';
import { visitTargets } from './doctor-targets.ts';

it('doctor does not take a logs source for silent: lines go to the running server and not to it', async () => {
  const [report] = await visitTargets([
    {
      app: 'harbor',
      environment: 'production',
      kind: 'logs',
      name: 'logs',
      address: 'POST /api/logs',
      patterns: [],
      keepText: false,
      logApp: null,
      intervalSeconds: null,
      timeoutSeconds: null,
    },
  ]);
  expect(report).toMatchObject({ id: 'harbor/production/logs/logs', verdict: 'ok', notices: [] });
  expect(report?.text).toMatch(/sent to the running server/);
});
