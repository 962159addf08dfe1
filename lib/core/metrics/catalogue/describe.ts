import type { Good, MetricEntry } from './entry.ts';
import { CATALOGUE } from './index.ts';

const INTRO = `# Metrics

Every metric that Afterwatch keeps, made from the catalogue in \`lib/core/metrics/catalogue\` by \`node scripts/docs.mjs\`.
Ask for one with \`GET /api/query?metric=NAME\`. A counter is asked as \`rate\` (per second) or \`increase\`, a gauge as \`value\`.
\`zero\` marks counters whose labelled series do not exist before their first event: while other series of the same metric are
counted on a target, a missing one is a measured 0. Everything else that is missing is unknown.
`;

/** The catalogue as the Markdown page \`docs/metrics.md\`. */
export function describeCatalogue(): string {
  const rows = Object.entries<MetricEntry>(CATALOGUE).map(([name, entry]) => describeEntry(name, entry));
  const head = ['| metric | kind, unit | labels | better | read from | help |', '|---|---|---|---|---|---|'];
  return `${INTRO}\n${[...head, ...rows].join('\n')}\n`;
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
