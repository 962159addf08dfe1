import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../time/range.ts';
import { EMPTY_ALERTS, stepAlerts } from '../alert-book.ts';
import type { ClaimFact, DetectorLook, SeriesFact, WatchedSeries } from '../facts/series.ts';
import type { AlertFacts, ModeFact } from '../facts.ts';
import { DEFAULT_ALERT_SETTINGS } from '../settings.ts';
import { emptyFacts } from '../test-facts.ts';
import { RULES } from './index.ts';
import type { AlertFinding, AlertRuleId } from './rule.ts';

const NOW_MS = Date.UTC(2026, 3, 9, 20, 34);
const OWN: readonly AlertRuleId[] = [
  'http_429',
  'server_errors',
  'regression',
  'relapse',
  'plateau',
  'stall',
  'drift',
];

const look = (over: Partial<DetectorLook>): DetectorLook => ({
  ...{ score: 0, value: 0, expected: 0, windowMs: 5 * MINUTE_MS, what: '', isSevere: false },
  ...over,
});

const fact = (series: WatchedSeries, over: Partial<SeriesFact>): SeriesFact => ({
  ...{ series, title: series === 'latency_p95' ? 'p95 latency' : 'Redis GETs', place: null },
  ...{ countSpike: null, spike: null, regression: null, plateau: null, stall: null, drift: null },
  ...over,
});

const claim = (over: Partial<ClaimFact>): ClaimFact => ({
  ...{ deployId: 'd1', release: 'v1206', claimId: 'c1', text: 'Redis GETs fall by 96.7 %', state: 'met' },
  ...{ sinceMs: NOW_MS, evidence: 'the last 2 h are back', series: 'redis_gets' },
  ...over,
});

const deploy = {
  id: 'd1',
  release: 'v1206',
  kind: 'code' as const,
  startMs: NOW_MS - 40 * MINUTE_MS,
  endMs: NOW_MS,
};
const suspended: ModeFact = {
  ...{
    mode: 'suspended_by_us',
    sinceMs: NOW_MS - 60 * MINUTE_MS,
    evidence: '',
    machines: [],
    askedInVain: [],
  },
  isPartial: false,
};
const facts = (over: Partial<AlertFacts>): AlertFacts => ({ ...emptyFacts(NOW_MS), ...over });

function found(
  rule: AlertRuleId,
  over: Partial<AlertFacts>,
  settings = DEFAULT_ALERT_SETTINGS,
): AlertFinding {
  const [first] = RULES[rule].find(facts(over), settings);
  if (first === undefined) throw new Error(`${rule} found nothing`);
  return first;
}

/** States of one alert over looks 15 s apart. */
function statesOf(looks: readonly Partial<AlertFacts>[], id: string): { states: string[]; fired: number } {
  let book = EMPTY_ALERTS;
  const states = looks.map((over, i) => {
    book = stepAlerts(book, { ...facts(over), nowMs: NOW_MS + i * 15_000 }, DEFAULT_ALERT_SETTINGS);
    return book.entries[id]?.track.state ?? 'none';
  });
  return { states, fired: book.events.filter(({ what }) => what === 'firing').length };
}

const responses = (limited: number, all = 1_000, isPartial = false) => ({
  limited,
  all,
  machines: [],
  isPartial,
});
const errors = (score: number | null): Partial<AlertFacts> => ({
  series: [
    fact('server_errors', {
      countSpike:
        score === null ? null : look({ score, value: 8, expected: 0.2, what: '8 in 5 min, 0.2 are usual' }),
    }),
  ],
});

