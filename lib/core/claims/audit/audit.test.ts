import { describe, expect, it } from 'vitest';
import type { AuditKind, Finding, ReadSummary } from '../document.ts';
import { auditSummary, auditTogether } from './audit.ts';
import { seedSummaries } from './test-seeds.ts';
import { type Said, summaryOf } from './test-summaries.ts';

const { spike, cause, suspension } = seedSummaries();

function kinds(findings: readonly Finding[]): AuditKind[] {
  return findings.map(({ kind }) => kind).toSorted();
}

function only(findings: readonly Finding[], kind: AuditKind): Finding[] {
  return findings.filter((one) => one.kind === kind);
}

function audit(text: string, said: Said): Finding[] {
  return auditSummary(summaryOf(text, said));
}

describe('the first document of the evening', () => {
  const findings = auditSummary(spike);

  it('gives every row of it and nothing about what is consistent', () => {
    expect(kinds(findings)).toEqual([
      'concentration',
      'machines',
      'month',
      'percent',
      'price',
      'price',
      'rollback',
      'rollback',
    ]);
  });

  it('holds money against the commands as they were first written, at the price in force', () => {
    expect(only(findings, 'price')).toMatchObject([
      {
        severity: 'error',
        stated: '$352.00 → $11.52 per day',
        computed: '$35.20 → $1.15 per day',
        message: expect.stringContaining('17.6M → 576K commands'),
      },
      {
        stated: '$340.48 per day, $10,230 per month',
        computed: '$34.05 per day, $1,021 (30 days) or $1,036 (365/12) per month',
      },
    ]);
    expect(only(findings, 'price')[0]?.message).toMatch(/\$0\.20 per 100K \(list price\): 10× too high\.$/);
  });

  it('says that the month fits neither way of counting one', () => {
    expect(only(findings, 'month')).toMatchObject([
      { severity: 'info', stated: '$10,230 per month', computed: '$10,214 (30 days) or $10,356 (365/12)' },
    ]);
  });

  it('tells rounding from a mistake', () => {
    expect(only(findings, 'percent')).toMatchObject([
      { severity: 'info', stated: '74.1 %', computed: '74.03 %' },
    ]);
  });

  it('counts on the machines that run', () => {
    expect(only(findings, 'machines')).toMatchObject([
      { stated: '45 → 36 connections for 3 machines', computed: '30 → 24 connections for 2' },
    ]);
    expect(only(auditSummary(spike, { machinesRunning: 3 }), 'machines')).toEqual([]);
  });

  it('names the one change that nearly all of a saving rests on', () => {
    expect(only(findings, 'concentration')[0]?.message).toMatch(
      /144,864 queries per day .* 1,152: 99\.2 % .*Theme Endpoint/,
    );
  });

  it('says which commands of the rollback cannot do it', () => {
    expect(only(findings, 'rollback').map(({ message }) => message)).toEqual([
      expect.stringMatching(/<previous-image-id>/),
      expect.stringMatching(/`git revert HEAD`.*the last of 2 commits only/),
    ]);
  });

  it('takes a known price before the list price, and none where none is charged', () => {
    expect(only(auditSummary(spike, { pricePer100kUsd: 2 }), 'price')).toEqual([]);
    expect(only(auditSummary(spike, { pricePer100kUsd: 0 }), 'price')).toEqual([]);
  });
});

describe('the second and the third document', () => {
  it('gives every row of the second one', () => {
    const findings = auditSummary(cause);
    expect(kinds(findings)).toEqual(['parts', 'rollback', 'ttl', 'window']);
    expect(only(findings, 'parts')[0]?.message).toMatch(
      /50 %, 95 %, 90 % .* cannot give 95 % overall: only possible if the 95 % part is everything/,
    );
    expect(only(findings, 'ttl')[0]).toMatchObject({ stated: '5 s TTL → 95 %; 10 s TTL → 90 %' });
    expect(only(findings, 'window')[0]).toMatchObject({
      severity: 'info',
      stated: '1,525 requests per minute',
      computed: '1,527.8 per minute',
    });
  });

  it('does not believe what is verified after a minute, nor ticks on the coming day', () => {
    const findings = auditSummary(suspension);
    expect(kinds(findings)).toEqual(['verification', 'verification', 'verification']);
    expect(findings.map(({ message }) => message).join('\n')).toMatch(
      /verified 1 min after the change \(20:34 to 20:35\)/,
    );
    expect(findings.map(({ message }) => message).join('\n')).toMatch(
      /4 items for the next 24 h carry a tick/,
    );
    expect(findings.map(({ message }) => message).join('\n')).toMatch(/switches the source itself off/);
  });
});

