import 'server-only';
import type { Sample } from '@/lib/core/model/sample.ts';
import type { CollectResult, Notice } from '@/lib/core/model/scrape.ts';
import { clockSkewNotice } from '@/lib/server/collectors/clock-skew.ts';
import type { PromAnswer, PromSeries } from '../promql/answer.ts';
import {
  postgresReader,
  postgresStarts,
  postgresUptime,
  readSeries,
  redisReader,
  redisStarts,
  StartMemory,
} from './exporters.ts';
import { Freshness, NO_SCRAPES, readScrapes } from './freshness.ts';
import { findMachines, MachineMemory } from './machines.ts';
import { byProcess, processOf } from './processes.ts';
import { queryNotice, queryReader } from './queries.ts';
import type { Part, Reading } from './read.ts';
import type { GroupName } from './schema.ts';
import { StatementCounter } from './statements.ts';

/** What a session remembers between visits. */
export class PrometheusMemory {
  readonly freshness = new Freshness();
  readonly starts = new StartMemory();
  readonly machines = new MachineMemory();
  readonly statements = new StatementCounter();
  /** True while queries are counted by statements: one visit without them does not change the rung. */
  countsQueries = false;
}

export interface ParseContext {
  nowMs: number;
  intervalMs: number;
  memory: PrometheusMemory;
}

/** One visit's answers as samples. A part that could not be read, or only partly, is said and gives nothing. */
export function parseReading(reading: Reading, { nowMs, intervalMs, memory }: ParseContext): CollectResult {
  const notices: Notice[] = [];
  const scrapesAnswer = wholeAnswer(reading.scrapes, 'scrape times', notices);
  const scrapes = scrapesAnswer === null ? NO_SCRAPES : readScrapes(scrapesAnswer.series);
  const old = scrapesAnswer === null ? new Set<string>() : memory.freshness.step(scrapes);
  const seriesOf = (group: GroupName): readonly PromSeries[] => {
    const answer = wholeAnswer(reading.groups.get(group) ?? null, GROUP_WORDS[group], notices);
    return answer === null ? [] : answer.series.filter(({ labels }) => !old.has(processOf(labels)));
  };
  const taken = new Set(reading.queries.map(({ query }) => query.metric));
  const samples: Sample[] = [];

  const redis = seriesOf('redis');
  samples.push(...readSeries(redis, redisReader(redis), redisStarts(redis, memory.starts)));

  const postgres = seriesOf('postgres');
  const statements = memory.statements.step(seriesOf('statements'), nowMs, intervalMs);
  const statementsPart = reading.groups.get('statements');
  // An answer decides which way queries are counted; a missed one leaves it as it was.
  if (statementsPart === undefined || 'answer' in statementsPart)
    memory.countsQueries = statements.countsQueries;
  notices.push(...statements.notices);
  const read = postgresReader(postgres, !memory.countsQueries);
  samples.push(...readSeries(postgres, read, postgresStarts(postgres)), ...statements.samples);
  samples.push(...postgresUptime(postgres, askedAtMs(reading) ?? nowMs));

  const found = findMachines(seriesOf('machines'), taken);
  const machines = memory.machines.read(found, scrapes.up, nowMs);
  samples.push(...machines.samples);
  notices.push(...machines.notices);

  const kept = samples.filter(({ metric }) => !taken.has(metric));
  for (const { query, part } of reading.queries) {
    const answer = wholeAnswer(part, `query for ${query.metric}`, notices);
    if (answer === null) continue;
    const notice = queryNotice(query, answer);
    if (notice !== null) notices.push(notice);
    else
      kept.push(
        ...readSeries(answer.series, queryReader(query), () => null).map((one) => scaled(one, query.scale)),
      );
  }

  const skew = clockSkewNotice((askedAtMs(reading) ?? nowMs) - nowMs);
  if (skew !== null) notices.push(skew);
  if (old.size > 0) notices.push(oldNotice(old));
  const counts = {
    redis: byProcess(redis).size,
    postgres: byProcess(postgres).size,
    machines: found.machines.length,
  };
  if (kept.length === 0 && notices.length === 0) notices.push(NOTHING);
  return { samples: kept, start: null, facts: factsOf(counts, reading, memory), notices };
}

const GROUP_WORDS: Readonly<Record<GroupName, string>> = {
  redis: 'redis_exporter’s metrics',
  postgres: 'postgres_exporter’s metrics',
  statements: 'statements',
  machines: 'machines’ metrics',
};

const NOTHING: Notice = {
  code: 'nothing_recognised',
  text: 'None of its metrics is one that is recognised (redis_exporter, postgres_exporter, HTTP counters of an app); map what matters with queries in the config.',
};

/** The answer when there is one and nothing is missing in it: a sum without a part looks like a drop, then a burst. */
function wholeAnswer(part: Part | null, what: string, notices: Notice[]): PromAnswer | null {
  if (part === null) return null;
  if ('error' in part) {
    notices.push({ code: 'part_failed', text: `The ${what} could not be read: ${part.error.message}` });
    return null;
  }
  if (part.answer.partial === null) return part.answer;
  notices.push({
    code: 'partial_response',
    text: `The ${what} came only partly and were left out: ${part.answer.partial.slice(0, 120)}. See the log of the engine’s stores.`,
  });
  return null;
}

/** The engine's clock: the time that stands on its answers. */
function askedAtMs({ scrapes, groups, queries }: Reading): number | null {
  const parts = [scrapes, ...groups.values(), ...queries.map(({ part }) => part)];
  for (const part of parts) {
    if (part === null || 'error' in part) continue;
    const atMs = part.answer.series.find(({ points }) => points.length > 0)?.points[0]?.atMs;
    if (atMs !== undefined) return atMs;
  }
  return null;
}

function scaled(sample: Sample, scale: number): Sample {
  return scale === 1 ? sample : { ...sample, value: sample.value * scale };
}

function oldNotice(old: ReadonlySet<string>): Notice {
  const names = [...old].map((process) => process.split('\u0000').join(' ').trim());
  const few = names.slice(0, 3).join(', ');
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return {
    code: 'not_scraped',
    text: `Not scraped since our last visit, so their last numbers were left out: ${few}${more}. See the engine’s targets page.`,
  };
}

function factsOf(
  { redis, postgres, machines }: Record<'redis' | 'postgres' | 'machines', number>,
  { queries }: Reading,
  { freshness, countsQueries }: PrometheusMemory,
): Record<string, string> {
  const seconds = Math.round(freshness.scrapeIntervalMs / 1_000);
  return {
    ...(redis > 0 && { redis: `${redis} by redis_exporter` }),
    ...(postgres > 0 && { postgres: `${postgres} by postgres_exporter` }),
    ...(postgres > 0 && { queries: countsQueries ? 'by statements' : 'by transactions' }),
    ...(machines > 0 && { machines: String(machines) }),
    ...(queries.length > 0 && { ownQueries: String(queries.length) }),
    ...(seconds > 0 && { newNumbersEvery: `${seconds} s` }),
  };
}
