import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ParsedClaim } from './document.ts';
import { readText } from './read.ts';

type Part = Partial<ParsedClaim>;
const claimsOf = (text: string) => readText(text).claims;

describe('forms of a claim', () => {
  it.each<[string, string, Part]>([
    [
      'an arrow on one line',
      'p95 latency: 500ms → 200ms (60% improvement)',
      { before: 500, after: 200, unit: 'ms', changePct: -60 },
    ],
    [
      'from and to',
      'Upstash commands dropped from ~120/hour to ~1/hour.',
      { before: 120, after: 1, window: 'h', approximate: true },
    ],
    [
      'the later state first',
      'Opening an order does 1 query instead of 41.',
      { before: 41, after: 1, direction: 'down' },
    ],
    [
      'what it was, in brackets',
      '- Total: 36 connections (was 45)',
      { before: 45, after: 36, unit: 'connections' },
    ],
    ['two units in one claim', 'Page weight: 1.8 MB -> 940 KB', { before: 1800, after: 940, unit: 'KB' }],
    [
      'labels apart',
      '- **Before**: 733K GETs/hour\n- **After**: ~24K GETs/hour',
      { before: 733_000, after: 24_000, window: 'h' },
    ],
    ['a percent only', '- About 90% less transfer', { changePct: -90, direction: 'down' }],
    ['a saving only', '- Saves ~250k commands per day', { delta: -250_000, window: 'day' }],
    ['a multiplier only', 'Search is now 10–50x faster', { factor: [10, 50], direction: 'down' }],
    [
      'a range of money with one sign',
      'Estimated savings: $15–20/month',
      { delta: [-20, -15], unit: 'USD', window: 'month' },
    ],
    ['a limit', 'The error rate must stay below 0.5 %.', { limit: 0.5, limitOp: '<', guard: true }],
    ['an alert, meant as its opposite', 'Alert if queue depth > 1000', { limit: 1000, limitOp: '<=' }],
    [
      'number words over two sentences',
      'Previously each visit made nine queries. Now it makes one.',
      { before: 9, after: 1 },
    ],
    [
      'Spanish with a decimal comma',
      'El arranque de la caché baja de 2,4 s a 0,9 s para los usuarios del panel.',
      { before: 2.4, after: 0.9, unit: 's' },
    ],
    [
      'a target and what was reached',
      '- Sync: target 3 s, measured 2.1 s',
      { limit: 3, after: 2.1, before: null },
    ],
    ['a duration of two parts', 'Build: 4m 30s -> 1m 50s', { before: 270, after: 110, unit: 's' }],
  ])('%s', (_name, text, part) => {
    const claims = claimsOf(text);
    expect(claims).toHaveLength(1);
    expect(claims[0]).toMatchObject(part);
  });

  it.each([
    ['a menu path', 'Open Settings → Billing → Plan 2 → Save.'],
    ['a rename', '`getUser` → `getUsers`, and 3 call sites'],
    ['a version bump', 'Bump react from 18.2 to 19.0, Node 18 → 20'],
    ['placeholders', 'Cost: $X/month → $X/20 per month'],
    ['a date and a size of a change', 'Merged on April 9, 2026: 12 files changed, 340 lines'],
    ['sample data', '```json\n{ "before": 500, "after": 200 }\n```'],
    ['a port', 'The default port went from 3000 to 3001'],
  ])('%s is none', (_name, text) => {
    expect(claimsOf(text)).toEqual([]);
  });
});