describe('the three together', () => {
  const docs = (list: readonly [string, ReadSummary][]) => list.map(([file, summary]) => ({ file, summary }));
  const findings = auditTogether(
    docs([
      ['spike.md', spike],
      ['cause.md', cause],
      ['suspension.md', suspension],
    ]),
  );

  it('finds one baseline in two windows, three targets and opposite rollbacks', () => {
    expect(kinds(findings)).toEqual(['rollback', 'two_targets', 'unit_factor']);
    expect(only(findings, 'unit_factor')[0]).toMatchObject({
      stated: '2.2M GETs per 3 hours in spike.md, 2.2M requests per day in cause.md',
      computed: '17.6M or 2.2M per day',
      message: expect.stringContaining('a factor of 8'),
    });
    expect(only(findings, 'two_targets')[0]).toMatchObject({ computed: '576K, 110K, 0 per day' });
    expect(only(findings, 'two_targets')[0]?.message).toMatch(/^3 targets .*keep them per deploy\.$/);
    expect(only(findings, 'rollback')[0]?.stated).toBe(
      'SUSPEND_REDIS=true in cause.md, SUSPEND_REDIS=false in suspension.md',
    );
  });

  it('names file and line', () => {
    expect(
      findings
        .flatMap(({ lines }) => lines)
        .every((line) => /^(spike|cause|suspension)\.md:\d+$/.test(String(line))),
    ).toBe(true);
  });

  it('does not compare documents of different apps', () => {
    const other = { ...cause, deploy: { ...cause.deploy, app: 'lantern' } };
    expect(
      auditTogether(
        docs([
          ['a.md', spike],
          ['b.md', other],
        ]),
      ),
    ).toEqual([]);
  });

  it('has nothing to say of one document, or of one twice', () => {
    expect(auditTogether(docs([['a.md', spike]]))).toEqual([]);
    expect(
      auditTogether(
        docs([
          ['a.md', cause],
          ['b.md', cause],
        ]),
      ),
    ).toEqual([]);
  });
});

