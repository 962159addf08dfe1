import type { ParsedClaim } from '../claims/document.ts';
import { appMetrics } from '../metrics/catalogue/app.ts';
import type { MetricEntry, Unit } from '../metrics/catalogue/entry.ts';
import { flyMetrics } from '../metrics/catalogue/fly.ts';
import { logMetrics } from '../metrics/catalogue/logs.ts';
import { neonMetrics } from '../metrics/catalogue/neon.ts';
import { postgresMetrics } from '../metrics/catalogue/postgres.ts';
import { prometheusMetrics } from '../metrics/catalogue/prometheus.ts';
import { redisMetrics } from '../metrics/catalogue/redis.ts';
import { upstashMetrics } from '../metrics/catalogue/upstash.ts';
import { inputsOf } from '../metrics/derived/entry.ts';
import { DERIVED, type DerivedEntry } from '../metrics/derived/index.ts';
import { SOURCE_KINDS, type SourceKind } from '../model/target.ts';
import { SOURCE_SPECS } from '../sources/index.ts';
import { type MetricNeed, metricNeeded, needWords } from './app-needs.ts';

/** A metric that a claim can be bound to. */
export interface MetricOption {
  name: string;
  help: string;
  unit: Unit;
  /** Any one of these kinds of source gives its numbers. */
  sources: readonly SourceKind[];
}

const BY_KIND: Record<SourceKind, Readonly<Record<string, MetricEntry>>> = {
  redis: redisMetrics,
  upstash: upstashMetrics,
  postgres: postgresMetrics,
  neon: neonMetrics,
  app: appMetrics,
  fly: flyMetrics,
  prometheus: prometheusMetrics,
  logs: logMetrics,
};

function buildOptions(): ReadonlyMap<string, MetricOption> {
  const options = new Map<string, MetricOption>();
  for (const kind of SOURCE_KINDS) {
    for (const [name, { help, unit }] of Object.entries(BY_KIND[kind])) {
      const known = options.get(name);
      options.set(name, { name, help, unit, sources: [...(known?.sources ?? []), kind] });
    }
  }
  for (const [name, entry] of Object.entries<DerivedEntry>(DERIVED)) {
    // Its own numbers come from each of its inputs; the first one names the source that people must connect.
    const sources = inputsOf(entry).flatMap((input) => options.get(input)?.sources ?? []);
    options.set(name, { name, help: entry.help, unit: entry.unit, sources: [...new Set(sources)] });
  }
  return options;
}

/** Every metric that a claim can be bound to, by name. */
export const METRIC_OPTIONS = buildOptions();

/** Whether anything here can measure a claim; else why not, and which sources would make it measurable. */
export type Measurable =
  | {
      kind: 'measured';
      option: MetricOption;
      /** The metric that tells the part that its words name, while the bound one counts all; null where that fits. */
      part: MetricNeed | null;
    }
  | {
      kind: 'not';
      why: string;
      sources: readonly SourceKind[];
      /** The metric that would tell it; null where none is known. */
      need: MetricNeed | null;
    };

/** What of an unbound claim is most likely told by, from the unit that its numbers are in. */
const LIKELY: readonly (readonly [RegExp, readonly SourceKind[]])[] = [
  [/^(ms|s|µs|us)$/, ['app', 'prometheus']],
  [/^(USD)$/, ['upstash', 'neon']],
  [/^(B|KB|kB|MB|GB|TB)$/, ['redis', 'neon']],
  [/^(quer(y|ies)|rows?|connections?|transactions?)$/i, ['postgres']],
  [/^(gets?|sets?|commands?|keys?|hits?|misses)$/i, ['redis']],
  [/^(requests?|responses?|errors?|timeouts?)$/i, ['app']],
];

/** Says whether the sources of an app can measure a claim. Pure. */
export function tellMeasurable(
  claim: Pick<ParsedClaim, 'metric' | 'unit' | 'text'> & Partial<Pick<ParsedClaim, 'labels'>>,
  present: readonly SourceKind[],
): Measurable {
  const need = metricNeeded({ labels: {}, ...claim });
  const option = claim.metric === null ? undefined : METRIC_OPTIONS.get(claim.metric);
  if (option === undefined) {
    const [, likely] = LIKELY.find(([unit]) => unit.test(claim.unit ?? '')) ?? [null, []];
    return {
      kind: 'not',
      why:
        claim.metric === null
          ? need === null
            ? 'No metric is bound: its words fit none well enough.'
            : `No metric is bound. What it says is told by ${needWords(need)}.`
          : `There is no metric ${claim.metric}.`,
      sources: sourcesOf(need, likely).filter((kind) => !present.includes(kind)),
      need,
    };
  }
  if (option.sources.some((kind) => present.includes(kind))) return { kind: 'measured', option, part: need };
  const titles = option.sources.map((kind) => SOURCE_SPECS[kind].title);
  return {
    kind: 'not',
    why: `Nothing connected here counts ${option.name}; ${listWords(titles, 'or')} would.`,
    sources: option.sources,
    need: null,
  };
}

function sourcesOf(need: MetricNeed | null, likely: readonly SourceKind[]): readonly SourceKind[] {
  return need === null ? likely : (METRIC_OPTIONS.get(need.metric)?.sources ?? likely);
}

/** `a`, `a or b`, `a, b or c`. */
export function listWords(words: readonly string[], last: 'and' | 'or'): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** Metrics that fit what was typed, best first: name before help; all of them for an empty text. */
export function searchMetrics(
  typed: string,
  present: readonly SourceKind[],
  limit = 40,
): readonly MetricOption[] {
  const words = typed
    .toLowerCase()
    .split(/[\s_]+/)
    .filter((word) => word !== '');
  const scored = [...METRIC_OPTIONS.values()].flatMap((option) => {
    const name = option.name.toLowerCase();
    const help = option.help.toLowerCase();
    let score = option.sources.some((kind) => present.includes(kind)) ? 0.5 : 0;
    for (const word of words) {
      if (name.split('_').includes(word)) score += 3;
      else if (name.includes(word)) score += 2;
      else if (help.includes(word)) score += 1;
      else return [];
    }
    return [{ option, score }];
  });
  return scored
    .sort((a, b) => b.score - a.score || a.option.name.localeCompare(b.option.name))
    .slice(0, limit)
    .map(({ option }) => option);
}
