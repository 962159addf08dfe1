import { lowerBound, type Share, shareOf, upperBound } from './bounds.ts';
import type { Table } from './plan.ts';

/** `2.4 %`; one digit below 10 %, none above. */
export function percent(share: number): string {
  if (Number.isNaN(share)) return '–';
  const value = 100 * share;
  return `${value.toFixed(value < 10 && value !== 0 ? 1 : value > 99 && value < 100 ? 1 : 0)} %`;
}

/** `2.4 % (at most 3.6 %)`. */
export function withUpper(share: Share): string {
  return `${percent(shareOf(share))} (at most ${percent(upperBound(share))})`;
}

/** `99.5 % (at least 98.8 %)`. */
export function withLower(share: Share): string {
  return `${percent(shareOf(share))} (at least ${percent(lowerBound(share))})`;
}

/** `45 min`, `3.6 h`, or `> 24 h` for what was not found by then. */
export function duration(minutes: number | null): string {
  if (minutes === null) return '> 24 h';
  return minutes < 120 ? `${Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`;
}

/** The value below which a share of all lies; what was never found counts as longest. */
export function quantileOf(minutes: readonly (number | null)[], share: number): number | null {
  const sorted = minutes.map((value) => value ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.POSITIVE_INFINITY;
  return Number.isFinite(found) ? found : null;
}

/** `100 %, 30 min / 50 min`: share found, median and nine tenths. */
export function found(minutes: readonly (number | null)[]): string {
  const share = minutes.filter((value) => value !== null).length / minutes.length;
  const half = duration(quantileOf(minutes, 0.5));
  return share < 0.5 ? percent(share) : `${percent(share)}, ${half} / ${duration(quantileOf(minutes, 0.9))}`;
}

/** A Markdown table whose columns stand under each other, so that it can be read as it is. */
export function printTable({ title, note, head, rows }: Table): string {
  const widths = head.map((cell, i) => Math.max(3, cell.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [
    `## ${title}`,
    '',
    ...(note === '' ? [] : [note, '']),
    line(head),
    rule,
    ...rows.map(line),
    '',
  ].join('\n');
}