describe('percentages', () => {
  const pair = (before: number, after: number, pct: number, text: string) =>
    audit(text, { claims: [{ says: [text], unit: 'ms', before, after, changePct: pct }] });

  it.each<[before: number, after: number, pct: number, text: string]>([
    [733_000, 24_000, -96.7, '733K → 24K (96.7% reduction)'],
    [500, 200, -60, '500ms → 200ms (60% improvement)'],
    [500, 200, 150, '500 ms → 200 ms, 150% faster'],
    [1.2, 0.4, -67, '1.2 s → 0.4 s (67% less)'],
    [1440, 288, 80, '1,440 → 288 (80%)'],
    [1000, 30, -96, '1,000 → 30 (96%+)'],
    [420, 110, -75, '420 → 110 (~75% less)'],
    [10, 30, 200, '10 → 30 (+200%)'],
    [4, 3600, -29, '4 of 3,600 (29% of them)'],
    [2_200_000, 72_000, -96.7, '2.2M → 72K (96.7 %)'],
  ])('%d → %d stated as %d %% is said nothing of', (before, after, pct, text) => {
    expect(pair(before, after, pct, text)).toEqual([]);
  });

  it.each<[before: number, after: number, pct: number, text: string, severity: string, computed: string]>([
    [195_680, 50_816, -74.1, '195,680 → 50,816 (74.1%)', 'info', '74.03 %'],
    [500, 180, -70, '500 → 180 (70% less)', 'error', '64 %'],
    [264_960, 7_464, -99, '264,960 → 7,464 (99%)', 'warning', '97.18 %'],
    [10, 30, 300, '10 → 30 (+300%)', 'error', '200 %'],
  ])('%d → %d stated as %d %% is recomputed', (before, after, pct, text, severity, computed) => {
    expect(pair(before, after, pct, text)).toMatchObject([{ kind: 'percent', severity, computed }]);
  });

  it('holds a range against a range', () => {
    const text = '100–200 ms → 20–50 ms (75-80% faster)';
    const said = { unit: 'ms', before: [100, 200] as [number, number], after: [20, 50] as [number, number] };
    expect(audit(text, { claims: [{ says: [text], ...said, changePct: [-80, -75] }] })).toEqual([]);
    expect(audit(text, { claims: [{ says: [text], ...said, changePct: [-99, -96] }] })).toMatchObject([
      { kind: 'percent' },
    ]);
  });

  it('holds a percentage under its own label against the pair above it', () => {
    const text = 'Before: 400 ms\nAfter: 100 ms\nReduction: 60%';
    const claims = [
      { says: ['Before', 'After'], unit: 'ms', before: 400, after: 100 },
      { says: ['Reduction'], changePct: -60 },
    ];
    expect(audit(text, { claims })).toMatchObject([
      { kind: 'percent', stated: '60 %', computed: '75 %', lines: [1, 2, 3] },
    ]);
  });

  it('holds factors and percentage points against the pair', () => {
    const text = '500 ms → 100 ms (10x)\nhit rate 62% → 94% (+20 pp)';
    const claims = [
      { says: ['500 ms'], unit: 'ms', before: 500, after: 100, factor: 10 },
      { says: ['hit rate'], unit: '%', before: 62, after: 94, changePp: 20 },
    ];
    expect(audit(text, { claims }).map(({ stated, computed }) => [stated, computed])).toEqual([
      ['10×', '5×'],
      ['20 pp', '32 pp'],
    ]);
  });
});

describe('savings and windows', () => {
  it('holds a saving against the difference', () => {
    const text = '2,200,000/day → 110,000/day, saves 2,900,000/day';
    const said = { unit: 'GETs', window: 'day', before: 2_200_000, after: 110_000 };
    expect(audit(text, { claims: [{ says: [text], ...said, delta: -2_900_000 }] })).toMatchObject([
      { kind: 'savings', severity: 'error', computed: '2.09M GETs per day' },
    ]);
    expect(audit(text, { claims: [{ says: [text], ...said, delta: -2_090_000 }] })).toEqual([]);
  });

  it.each([
    '733K GETs/hour (2.2M per 3 hours)',
    '~24K GETs/hour (~72K per 3 hours)',
    'saves $34.05/day ($1,021/month)',
    'saves $34.05/day ($1,036/month)',
    '1,440 queries/day (60 per hour)',
    '$12/month ($144/year)',
    '700 requests per minute (11 per second)',
    '500 requests/min, or about 8 per second',
    'rate limits of 100/min (5 per second) differ by route'.replace('5 per second', '1.67 per second'),
  ])('%s is consistent', (text) => {
    expect(audit(text, {})).toEqual([]);
  });

  it.each<[text: string, kind: AuditKind, computed: string]>([
    ['733K GETs/hour (2.2M per day)', 'unit_factor', '17.59M per day'],
    ['1,440 queries/day (90 per hour)', 'window', '60 per hour'],
    ['saves $340.48/day ($10,230/month)', 'month', '$10,214 (30 days) or $10,356 (365/12)'],
    ['saves $10/day ($3,000/month)', 'unit_factor', '$300.00 (30 days) or $304.17 (365/12)'],
  ])('%s is not', (text, kind, computed) => {
    expect(audit(text, {})).toMatchObject([{ kind, computed }]);
  });

  it('tells one number in two windows by its factor', () => {
    const text = 'Redis GETs were 2.2M per 3 hours\nRedis GETs: 2.2M/day → 110K/day';
    const claims = [
      {
        says: ['per 3 hours'],
        text: 'Redis GETs were 2.2M',
        unit: 'GETs',
        window: '3h',
        before: 2_200_000,
        after: 72_000,
      },
      {
        says: ['110K'],
        text: 'Redis GETs: 2.2M',
        unit: 'GETs',
        window: 'day',
        before: 2_200_000,
        after: 110_000,
      },
    ];
    expect(only(audit(text, { claims }), 'unit_factor')[0]).toMatchObject({ computed: 'factor 8' });
  });

  it('does not compare a part with the whole, nor things that have no window', () => {
    const text =
      '## Worker polling\n1,440 queries/day → 288 queries/day\n## Database queries\n195,680 queries/day → 50,816 queries/day\n2 GETs per operation instead of 1';
    const claims = [
      { says: ['1,440'], unit: 'queries', window: 'day', before: 1440, after: 288 },
      { says: ['195,680'], unit: 'queries', window: 'day', before: 195_680, after: 50_816 },
      { says: ['2 GETs'], unit: 'GETs', window: 'operation', before: 2, after: 1 },
    ];
    expect(only(audit(text, { claims }), 'two_baselines')).toEqual([]);
    expect(only(audit(text, { claims }), 'unit_factor')).toEqual([]);
  });
});

