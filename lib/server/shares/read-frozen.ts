import 'server-only';
import { collectEntries } from '@/lib/core/incidents/collect-entries.ts';
import type { FrozenChartId, FrozenCopy, FrozenEntry, ShareSubject } from '@/lib/core/model/share.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { claimsAsOf } from '@/lib/core/shares/claims-as-of.ts';
import { DAY_MS, MINUTE_MS, type TimeRange } from '@/lib/core/time/range.ts';
import { watchSentence } from '@/lib/core/watch/watch-sentence.ts';
import { KnownError } from '../http/guards.ts';
import { readFrozenChart } from '../queries/frozen-chart.ts';
import { readIncident } from '../queries/incident.ts';
import { readScopes } from '../queries/scope.ts';
import { readWatchDetail } from '../queries/watch.ts';
import type { Runtime } from '../runtime.ts';
import { watchWindow } from '../watch/claim-chart.ts';

/** The longest time that a chart is shared over. */
const MOST_MS = 35 * DAY_MS;
const LEAST_MS = MINUTE_MS;

/** A copy with everything still in it, whose it is, who is named in it, and how much of it people had hidden. */
export interface Frozen {
  copy: FrozenCopy;
  scope: Scope;
  people: readonly string[];
  hidden: number;
}

/**
 * Reads everything that a copy is made of, all of it over one range: that of the incident, of the watch, or the asked one
 * of a chart. The only function that does. Throws `KnownError` for what is not there, or a range that cannot be.
 */
export function readFrozen(runtime: Runtime, subject: ShareSubject): Promise<Frozen> {
  switch (subject.kind) {
    case 'incident':
      return freezeIncident(runtime, subject.incidentId);
    case 'deploy':
      return freezeDeploy(runtime, subject.deployId);
    case 'chart':
      return freezeChart(runtime, subject);
    default:
      return subject satisfies never;
  }
}

async function freezeIncident(runtime: Runtime, id: string): Promise<Frozen> {
  const view = await readIncident(runtime, { id });
  if (view === null) throw new KnownError('not_found', 'There is no incident of that id.');
  const { incident, scope } = view;
  const watch = incident.deployId === null ? null : await runtime.watches?.get(incident.deployId);
  // Charts of one that lasts may be a minute old; what people wrote just now is part of it all the same.
  const range = incident.endMs === null ? { ...view.range, endMs: runtime.clock.wallMs() } : view.range;
  const shown = incident.entries.filter(({ hidden }) => hidden === null);
  const mark = view.marks.find(({ id: own }) => own === incident.deployId);
  const people = [
    incident.openedBy,
    ...incident.entries.flatMap(({ by, hidden }) => [by, hidden?.by]),
    ...incident.hypotheses.map(({ by }) => by),
    ...incident.actions.flatMap(({ by, owner, done }) => [by, owner, done?.by]),
  ];
  const copy: FrozenCopy = {
    ...emptyCopy(runtime, scope, range),
    kind: 'incident',
    title: view.sentence.verdict,
    lead: view.sentence.limit,
    standing: { kind: 'incident', status: incident.status },
    span: { startMs: incident.startMs, endMs: incident.endMs === null ? null : range.endMs },
    deploy: mark === undefined ? null : { release: mark.release, startMs: mark.startMs },
    impact: view.impact,
    charts: view.charts,
    claims: watch == null ? view.claims : claimsAsOf(view.claims, watch, range.endMs),
    timeline: shown.map(
      ({ atMs, fact, title, detail, by }): FrozenEntry => ({ atMs, fact, title, detail, by }),
    ),
    hypotheses: incident.hypotheses.map(({ text, state, evidence }) => ({ text, state, evidence })),
    actions: incident.actions.map(({ text, owner, dueMs, done }) => ({
      ...{ text, owner, dueMs },
      done: done !== null,
    })),
  };
  return { copy, scope, people: known(people), hidden: incident.entries.length - shown.length };
}

