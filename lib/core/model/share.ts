import type { NamedChart } from '../alerts/alerts-view.ts';
import type { TimeRange } from '../time/range.ts';
import type { CheckState } from './check.ts';
import type { ClaimState, ClaimView } from './claim.ts';
import type { EntryFact, Hypothesis, ImpactFigure, IncidentStatus } from './incident.ts';
import type { WatchView } from './watch.ts';

/** What can be shared. */
export const SHARE_KINDS = ['incident', 'deploy', 'chart'] as const;
export type ShareKind = (typeof SHARE_KINDS)[number];

/** What leaves only when a person says so. Closed set; money is on unless switched off, everything else is off. */
export const SHARE_SWITCHES = ['hosts', 'machines', 'regions', 'queries', 'people', 'money'] as const;
export type ShareSwitch = (typeof SHARE_SWITCHES)[number];
export type ShareSwitches = Readonly<Record<ShareSwitch, boolean>>;

export const DEFAULT_SWITCHES: ShareSwitches = {
  ...{ hosts: false, machines: false, regions: false, queries: false, people: false },
  money: true,
};

export const SHARE_DAYS = { default: 7, most: 90 } as const;

/** What a copy is made of. The range of a chart is fixed by the address that it was shared from. */
export type ShareSubject =
  | { kind: 'incident'; incidentId: string }
  | { kind: 'deploy'; deployId: string }
  | { kind: 'chart'; chart: FrozenChartId; app: string; environment: string; range: TimeRange };

/** Charts that can stand in a copy. `claim:<id>` is the chart of a claim of the shared deploy. */
export const FROZEN_CHARTS = [
  'redis_gets',
  'responses_429',
  'responses_5xx',
  'db_queries',
  'latency_p95',
  'hit_ratio',
] as const;
export type FrozenChartId = (typeof FROZEN_CHARTS)[number];

export interface FrozenChart extends NamedChart {
  id: string;
}

/** How far the watch of a shared deploy was; `nowMs` is when it was frozen. */
export type FrozenRail = Pick<
  WatchView,
  'release' | 'originMs' | 'endMs' | 'nowMs' | 'stops' | 'interruption'
>;

/** A line of the timeline in a copy. */
export interface FrozenEntry {
  atMs: number;
  fact: EntryFact;
  title: string;
  detail: string | null;
  by: string | null;
}

export interface FrozenCheck {
  title: string;
  dueMs: number;
  state: CheckState;
  evidence: string | null;
}

/**
 * What leaves: a frozen copy, whole. Every field is named here and nowhere else; a key that is not is a fault when a
 * copy is made and when one is read. Numbers in base units, so that page, Markdown and preview image say the same.
 */
export interface FrozenCopy {
  version: 1;
  kind: ShareKind;
  /** `harbor, production`. */
  place: string;
  /** The sentence: title or verdict, and what stands behind it. */
  title: string;
  lead: string | null;
  /** Where it stood: of an incident its status, of a deploy its verdict; null for a chart. */
  standing:
    | { kind: 'incident'; status: IncidentStatus }
    | { kind: 'deploy'; state: ClaimState; provisional: boolean }
    | null;
  /** Everything in the copy lies in it. */
  range: TimeRange;
  /** When the incident began and ended, null while it lasted: its charts begin earlier. Absent or null for anything else. */
  span?: { startMs: number; endMs: number | null } | null | undefined;
  frozenAtMs: number;
  /** Of the deploy that it is about; null where none is. */
  deploy: { release: string; startMs: number } | null;
  /** Of a shared deploy; absent or null for anything else, and for a deploy that nobody watched. */
  rail?: FrozenRail | null | undefined;
  impact: readonly ImpactFigure[];
  charts: readonly FrozenChart[];
  claims: readonly ClaimView[];
  checks: readonly FrozenCheck[];
  /** Oldest first, without what was hidden. */
  timeline: readonly FrozenEntry[];
  hypotheses: readonly Pick<Hypothesis, 'text' | 'state' | 'evidence'>[];
  actions: readonly { text: string; owner: string | null; dueMs: number | null; done: boolean }[];
  /** How much of what was taken out, for what was switched off and seen; secrets are always out. */
  leftOut: readonly { what: ShareSwitch | 'secrets' | 'hidden'; count: number }[];
}

/** A share as its makers see it. The token itself is told once, when it is made. */
export interface ShareLine {
  id: string;
  kind: ShareKind;
  title: string;
  /** The page of what it was made of. */
  href: string;
  madeMs: number;
  madeBy: string;
  expiresMs: number;
  revokedMs: number | null;
  /** How often it was opened, preview bots too, and when last; null when never. */
  views: number;
  lastViewMs: number | null;
}

/** What a link leads to. */
export type OpenedShare =
  | { found: 'copy'; id: string; rev: number; copy: FrozenCopy; expiresMs: number }
  /** It was issued, and is expired or revoked. */
  | { found: 'gone' }
  /** Never issued. */
  | { found: 'nothing' };

/** What a person looks at before the link is made; the link freezes this very copy. */
export interface SharePreview {
  /** Names the copy for a quarter of an hour. */
  previewId: string;
  copy: FrozenCopy;
}

/** A link that was made just now. */
export interface MadeShare {
  id: string;
  /** Told only now: only its hash is kept. */
  token: string;
  /** `/s/<token>`. */
  path: string;
  /** The same with the address that this server is known by. */
  url: string;
  line: ShareLine;
}

/** Shares in a list. */
export interface SharesView {
  asOfMs: number;
  /** Newest first. */
  shares: readonly ShareLine[];
}