describe('tables', () => {
  it('reads columns of states with their change', () => {
    const text = '| Metric | Before | After | Δ |\n|---|---|---|---|\n| Reads/day | 264,960 | 7,464 | -97% |';
    expect(claimsOf(text)).toMatchObject([
      { before: 264_960, after: 7_464, window: 'day', changePct: -97, source: { line: 3 } },
    ]);
  });

  it('reads rows that are the states themselves', () => {
    const text = '| | p50 (ms) | p95 (ms) |\n|---|---|---|\n| Before | 120 | 800 |\n| After | 40 | 210 |';
    expect(claimsOf(text)).toMatchObject([
      { before: 120, after: 40, unit: 'ms' },
      { before: 800, after: 210, unit: 'ms' },
    ]);
  });

  it('joins two tables under their headings, row by row', () => {
    const table = (a: string, b: string) =>
      `| Step | Mean |\n|---|---|\n| enqueue | ${a} |\n| ack | ${b} |\n`;
    const text = `## Current queue\n\n${table('12 ms', '9 ms')}\n## New queue\n\n${table('3 ms', '8 ms')}`;
    expect(claimsOf(text)).toMatchObject([
      { before: 12, after: 3 },
      { before: 9, after: 8 },
    ]);
  });

  it('takes a target as a limit, not as a state', () => {
    const text = '| Metric | Target | Actual |\n|---|---|---|\n| p50 | < 50ms | 31ms |';
    expect(claimsOf(text)).toMatchObject([{ before: null, after: 31, limit: 50, limitOp: '<' }]);
  });
});

describe('one promise said more than once', () => {
  it('what rises and what falls by the same factor are two', () => {
    const claims = claimsOf('- Requests per second: 10-50x higher\n- Time per request: 10-50x lower');
    expect(claims.map(({ direction, factor }) => [direction, factor])).toEqual([
      ['up', [10, 50]],
      ['down', [10, 50]],
    ]);
  });

  it('“once a day” is no eleven', () => {
    const claims = claimsOf('- Before: 40 jobs an hour\n- After: it runs once a day');
    expect(claims.flatMap(({ after }) => after ?? [])).not.toContain(11);
  });

  it('is one claim with all its lines, its percent absorbed', () => {
    const text =
      '## Redis (96.7% reduction in Redis ops)\n\n- Before: 733K GETs/hour (2.2M per 3 hours)\n- After: ~24K GETs/hour (~72K per 3 hours)\n\nGETs should drop from 733K/hour to ~24K/hour';
    expect(claimsOf(text)).toMatchObject([
      { before: 733_000, after: 24_000, changePct: -96.7, source: { lines: [1, 3, 4, 6] } },
    ]);
  });

  it('stays two claims where the same percent is said of two things', () => {
    const text =
      '## Limiter\n- Result: 95% reduction in limiter GETs\n\n## Breaker\n- Result: 95% reduction in breaker writes';
    expect(claimsOf(text)).toHaveLength(2);
  });
});

describe('checks', () => {
  it('lets the heading decide before the mark', () => {
    const text = '## Next 24 hours\n\n- ✅ Monitor the dashboard\n\n## Result\n\n- ✅ Health checks passing';
    expect(readText(text).checks.map((one) => one.state)).toEqual(['waiting', 'done']);
  });

  it('takes a checkbox at its word', () => {
    expect(readText('- [x] Deployed\n- [ ] Watched').checks.map((one) => one.state)).toEqual([
      'done',
      'waiting',
    ]);
  });
});

describe('rollback', () => {
  it('keeps the order and says what cannot run as written', () => {
    const text =
      '## Rollback\n\n```\n# to the release before\nfly deploy -a harbor --image <previous-image-id>\nfly logs -a harbor --tail 50\nfly deploy -a harbor\n```';
    expect(readText(text).rollback.map((one) => [one.command, one.executable])).toEqual([
      ['fly deploy -a harbor --image <previous-image-id>', false],
      ['fly logs -a harbor --tail 50', false],
      ['fly deploy -a harbor', true],
    ]);
  });

  it('says that a revert of the last of two commits undoes half', () => {
    const text = 'Commits: `5c1e9aa` and `7f31c02`\n\n## Rollback\n\n`git revert HEAD`';
    expect(readText(text).rollback).toMatchObject([
      { executable: false, why: 'It undoes only the last of 2 commits.' },
    ]);
  });
});

describe('facts and dates', () => {
  it('counts the next review from the time of the deploy', () => {
    const { deploy } = readText(
      '**Time**: April 9, 2026 17:54:52Z\n**Version**: 1203\n**Next Review**: 24 hours',
    );
    expect(deploy).toMatchObject({
      time: '2026-04-09T17:54:52Z',
      version: '1203',
      nextReviewAt: '2026-04-10T17:54:52Z',
    });
  });

  it('dates what is to be done later', () => {
    const { followUps } = readText(
      '**Date**: 2026-04-09\n\n## Next steps\n\n### This week\n\n- Write down why\n\n### Next quarter\n\n- Decide',
    );
    expect(followUps.map(({ due, when }) => [due, when])).toEqual([
      ['2026-04-12', 'this week'],
      ['2026-09-30', 'next quarter'],
    ]);
  });
});

