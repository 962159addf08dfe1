import { z } from 'zod';
import type { NamedChart } from '../alerts/alerts-view.ts';
import type { TimeRange } from '../time/range.ts';
import { ALERT_STATES } from './alert.ts';
import type { ClaimUnit, ClaimView } from './claim.ts';
import { CLAIM_STATES } from './claim.ts';
import type { RedisMode } from './redis-mode.ts';
import { REDIS_MODES } from './redis-mode.ts';
import type { Quality } from './sample.ts';
import type { SuspensionView } from './suspension.ts';
import type { Scope } from './target.ts';
import { MARK_KINDS, type MarkView, type ModeView, type SentenceView, type SourceView } from './view.ts';

/** How far people are; a person moves it, in either direction. */
export const INCIDENT_STATUSES = ['investigating', 'identified', 'monitoring', 'resolved'] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

/** What an incident was opened from. */
export const INCIDENT_ORIGINS = ['hand', 'alert', 'verdict'] as const;

/** Most of everything that one incident holds. */
export const INCIDENT_LIMITS = {
  entries: 2_000,
  hypotheses: 50,
  actions: 100,
  titleChars: 200,
  noteChars: 64 * 1024,
  /** Of all notes together. */
  allNotesChars: 512 * 1024,
  lineChars: 500,
  /** Incidents of one scope that are not resolved. */
  open: 50,
} as const;

/** What the timeline tells; `glyph` of each follows from what is kept beside it. */
const factSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('deploy'),
    deployId: z.string(),
    release: z.string(),
    mark: z.enum(MARK_KINDS),
  }),
  z.object({ kind: z.literal('mode'), mode: z.enum(REDIS_MODES) }),
  z.object({ kind: z.literal('alert'), alertId: z.string(), state: z.enum(ALERT_STATES) }),
  z.object({
    kind: z.literal('verdict'),
    deployId: z.string(),
    claimId: z.string().nullable(),
    state: z.enum(CLAIM_STATES),
  }),
  z.object({ kind: z.literal('status'), status: z.enum(INCIDENT_STATUSES) }),
  /** `text` of it is Markdown: no HTML, no images. */
  z.object({ kind: z.literal('note'), markdown: z.string() }),
  z.object({ kind: z.literal('hypothesis'), state: z.enum(['open', 'confirmed', 'refuted']) }),
  z.object({ kind: z.literal('action'), done: z.boolean() }),
  z.object({ kind: z.literal('share') }),
  z.object({ kind: z.literal('merge'), incidentId: z.string() }),
]);
export type EntryFact = z.infer<typeof factSchema>;

/** One line of the timeline. Written once; it can be hidden and shown again, and never rewritten. */
export const incidentEntrySchema = z.object({
  /** What it is about, so that the same thing is never written twice: `alert:http_429:firing:1775757600000`. */
  id: z.string(),
  /** When it happened; when it was written down stands beside it. */
  atMs: z.number(),
  writtenMs: z.number(),
  fact: factSchema,
  /** What happened, in words: `GETs have not begun to fall`. */
  title: z.string(),
  /** What was seen, one line; null where the title says it all. */
  detail: z.string().nullable(),
  /** Who did it; null for what the product saw by itself. */
  by: z.string().nullable(),
  hidden: z.object({ by: z.string(), atMs: z.number() }).nullable(),
});
export type IncidentEntry = z.infer<typeof incidentEntrySchema>;

/** What may have caused it, and what speaks for or against. */
export const hypothesisSchema = z.object({
  id: z.string(),
  text: z.string(),
  state: z.enum(['open', 'confirmed', 'refuted']),
  /** What speaks for or against it; null while nobody wrote anything. */
  evidence: z.string().nullable(),
  by: z.string(),
  atMs: z.number(),
  changedMs: z.number(),
});
export type Hypothesis = z.infer<typeof hypothesisSchema>;

export const incidentActionSchema = z.object({
  id: z.string(),
  text: z.string(),
  owner: z.string().nullable(),
  dueMs: z.number().nullable(),
  done: z.object({ by: z.string(), atMs: z.number() }).nullable(),
  by: z.string(),
  atMs: z.number(),
});
export type IncidentAction = z.infer<typeof incidentActionSchema>;