describe('machines, intervals and parts', () => {
  it('multiplies what each machine has', () => {
    const text =
      '## Pool\n12 connections per machine (was 15)\nTotal: 40 connections (was 45) for 3 machines';
    const claims = [
      { says: ['12 connections'], unit: 'connections', before: 15, after: 12 },
      { says: ['Total'], unit: 'connections', before: 45, after: 40 },
    ];
    expect(audit(text, { claims })).toMatchObject([
      { kind: 'machines', severity: 'error', stated: '40', computed: '36' },
    ]);
  });

  const polling = (queries: [number, number], running: number | null = null) => {
    const text = `## Poller\nPolling interval from 60s → 300s\n${queries[0]} queries/day → ${queries[1]} queries/day`;
    const claims = [
      { says: ['interval'], unit: 's', before: 60, after: 300 },
      { says: ['queries/day'], unit: 'queries', window: 'day', before: queries[0], after: queries[1] },
    ];
    return audit(text, { claims, deploy: { machinesRunning: running } });
  };

  it('takes a poll interval for one machine or for several', () => {
    expect(polling([1440, 288])).toEqual([]);
    expect(polling([1440, 288], 2)).toEqual([]);
    expect(polling([4320, 864])).toEqual([]);
  });

  it('says when an interval cannot make so many queries', () => {
    expect(polling([14_400, 288], 2)).toMatchObject([
      { kind: 'interval', computed: '2,880 → 576 on 2 machines' },
    ]);
  });

  it('adds up parts that the reader marked', () => {
    const facts = [12, 8, 5].map((value, index) => ({
      kind: 'part' as const,
      text: '',
      value,
      unit: 'connections',
      window: null,
      line: index + 1,
    }));
    const total = (value: number) => ({
      kind: 'total' as const,
      text: '',
      value,
      unit: 'connections',
      window: null,
      line: 4,
    });
    expect(audit('a\nb\nc\nd', { facts: [...facts, total(25)] })).toEqual([]);
    expect(audit('a\nb\nc\nd', { facts: [...facts, total(30)] })).toMatchObject([
      { kind: 'parts', computed: '25 connections' },
    ]);
  });
});

describe('rollback', () => {
  it('says when it sets what the deploy itself sets, or both', () => {
    const text = 'fly secrets set CACHE_MODE=local\nRollback:\nfly secrets set CACHE_MODE=local -a harbor';
    expect(
      audit(text, { rollback: [['fly secrets set CACHE_MODE=local -a harbor', true]] }).map(
        ({ message }) => message,
      ),
    ).toEqual([expect.stringMatching(/takes nothing back/)]);
    const both = audit('export CACHE_MODE=local\nexport CACHE_MODE=shared', {
      rollback: [
        ['export CACHE_MODE=local', true],
        ['export CACHE_MODE=shared', true],
      ],
    });
    expect(both).toMatchObject([{ kind: 'rollback', severity: 'error' }]);
  });

  it('leaves one command that can run alone', () => {
    expect(
      audit('git revert HEAD', { rollback: [['git revert HEAD', true]], deploy: { commits: ['a1b2c3d'] } }),
    ).toEqual([]);
  });
});
