import { DERIVED, type DerivedEntry } from '../derived/index.ts';
import type { Good, MetricEntry } from './entry.ts';
import { CATALOGUE } from './index.ts';

const INTRO = `# Metrics

Every metric that Afterwatch keeps, made from the catalogue in \`lib/core/metrics/catalogue\` by \`node scripts/docs.mjs\`.
Ask for one with \`GET /api/query?metric=NAME\`. A counter is asked as \`rate\` (per second) or \`increase\`, a gauge as \`value\`.
\`zero\` marks counters whose labelled series do not exist before their first event: while other series of the same metric are
counted on a target, a missing one is a measured 0. Everything else that is missing is unknown.
`;

const DERIVED_INTRO = `## Worked out from others

Asked for in the same way, always as \`value\`, and worked out at that moment for each bucket: from events per second where counters
are read, from means where gauges are. A line is null while one of its numbers is not known. \`each\`: a line for each machine or
database; \`app\`: one over all of an app in one environment, null while a machine that had begun is not known. Percentiles come from the
added-up increases of a histogram’s buckets, never from means of percentiles; above the last bound that bound is given.
`;

/** The catalogue as the Markdown page \`docs/metrics.md\`. */
export function describeCatalogue(): string {
  const rows = Object.entries<MetricEntry>(CATALOGUE).map(([name, entry]) => describeEntry(name, entry));
  const head = ['| metric | kind, unit | labels | better | read from | help |', '|---|---|---|---|---|---|'];
  const derived = Object.entries<DerivedEntry>(DERIVED).map(([name, entry]) => describeDerived(name, entry));
  const derivedHead = [
    '| metric | unit, over | labels | better | formula | help |',
    '|---|---|---|---|---|---|',
  ];
  const tables = [
    [...head, ...rows].join('\n'),
    DERIVED_INTRO.trimEnd(),
    [...derivedHead, ...derived].join('\n'),
  ];
  return `${INTRO}\n${tables.join('\n\n')}\n`;
}

function describeDerived(
  name: string,
  { unit, perSecond, over, labels, good, formula, help }: DerivedEntry,
): string {
  const cells = [
    `\`${name}\``,
    `${unit}${perSecond ? ' a second' : ''}, ${over}`,
    labels.join(', ') || '–',
    goodWords(good),
    formula,
    help,
  ];
  return `| ${cells.map(escapeCell).join(' | ')} |`;
}

function describeEntry(name: string, entry: MetricEntry): string {
  const kind = `${entry.kind}, ${entry.unit}${entry.absentIsZero ? ', zero' : ''}`;
  const since = entry.since === null ? '' : ` (since ${entry.since})`;
  const cells = [
    `\`${name}\``,
    kind,
    entry.labels.join(', ') || '–',
    goodWords(entry.good),
    `${entry.source}${since}`,
    entry.help,
  ];
  return `| ${cells.map(escapeCell).join(' | ')} |`;
}

function goodWords(good: Good): string {
  return typeof good === 'string' ? good : `${good.min}–${good.max}`;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
