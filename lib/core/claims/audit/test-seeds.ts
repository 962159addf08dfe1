import type { ReadSummary } from '../document.ts';
import { labelledText, summaryOf } from './test-summaries.ts';

const GETS = 'redis_commands_total';

/** The three documents of the evening, as a careful reader would read them. */
export function seedSummaries(): { spike: ReadSummary; cause: ReadSummary; suspension: ReadSummary } {
  const spike = summaryOf(labelledText('seed-spike-fix'), {
    deploy: {
      app: 'harbor',
      version: '1203',
      time: '2026-04-09T17:54:52Z',
      machinesRunning: 2,
      machinesAssumed: 3,
      commits: ['c41b7730a', '20e95d1bf'],
    },
    claims: [
      {
        says: [
          '2.2M GETs/3hr → ~72K GETs/3hr',
          '**Before**: 733K GETs/hour',
          '**After**: ~24K GETs/hour',
          '**Reduction**: **96.7%**',
        ],
        text: 'Redis Operations: 733K GETs/hour → ~24K GETs/hour',
        unit: 'GETs',
        window: 'h',
        before: 733_000,
        after: 24_000,
        changePct: -96.7,
        direction: 'down',
        metric: GETS,
      },
      { says: ['polling interval from 60s'], unit: 's', before: 60, after: 300, metric: null },
      {
        says: ['1,440 queries/day'],
        unit: 'queries',
        window: 'day',
        before: 1440,
        after: 288,
        changePct: -80,
        direction: 'down',
      },
      {
        says: ['(99.8% reduction)'],
        text: 'Theme Endpoint Caching (99.8% reduction)',
        changePct: -99.8,
        direction: 'down',
        metric: null,
      },
      {
        says: ['Reduced from 15'],
        text: 'Reduced from 15 → 12 connections per machine',
        unit: 'connections',
        before: 15,
        after: 12,
        changePct: -20,
        direction: 'down',
      },
      {
        says: ['Total: 36 connections'],
        text: 'Total: 36 connections (was 45) for 3 machines',
        unit: 'connections',
        before: 45,
        after: 36,
        direction: 'down',
      },
      {
        says: ['**Before**: ~195,680', '**After**: ~50,816', '**Reduction**: **74.1%**'],
        text: 'Database Queries: ~195,680 queries/day → ~50,816 queries/day',
        unit: 'queries',
        window: 'day',
        before: 195_680,
        after: 50_816,
        changePct: -74.1,
        approximate: true,
        direction: 'down',
      },
      {
        says: ['From ~$352/day to ~$11.52/day', '**Savings**'],
        text: 'Redis Operations: From ~$352/day to ~$11.52/day',
        unit: 'USD',
        window: 'day',
        before: 352,
        after: 11.52,
        delta: -340.48,
        approximate: true,
        metric: null,
      },
      {
        says: ['**Savings**'],
        text: 'Savings: $10,230/month',
        unit: 'USD',
        window: 'month',
        delta: -10_230,
        metric: null,
      },
    ],
    rollback: [
      [
        'fly deploy --ha=false -a harbor --image <previous-image-id>',
        false,
        'it holds the placeholder <previous-image-id>',
      ],
      ['git revert HEAD', true],
      ['fly deploy -a harbor', true],
    ],
  });
  const cause = summaryOf(
    labelledText('seed-root-cause')
      .replaceAll('2ļøā£', '2️⃣')
      .replaceAll('3ļøā£', '3️⃣')
      .replaceAll('1ļøā£', '1️⃣'),
    {
      deploy: { app: 'harbor', commits: ['73e0a91c4', 'b82fd4417'] },
      claims: [
        {
          says: [
            'Before: 2,200,000 GET requests/day',
            'After: ~110,000 GET requests/day',
            'Reduction: 95% (saves',
            'Upstash GET requests: 2.2M',
          ],
          unit: 'requests',
          window: 'day',
          before: 2_200_000,
          after: 110_000,
          changePct: -95,
          delta: -2_090_000,
          direction: 'down',
          metric: GETS,
        },
        {
          says: ['Request rate drops from ~1,525/min'],
          text: 'Request rate drops from ~1,525/min to ~76/min',
          unit: 'requests',
          window: 'min',
          before: 1525,
          after: 76,
          approximate: true,
          metric: GETS,
        },
        { says: ['50% reduction in quota-related GETs'], changePct: -50, direction: 'down' },
        { says: ['95% reduction in rate limiter GETs'], changePct: -95, direction: 'down' },
        { says: ['90% reduction in circuit breaker GETs'], changePct: -90, direction: 'down' },
        {
          says: ['~5% of height'],
          text: 'GET line drops from flat top to ~5% of height',
          unit: '%',
          after: 5,
          metric: GETS,
        },
      ],
      rollback: [
        ['fly secrets set SUSPEND_REDIS=true -a harbor', true],
        ['fly logs -a harbor --tail 500', false, 'fly logs has no flag --tail'],
      ],
    },
  );
  const suspension = summaryOf(labelledText('seed-suspension'), {
    deploy: { app: 'harbor', version: '1205', time: '2026-04-09T20:34Z', machinesRunning: 2 },
    claims: [
      {
        says: ['**Before**: 2.2M Redis GET requests/day', '**After**: ~0 Redis GET requests/day'],
        text: 'Before: 2.2M Redis GET requests/day',
        unit: 'requests',
        window: 'day',
        before: 2_200_000,
        after: 0,
        changePct: -100,
        direction: 'down',
        metric: GETS,
      },
    ],
    rollback: [
      ['fly secrets set SUSPEND_REDIS=false -a harbor', true],
      ['fly secrets unset SUSPEND_REDIS -a harbor', true],
    ],
  });
  return { spike, cause, suspension };
}