describe('damage', () => {
  it('reads lost arrows, ticks and glued headings by their place', () => {
    const text =
      'Expected Impact\nBefore: 2.2M GETs/day\nAfter: ~110K GETs/day (95% less)Files Changed\nSuccess Indicators\n- ā Rate drops from 1,525/min ā 76/min';
    const { claims, checks } = readText(text);
    expect(claims).toMatchObject([
      { before: 2_200_000, after: 110_000 },
      { before: 1_525, after: 76 },
    ]);
    expect(checks).toMatchObject([{ state: 'waiting' }]);
  });

  it('takes secrets out before anything is read', () => {
    const summary = readText(
      'redis://default:hunter2secret@cache.example:6379\nAPI_TOKEN=abcd1234efgh\nlatency 5 ms → 3 ms',
    );
    expect(summary.redactions).toBe(2);
    expect(JSON.stringify(summary)).not.toMatch(/hunter2secret|abcd1234efgh/);
    expect(summary.claims).toHaveLength(1);
  });

  it.each([
    ['ten megabytes', 'Latency: 500 ms → 200 ms\n'.repeat(400_000)],
    ['a line of a megabyte', 'a 5 ms -> 3 ms, '.repeat(62_500)],
    ['a hundred thousand quotes', '> '.repeat(100_000)],
  ])('says what it cut of %s', (_name, text) => {
    expect(readText(text).cuts?.length).toBeGreaterThan(0);
  });
});

const SEEDS = join('..', 'shared', 'seeds');

/** The seeds' own app is not named here. */
const withoutApp = (command: string) => command.replace(/ -a [\w-]+/, '');

describe.skipIf(!existsSync(SEEDS))('the seeds, where they are at hand', () => {
  const read = (start: string) =>
    readText(
      readFileSync(join(SEEDS, readdirSync(SEEDS).find((file) => file.startsWith(start)) ?? ''), 'utf8'),
    );

  it('gives the pairs of the first', () => {
    const pairs = read('000').claims.map(({ before, after }) => `${before} ${after}`);
    expect(pairs).toEqual(
      expect.arrayContaining(['1440 288', '15 12', '45 36', '195680 50816', '352 11.52']),
    );
    expect(pairs.some((pair) => pair === '733000 24000' || pair === '2200000 72000')).toBe(true);
  });

  it('gives the pairs, the parts and the rollback of the second', () => {
    const { claims, rollback, checks } = read('002');
    expect(claims.map(({ before, after }) => `${before} ${after}`)).toEqual(
      expect.arrayContaining(['2200000 110000', '1525 76']),
    );
    expect(claims.map(({ changePct }) => changePct)).toEqual(expect.arrayContaining([-50, -95, -90]));
    expect(rollback.filter((one) => !one.executable).map((one) => withoutApp(one.command))).toEqual([
      'fly logs --tail 500',
    ]);
    expect(checks.every((one) => one.state === 'waiting')).toBe(true);
  });

  it('gives what is done and what is open of the third', () => {
    const { claims, checks, rollback, followUps } = read('003');
    expect(claims.map(({ before, after }) => `${before} ${after}`)).toEqual(
      expect.arrayContaining(['2200000 0', '2 0']),
    );
    expect(checks.filter((one) => one.state === 'done').length).toBeGreaterThanOrEqual(4);
    expect(checks.filter((one) => one.state === 'waiting').length).toBeGreaterThanOrEqual(10);
    expect(rollback.slice(0, 3).map((one) => withoutApp(one.command))).toEqual([
      'fly secrets set SUSPEND_REDIS=false',
      'fly secrets unset SUSPEND_REDIS',
      'fly deploy',
    ]);
    expect(followUps.map((one) => one.when)).toEqual(expect.arrayContaining(['this week', 'next quarter']));
  });
});