/** An incident as it is kept. */
export const incidentSchema = z.object({
  /** Sortable by time, not guessable. */
  id: z.string(),
  app: z.string(),
  environment: z.string(),
  title: z.string(),
  /** What is known of why, one or two sentences; null while nobody wrote it. The second line of its sentence. */
  cause: z.string().nullable(),
  status: z.enum(INCIDENT_STATUSES),
  /** When it began and ended; null while it lasts. */
  startMs: z.number(),
  endMs: z.number().nullable(),
  openedMs: z.number(),
  openedBy: z.string(),
  /** `ref`: the alert's or the deploy's id; null for one opened by hand. */
  origin: z.object({ kind: z.enum(INCIDENT_ORIGINS), ref: z.string().nullable() }),
  /** The deploy whose promises it is about; null where none is. */
  deployId: z.string().nullable(),
  /** In order of `atMs`, then of `writtenMs`. */
  entries: z.array(incidentEntrySchema),
  hypotheses: z.array(hypothesisSchema),
  actions: z.array(incidentActionSchema),
  /** What it went into; then it is read only. */
  mergedInto: z.string().nullable(),
  /** What went into it. */
  merged: z.array(z.string()),
});
export type Incident = z.infer<typeof incidentSchema>;

/** An incident in a list. */
export interface IncidentLine {
  id: string;
  title: string;
  status: IncidentStatus;
  startMs: number;
  endMs: number | null;
  release: string | null;
  mergedInto: string | null;
  actionsOpen: number;
}

/** Closed set: what an incident did, in numbers. */
export const IMPACT_IDS = [
  'errors',
  'refused',
  'commands_over',
  'commands_usd',
  'lasted',
  'mode_wrong',
] as const;
export type ImpactId = (typeof IMPACT_IDS)[number];

/** One number of the impact, over the incident's range. */
export interface ImpactFigure {
  id: ImpactId;
  /** In base units: events, US dollars, or ms for times; null where it can't be told, and `why` says why. */
  value: number | null;
  unit: ClaimUnit | 'ms';
  /** What it is: `GETs above the promise`. */
  label: string;
  /** How it was got, short: `at $0.20 per 100K`, `only of 2 h 10 m of 2 h 46 m`. Null where the label says it all. */
  note: string | null;
  why: string | null;
  quality: Quality;
}

/** Everything that the page of one incident shows; one batched read a tick. */
export interface IncidentView {
  asOfMs: number;
  scope: Scope;
  scopes: readonly Scope[];
  demo: boolean;
  mode: ModeView | null;
  sources: readonly SourceView[];
  suspension?: SuspensionView | null;
  incident: Incident;
  release: string | null;
  deployHref: string | null;
  /** Title and cause, or what stands in its place. */
  sentence: SentenceView;
  /** What charts and timeline show: from a while before it began until its end, or now. */
  range: TimeRange;
  impact: readonly ImpactFigure[];
  charts: readonly IncidentChart[];
  /** Deploys and like events in the range, oldest first. */
  marks: readonly MarkView[];
  /** Claims of its deploy as they stand; empty where it has none. */
  claims: readonly ClaimView[];
  /** Open incidents of the scope that it could go into. */
  others: readonly IncidentLine[];
  refreshMs: number;
}

export interface IncidentsView {
  asOfMs: number;
  scope: Scope;
  scopes: readonly Scope[];
  demo: boolean;
  mode: ModeView | null;
  sources: readonly SourceView[];
  suspension?: SuspensionView | null;
  sentence: SentenceView;
  /** Newest first. */
  incidents: readonly IncidentLine[];
  refreshMs: number;
}

/** Charts that an incident is told by; all over the same range. */
export const INCIDENT_CHARTS = [
  'redis_gets',
  'responses_429',
  'responses_5xx',
  'db_queries',
  'latency_p95',
] as const;
export type IncidentChartId = (typeof INCIDENT_CHARTS)[number];
export interface IncidentChart extends NamedChart {
  id: IncidentChartId;
}

/** What was seen of a mode over a range, for impact and timeline. */
export interface ModeStretch extends TimeRange {
  mode: RedisMode;
}
