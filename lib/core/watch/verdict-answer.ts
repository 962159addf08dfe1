import { z } from 'zod';
import { UNITS } from '../metrics/catalogue/entry.ts';
import { findMetric } from '../metrics/catalogue/index.ts';
import { findDerived } from '../metrics/derived/index.ts';
import { CHECK_BLOCKS, CHECK_STATES } from '../model/check.ts';
import { CANT_TELL_REASONS, CLAIM_STATES } from '../model/claim.ts';
import type { Deploy } from '../model/deploy.ts';
import { BASELINE_KINDS, type ClaimVerdict, GUARD_NAMES, type WatchRecord } from '../model/verdict.ts';
import { metricShape } from './metric-shape.ts';
import { verdictSentence } from './verdict-text.ts';

const state = z.enum(CLAIM_STATES);
const reason = z.enum(CANT_TELL_REASONS).nullable();
const instant = z.string().meta({ description: 'ISO time in UTC' });

const claimSchema = z.object({
  id: z.string(),
  text: z.string(),
  state,
  provisional: z.boolean(),
  reason,
  why: z.string().meta({ description: 'One or two plain sentences' }),
  effectPct: z.number().nullable(),
  interval: z
    .tuple([z.number(), z.number()])
    .nullable()
    .meta({ description: '95 % interval of effectPct, valid at every look' }),
  before: z.number().nullable().meta({ description: 'Expected over the watched time, in unit per window' }),
  after: z.number().nullable().meta({ description: 'Measured over the same time' }),
  unit: z.enum(UNITS).nullable(),
  window: z
    .enum(['s', 'day'])
    .nullable()
    .meta({ description: 's for a rate, day for dollars a day; null for a level' }),
  decidableBy: instant.nullable(),
  baseline: z.object({
    kind: z.enum(BASELINE_KINDS),
    days: z.number(),
    excludedDays: z.number(),
    weak: z.boolean(),
  }),
  coverage: z.number().nullable().meta({ description: 'Share of the watch so far that was measured, 0–1' }),
});

/** What machines are told of a verdict: `GET /api/deploys/ID/verdict`, `afterwatch verdict --json`. */
export const verdictAnswerSchema = z.object({
  deploy: z.object({ id: z.string(), release: z.string(), url: z.string() }),
  state: state.nullable().meta({ description: 'null while nothing is watched: no claim is confirmed' }),
  provisional: z.boolean(),
  reason,
  sentence: z.string(),
  endsAt: instant.nullable(),
  /** True once the watch is over: nothing changes any more. */
  closed: z.boolean(),
  claims: z.array(claimSchema),
  checks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      dueAt: instant,
      automatic: z.boolean(),
      state: z.enum(CHECK_STATES),
      block: z.enum(CHECK_BLOCKS).nullable(),
      provisional: z.boolean(),
      evidence: z.string().nullable(),
      signed: z.object({ by: z.string(), at: instant, note: z.string().nullable() }).nullable(),
    }),
  ),
  notChecked: z.array(z.object({ guard: z.enum(GUARD_NAMES), why: z.string() })),
  /** A person's own verdict; it stands over `state`. */
  override: z.object({ state, by: z.string(), reason: z.string(), at: instant }).nullable(),
});
export type VerdictAnswer = z.infer<typeof verdictAnswerSchema>;
export type VerdictClaim = VerdictAnswer['claims'][number];

/** The state that counts: a person's own verdict stands over the measured one. Null while nothing is watched. */
export function standingState({
  state: measured,
  override,
}: Pick<VerdictAnswer, 'state' | 'override'>): VerdictAnswer['state'] {
  return override?.state ?? measured;
}