async function freezeDeploy(runtime: Runtime, deployId: string): Promise<Frozen> {
  const [detail, record, deploy] = await Promise.all([
    readWatchDetail(runtime, deployId),
    runtime.watches?.get(deployId),
    runtime.deploys?.get(deployId),
  ]);
  if (deploy == null) throw new KnownError('not_found', 'There is no deploy of that id.');
  if (detail === null || record == null)
    throw new KnownError(
      'bad_input',
      'Nothing of that deploy is watched yet: confirm its promises first, then it can be shared.',
    );
  const { app, environment } = deploy;
  const scope = { app, environment };
  const range = watchWindow(record, detail.view.nowMs);
  const { view } = detail;
  const sentence = watchSentence(view);
  const found = collectEntries(
    {
      deploys: runtime.deploys?.listNow(scope) ?? [],
      modes: runtime.modes?.history(scope, range) ?? [],
      vain: [],
      alerts: [],
      alertDetails: {},
      watches: [
        {
          deployId,
          release: record.release,
          changes: record.changes,
          claims: Object.fromEntries(deploy.claims.map((claim) => [claim.id, claim.text])),
        },
      ],
    },
    range,
  );
  const people = [
    deploy.confirmed?.by,
    record.override?.by,
    ...record.checks.map(({ signed }) => signed?.by),
    ...record.followUps.flatMap(({ owner, done }) => [owner, done?.by]),
  ];
  const copy: FrozenCopy = {
    ...emptyCopy(runtime, scope, range),
    kind: 'deploy',
    title: sentence.verdict,
    lead: sentence.limit,
    standing: { kind: 'deploy', state: view.state, provisional: view.provisional },
    deploy: { release: record.release, startMs: record.originMs },
    rail: {
      release: record.release,
      originMs: view.originMs,
      endMs: view.endMs,
      nowMs: Math.min(view.nowMs, range.endMs),
      stops: view.stops,
      interruption: view.interruption,
    },
    charts: detail.charts.map(({ claimId, title, chart }) => ({
      id: `claim:${claimId}`,
      title,
      question: `Before ${record.release} and since then`,
      variant: 'line',
      view: chart,
      marks: detail.marks,
    })),
    claims: view.claims,
    checks: record.checks.map(({ title, dueMs, state, evidence }) => ({ title, dueMs, state, evidence })),
    timeline: found.map(({ atMs, fact, title, detail: line, by }) => ({
      atMs,
      fact,
      title,
      detail: line,
      by,
    })),
  };
  return { copy, scope, people: known(people), hidden: 0 };
}

async function freezeChart(
  runtime: Runtime,
  { app, environment, chart, range: asked }: Extract<ShareSubject, { kind: 'chart' }>,
): Promise<Frozen> {
  const scope = readScopes(runtime).find((one) => one.app === app && one.environment === environment);
  if (scope === undefined) throw new KnownError('not_found', 'No such app is watched.');
  const nowMs = runtime.clock.wallMs();
  const range = judgeRange(asked, nowMs);
  const named = await readFrozenChart(runtime, scope, chart satisfies FrozenChartId, range, nowMs);
  if (named === null) throw new KnownError('not_found', 'There is no such chart: nothing here measures it.');
  const copy: FrozenCopy = {
    ...emptyCopy(runtime, scope, range),
    kind: 'chart',
    title: named.title,
    lead: named.question,
    charts: [{ id: chart, ...named }],
  };
  return { copy, scope, people: [], hidden: 0 };
}

/** The range that is frozen for the asked one. Throws `KnownError` where nothing can have been measured in it. */
function judgeRange({ startMs, endMs }: TimeRange, nowMs: number): TimeRange {
  const isWhole = [startMs, endMs].every((atMs) => Number.isSafeInteger(atMs) && atMs >= 0);
  if (!isWhole || endMs - startMs < LEAST_MS || endMs - startMs > MOST_MS || startMs >= nowMs)
    throw new KnownError('bad_input', 'A chart is shared over one minute to 35 days that have been.');
  return { startMs, endMs: Math.min(endMs, nowMs) };
}

function emptyCopy(runtime: Runtime, { app, environment }: Scope, range: TimeRange): FrozenCopy {
  return {
    version: 1,
    kind: 'chart',
    place: `${app}, ${environment}`,
    title: '',
    lead: null,
    standing: null,
    range: { startMs: range.startMs, endMs: range.endMs },
    frozenAtMs: runtime.clock.wallMs(),
    deploy: null,
    ...{ impact: [], charts: [], claims: [], checks: [], timeline: [], hypotheses: [], actions: [] },
    leftOut: [],
  };
}

function known(list: readonly (string | null | undefined)[]): string[] {
  return [...new Set(list.flatMap((one) => one ?? []))];
}