describe('429s', () => {
  const spike = (score: number) => [
    fact('limited', { countSpike: look({ score, what: '40 in 1 min, 0.1 are usual' }) }),
  ];

  it('fire where they are more than chance makes, and five at least', () => {
    const at = (limited: number, score: number) => {
      const { value, levels } = found('http_429', { responses: responses(limited), series: spike(score) });
      return (value ?? -1) >= levels.trigger;
    };
    expect([at(40, 3), at(40, 0.9), at(4, 9), at(5, 1)]).toEqual([true, false, false, true]);
  });

  it('that are usual here fire nothing, however many, and are over when they are no more than that', () => {
    const { value, levels } = found('http_429', { responses: responses(500), series: spike(0) });
    expect(value).toBe(0);
    expect(value).toBeLessThan(levels.clear);
  });

  it('are held against fixed levels while nothing is known of what is usual', () => {
    expect(found('http_429', { responses: responses(5) })).toMatchObject({
      value: 5,
      levels: { trigger: 5 },
    });
    expect(found('http_429', { responses: responses(40, 50_000) })).toMatchObject({
      value: 40,
      levels: { trigger: 50 },
    });
  });

  it('say what was seen and what is usual', () => {
    expect(found('http_429', { responses: responses(40), series: spike(3) })).toMatchObject({
      title: '40 responses of status 429 in 5 min',
      detail: '4.00\u00a0% of 1,000 responses. 40 in 1 min, 0.1 are usual.',
      means: [{ what: 'Turned away', text: '1 request in 25' }],
    });
  });

  it('of a sum with a machine missing are enough to fire, never enough to be over', () => {
    expect(found('http_429', { responses: responses(2, 1_000, true), series: spike(0) }).value).toBeNull();
    expect(found('http_429', { responses: responses(9, 1_000, true), series: spike(2) }).value).toBe(9);
  });

  it('argo-rollouts #4792: one blip is pending and no more', () => {
    const looks = [0, 6, 0, 0].map((limited) => ({ responses: responses(limited) }));
    expect(statesOf(looks, 'http_429').states).toEqual(['none', 'pending', 'none', 'none']);
  });
});

describe('server errors', () => {
  it('say how many came in which time, and since which deploy', () => {
    expect(found('server_errors', { ...errors(2), deploy })).toMatchObject({
      title: '8 server errors in 5 min',
      detail: '8 in 5 min, 0.2 are usual. The latest deploy, v1206, began at 19:54Z.',
    });
  });

  it('grafana #105571: a series that goes missing resolves nothing', () => {
    const { states } = statesOf([errors(2), errors(2), ...Array(80).fill(errors(null))], 'server_errors');
    expect(states.at(-1)).toBe('firing');
    const gone = statesOf([errors(2), errors(2), ...Array(80).fill({ series: [] })], 'server_errors');
    expect(gone.states.at(-1)).toBe('firing');
  });

  it('grafana #6202: a score that hovers about its threshold is one alert', () => {
    const looks = Array.from({ length: 240 }, (_, i) => errors(Math.floor(i / 2) % 2 === 0 ? 1.05 : 0.95));
    expect(statesOf(looks, 'server_errors').fired).toBe(1);
  });
});

