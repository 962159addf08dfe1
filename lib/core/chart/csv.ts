import type { ChartView, MarkView, Point } from '../model/view.ts';
import { rememberedAt } from '../series/history.ts';
import { comparisonSource, usualSource } from './history-stretches.ts';
import { markWord } from './marks.ts';

const NEW_LINE = '\r\n';

/**
 * A text cell: quoted where RFC 4180 asks for it. Programs that open CSV run cells that begin with one of `= + - @` (or
 * a tab or return before them) as formulas; an apostrophe in front makes text of them again.
 */
export function textCell(text: string): string {
  const safe = /^[\s]*[=+\-@]/.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A number in full, in plain digits or with an exponent; empty when nothing was measured. */
function numberCell(value: number | null | undefined): string {
  return value === null || value === undefined || !Number.isFinite(value) ? '' : String(value);
}

/** What the numbers of a chart are in, with the time that they are for: `commands per second`. */
export function unitWords(chart: ChartView): string {
  switch (chart.as) {
    case 'rate':
      return `${chart.unit} per second`;
    case 'increase':
      return `${chart.unit} per ${chart.stepMs / 1_000} s`;
    case 'value':
      return chart.unit === 'ratio' ? 'ratio from 0 to 1' : chart.unit;
    default:
      return chart.as satisfies never;
  }
}

const byStart = (points: readonly Point[]) => new Map(points.map(([atMs, value]) => [atMs, value]));

/**
 * The numbers behind a chart as CSV (RFC 4180, CRLF): one row a bucket, oldest first, instants in UTC, values in the
 * base unit that the header names, an empty cell where nothing was measured and beside it why. What a provider
 * remembered is `backfilled`, with the provider and its own steps. Deploys stand in the
 * bucket in which they began.
 */
export function chartCsv(
  chart: ChartView,
  title: string,
  { marks }: Readonly<{ marks: readonly MarkView[] }> = { marks: [] },
): string {
  const words = unitWords(chart);
  const lines = chart.lines.map(({ label, quality, points }) => ({
    name: chart.lines.length > 1 ? `${title}: ${label}` : title,
    quality,
    values: byStart(points),
  }));
  const usual = chart.usual === null ? null : byStart(chart.usual.points);
  const band = new Map((chart.usual?.band ?? []).map(([atMs, low, high]) => [atMs, { low, high }]));
  const comparison = chart.comparison === null ? null : byStart(chart.comparison.points);
  const starts = [...new Set(chart.lines.flatMap(({ points }) => points.map(([atMs]) => atMs)))].sort(
    (a, b) => a - b,
  );
  const lastMs = starts.at(-1);
  const sourceOf = (source: string | null) => (source === null ? '' : `, ${source}`);
  const usualOf = chart.usual === null ? '' : sourceOf(usualSource(chart.usual));
  const comparedOf = chart.comparison === null ? '' : sourceOf(comparisonSource(chart.comparison));
  const header = [
    'start (UTC)',
    ...lines.flatMap(({ name }) => [`${name} (${words})`, `${name} quality`]),
    ...(usual === null
      ? []
      : [`usual${usualOf} (${words})`, `usual, 10 % (${words})`, `usual, 90 % (${words})`]),
    ...(comparison === null ? [] : [`${chart.comparison?.label ?? ''}${comparedOf} (${words})`]),
    ...(chart.history === undefined ? [] : ['backfilled from', 'known in steps of (s)']),
    'no data because',
    'still counting',
    'deploys',
  ];
  const rows = starts.map((startMs) => {
    const endMs = startMs + chart.stepMs;
    const isMissing = lines.some(({ values }) => (values.get(startMs) ?? null) === null);
    const middleMs = startMs + chart.stepMs / 2;
    const gap = isMissing
      ? chart.gaps.find((candidate) => middleMs >= candidate.startMs && middleMs < candidate.endMs)
      : undefined;
    const memory = rememberedAt(chart.history, startMs);
    const begun = marks.filter((mark) => mark.startMs >= startMs && mark.startMs < endMs);
    return [
      new Date(startMs).toISOString(),
      ...lines.flatMap(({ values, quality }, index) => {
        const value = values.get(startMs) ?? null;
        // Only of the first line a part may be remembered.
        const own = index === 0 && memory !== null ? 'backfilled' : quality;
        return [numberCell(value), value === null ? '' : textCell(own)];
      }),
      ...(usual === null
        ? []
        : [
            numberCell(usual.get(startMs)),
            numberCell(band.get(startMs)?.low),
            numberCell(band.get(startMs)?.high),
          ]),
      ...(comparison === null ? [] : [numberCell(comparison.get(startMs))]),
      ...(chart.history === undefined
        ? []
        : [textCell(memory?.provider ?? ''), memory === null ? '' : String(memory.resolutionMs / 1_000)]),
      textCell(gap?.reason ?? ''),
      chart.lastIsPartial && startMs === lastMs ? 'yes' : '',
      textCell(begun.map((mark) => `${mark.release} ${markWord(mark.kind)}`).join('; ')),
    ].join(',');
  });
  return [header.map(textCell).join(','), ...rows, ''].join(NEW_LINE);
}