/** A deploy and its watch as machines are told of them; `record` is null while nothing is watched. */
export function verdictAnswer(
  deploy: Pick<Deploy, 'id' | 'release' | 'claims'>,
  record: WatchRecord | null,
  url: string,
): VerdictAnswer {
  const about = { id: deploy.id, release: deploy.release, url };
  if (record === null) return nothingWatched(deploy, about);
  const claims = deploy.claims
    .filter(({ standing }) => standing === 'confirmed')
    .map((claim) => claimAnswer(claim, record.claims[claim.id] ?? null));
  const { override } = record;
  return {
    deploy: about,
    state: record.state,
    provisional: record.provisional,
    reason: record.reason,
    sentence: verdictSentence({
      ...record,
      release: deploy.release,
      claims: claims.map((claim) => claim.state),
      closed: record.closedMs !== null,
    }),
    endsAt: iso(record.endMs),
    closed: record.closedMs !== null,
    claims,
    checks: record.checks.map(
      ({ id, title, dueMs, automatic, state: at, block, provisional, evidence, signed }) => ({
        ...{
          id,
          title,
          dueAt: iso(record.originMs + dueMs),
          automatic,
          state: at,
          block,
          provisional,
          evidence,
        },
        signed: signed === null ? null : { by: signed.by, at: iso(signed.atMs), note: signed.note },
      }),
    ),
    notChecked: record.notChecked,
    override:
      override === null
        ? null
        : { state: override.state, by: override.by, reason: override.reason, at: iso(override.atMs) },
  };
}

function nothingWatched(
  { release, claims }: Pick<Deploy, 'release' | 'claims'>,
  deploy: VerdictAnswer['deploy'],
): VerdictAnswer {
  const isConfirmed = claims.some(({ standing }) => standing === 'confirmed');
  const waits = claims.some(({ standing }) => standing === 'proposed');
  const why = isConfirmed
    ? 'its watch has not begun'
    : waits
      ? 'its claims wait to be confirmed'
      : 'it promises nothing that could be watched';
  return {
    ...{ deploy, state: null, provisional: false, reason: null, endsAt: null, closed: false },
    ...{ claims: [], checks: [], notChecked: [], override: null },
    sentence: `Nothing is watched of ${release}: ${why}.`,
  };
}

function claimAnswer(
  { id, text, metric }: Pick<Deploy['claims'][number], 'id' | 'text' | 'metric'>,
  verdict: ClaimVerdict | null,
): VerdictClaim {
  const measure = measureOf(metric);
  if (verdict === null) {
    return {
      ...{ id, text, state: 'settling', provisional: true, reason: null, why: 'Nothing was looked at yet.' },
      ...{ effectPct: null, interval: null, before: null, after: null, ...measure, decidableBy: null },
      ...{ baseline: { kind: 'none', days: 0, excludedDays: 0, weak: true }, coverage: null },
    };
  }
  const { usable, of } = verdict.blocks;
  return {
    ...{ id, text, state: verdict.state, provisional: verdict.provisional, reason: verdict.reason },
    why: verdict.why,
    effectPct: finite(verdict.effectPct),
    interval: verdict.interval === null ? null : [verdict.interval[0], verdict.interval[1]],
    before: finite(verdict.before),
    after: finite(verdict.after),
    ...measure,
    decidableBy: verdict.decidableByMs === null ? null : iso(verdict.decidableByMs),
    baseline: verdict.baseline,
    coverage: of === 0 ? null : usable / of,
  };
}

/** In what the numbers of a metric are: base units, rates per second, costs per day. */
function measureOf(metric: string | null): Pick<VerdictClaim, 'unit' | 'window'> {
  const shape = metric === null ? null : metricShape(metric);
  if (metric === null || shape === null) return { unit: null, window: null };
  const unit = (findMetric(metric) ?? findDerived(metric))?.unit ?? null;
  return { unit, window: !shape.isRate ? null : shape.perSecondFactor === 1 ? 's' : 'day' };
}

function finite(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : value;
}

/** Instants that no calendar holds are cut to its ends: a record is never a reason to answer nothing. */
function iso(atMs: number): string {
  return new Date(Math.min(Math.max(atMs, -8.64e15), 8.64e15)).toISOString();
}