describe('a regression', () => {
  const slow = (over: Partial<DetectorLook>) => [
    fact('latency_p95', { spike: look({ score: 4, value: 0.9, expected: 0.212, ...over }) }),
  ];

  it('says what is seen, what is usual, for how long and since which deploy', () => {
    expect(found('regression', { series: slow({}), deploy })).toMatchObject({
      subject: 'latency_p95',
      title: 'p95 latency 900\u00a0ms, 212\u00a0ms is usual',
      detail: 'Seen over 5 min. The latest deploy, v1206, began at 19:54Z.',
      means: [{ what: 'Against usual', text: '×4.2' }],
      release: 'v1206',
    });
  });

  it('of less than a tenth calls nobody, however sure it is', () => {
    const rise = (value: number) =>
      found('regression', { series: slow({ score: 9, value, expected: 1 }) }).value ?? 0;
    expect(rise(1.09)).toBeLessThan(1);
    expect(rise(1.1)).toBeCloseTo(1, 9);
    expect(rise(3)).toBe(9);
  });

  it('of two hours must be seen with two blocks, one of minutes at once', () => {
    const twoHours = fact('redis_gets', {
      regression: look({ score: 2, value: 20, expected: 10 }),
      spike: look({}),
    });
    expect(found('regression', { series: [twoHours] }).levels.holdMs).toBe(5 * MINUTE_MS);
    expect(found('regression', { series: slow({}) }).levels.holdMs).toBe(0);
  });

  it('is unknown only where no detector can tell', () => {
    expect(found('regression', { series: [fact('redis_gets', {})] }).value).toBeNull();
    expect(found('regression', { series: [fact('redis_gets', { regression: look({}) })] }).value).toBe(0);
  });

  it('is held back where a claim on the same number has failed, and while Redis is off on purpose', () => {
    const held = (over: Partial<AlertFacts>) =>
      found('regression', { series: slow({}), ...over }).inhibitedBy;
    expect(held({ claims: [claim({ series: 'latency_p95', state: 'missed', text: 'p95 stays' })] })).toBe(
      'the claim of v1206 on it has failed: p95 stays',
    );
    expect(held({ claims: [claim({ state: 'missed' }), claim({ series: 'latency_p95' })] })).toBeNull();
    expect(held({ mode: suspended })).toBe('Redis suspended on purpose since 19:34Z');
  });

  it('of GETs that no known machine sends is held back: another alert tells of the sender', () => {
    const gets = fact('redis_gets', { spike: look({ score: 4, value: 26, expected: 6.5 }) });
    const told = { what: 'GETs' as const, machines: 2, windowMs: 5 * MINUTE_MS, bound: 5, isPartial: false };
    const held = (atServer: number, fromMachines: number, over = {}) => {
      const { fleet } = emptyFacts(NOW_MS);
      const unaccounted = { ...told, atServer, fromMachines, ...over };
      return found('regression', { series: [gets], fleet: { ...fleet, unaccounted } }).inhibitedBy;
    };
    expect(held(1_590, 390)).toBe('no known machine sent 1,200 of them a minute');
    expect(held(430, 390)).toBe('the machines send no more than is usual now');
    // What is over is still in the window, and the machines are a seventh above their usual by themselves.
    expect(held(446, 446)).toBe('the machines send little more than is usual now');
    // The machines themselves ask more, or nobody can say.
    expect([held(1_590, 1_000), held(1_590, 390, { isPartial: true })]).toEqual([null, null]);
  });

  it('is looked for where more is worse: requests and rare events have their own rules', () => {
    const all = (['requests', 'limited', 'server_errors', 'db_queries'] as const).map((series) =>
      fact(series, {}),
    );
    expect(
      RULES.regression.find(facts({ series: all }), DEFAULT_ALERT_SETTINGS).map(({ subject }) => subject),
    ).toEqual(['db_queries']);
  });
});

describe('a relapse', () => {
  it('is a claim that was kept and is lost, told with what was seen', () => {
    expect(found('relapse', { claims: [claim({ state: 'relapsed' })] })).toMatchObject({
      ...{ subject: 'd1/c1', value: 1, release: 'v1206', detail: 'The last 2 h are back.' },
      title: 'Kept and lost again: Redis GETs fall by 96.7 %',
    });
  });

  it('is neither lost nor kept while nobody can tell', () => {
    expect(found('relapse', { claims: [claim({ state: 'cant_tell' })] }).value).toBeNull();
    expect(found('relapse', { claims: [claim({ state: 'missed' })] }).value).toBe(0);
  });

  it('puts no word from outside into its command', () => {
    const place = { scope: { app: 'harbor', environment: 'production' }, flyApp: null };
    const command = (subject: string) => RULES.relapse.runbook({ ...place, subject })[0]?.command;
    expect(command('20260409T175452-k3v9/c1')).toBe('npm run -s afterwatch -- verdict 20260409T175452-k3v9');
    expect(command('x; rm -rf ~/c1')).toBe('npm run -s afterwatch -- verdict latest');
    expect(command('--wait/c1')).toBe('npm run -s afterwatch -- verdict latest');
  });
});

describe('a flat top, a silence and a drift', () => {
  it('a flat top names its level and its window, the quota that ends there and what is refused', () => {
    const what = 'its top moves by 0.3 %, at least 4 % is usual there';
    const flat = fact('redis_gets', {
      plateau: look({ score: 3, value: 733_000 / 3600, expected: 200, windowMs: 30 * MINUTE_MS, what }),
    });
    const quota = {
      id: 'q',
      title: 'Upstash commands this month',
      unit: 'commands',
      used: 98,
      limit: 100,
      perSecond: null,
      forecast: null,
      renewsMs: null,
      source: 'cache',
    } as const;
    const limits = { ...emptyFacts(NOW_MS).limits, quotas: [{ ...quota, used: 10, title: 'Other' }, quota] };
    expect(found('plateau', { series: [flat], limits, responses: responses(12) })).toMatchObject({
      title: 'Redis GETs flat at the top: 733K/h for 30 min',
      detail:
        'Its top moves by 0.3 %, at least 4 % is usual there. Upstash commands this month: 98.0\u00a0% used.',
      means: [{ what: 'Refused meanwhile', text: '12 in 5 min' }],
    });
  });

  it('a silence says since when and how many were due', () => {
    const silent = fact('redis_gets', {
      stall: look({ score: 2, expected: 1_234, windowMs: 6 * MINUTE_MS }),
    });
    expect(found('stall', { series: [silent] })).toMatchObject({
      value: 2,
      title: 'Redis GETs stand still: none in 6 min, 1,234 were due',
    });
    expect(found('stall', { series: [fact('redis_gets', {})] }).value).toBeNull();
    expect(found('stall', { series: [silent], mode: suspended }).inhibitedBy).not.toBeNull();
  });

  it('a drift goes by what the team calls one', () => {
    const drifts = [
      fact('latency_p95', {
        drift: look({ score: 3, value: 0.25, expected: 0.2, what: 'rises by 25 % in 24 h' }),
      }),
    ];
    const at = (driftAtLeast: number) =>
      found('drift', { series: drifts }, { ...DEFAULT_ALERT_SETTINGS, driftAtLeast }).value ?? 0;
    expect(found('drift', { series: drifts, deploy })).toMatchObject({
      title: 'p95 latency: rises by 25 % in 24 h',
      detail: 'From 200\u00a0ms to 250\u00a0ms at this slope; told from the 5 min since v1206.',
      release: 'v1206',
    });
    expect(at(0.1)).toBe(3);
    expect(at(0.2)).toBeGreaterThanOrEqual(1);
    expect(at(0.3)).toBeLessThan(1);
  });
});

describe('each of these rules', () => {
  it('says what it reads, when it fires, what to do next, and on which chart', () => {
    const place = {
      scope: { app: 'harbor', environment: 'production' },
      subject: 'redis_gets',
      flyApp: 'harbor',
    };
    for (const id of OWN) {
      const rule = RULES[id];
      expect.soft(rule.words(DEFAULT_ALERT_SETTINGS)).toMatch(/^(Fires|Looked) .*\.$/);
      expect.soft(rule.reads).toMatch(/\.$/);
      expect.soft(rule.runbook(place).length).toBeGreaterThanOrEqual(3);
      expect.soft(rule.runbook(place).some(({ command }) => command !== null)).toBe(true);
      const without = rule.runbook({ ...place, flyApp: null });
      expect.soft(without.some(({ command }) => command?.includes('fly ') ?? false)).toBe(false);
      if (id !== 'relapse') expect.soft(rule.chart('redis_gets')).not.toBeNull();
    }
  });

  it('knows nothing where nothing is known', () => {
    for (const id of OWN) {
      for (const { value } of RULES[id].find(
        facts({ series: [fact('redis_gets', {})] }),
        DEFAULT_ALERT_SETTINGS,
      )) {
        expect.soft(value).toBeNull();
      }
    }
  });
});
