import { windowSeconds } from '../bind/base-units.ts';

/** A number as it stands in a line. The audit needs how exactly it was written, which a claim no longer tells. */
export interface Figure {
  value: number;
  /** Half a step of the last digit written: 0.05 for `96.7`, 50,000 for `2.2M`. */
  half: number;
  kind: 'money' | 'percent' | 'count';
  /** `day`, `3h`; null without one. */
  window: string | null;
  /** Written with `~`, `about`. */
  approximate: boolean;
  /** `96 %+`, `over 96 %`: at least; `<5`, `up to 5`: at most. */
  bound: 'least' | 'most' | null;
  raw: string;
  start: number;
  end: number;
}

const MAX_LINE = 2_000;
const MAX_FIGURES = 64;
/** Begins with a digit, so that a long line of words costs nothing; what stands before it is looked at apart. */
const NUMBER =
  /(?<![\p{L}\p{N}_.,:#@/-])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![.,]?\d)(?:\s?([kKMB])(?!\p{L}))?(?:\s?(%))?(\+)?/gu;
const LEAD =
  /(~\s?|≈\s?|\babout |\baround |\bapprox\.? |\bapproximately |\bcirca |\baprox\.? )?([<>≤≥]=?\s?|\bover |\bmore than |\bup to |\bmás de )?((?:US)?\$\s?)?$/u;
const LEAD_CHARS = 32;
const TAIL =
  /^\s?(?:[\p{L}#-]+\s?){0,3}?(?:\/\s?|\bper\s|\bpor\s|\bal\s|\bcada\s|\ban?\s)(\d{1,3}\s?)?(seconds?|secs?|sec|s|minutes?|mins?|min|hours?|hrs?|hr|h|days?|d|weeks?|wk|months?|mo|years?|yr|segundos?|minutos?|horas?|días?|dias?|semanas?|mes|meses|años?)\b/iu;
/** Most numbers have no window: this costs a tenth of looking for one. */
const HAS_WINDOW = /\/|(?:^| )(?:per|por|al|cada|an?|Per|PER) /;
const TAIL_CHARS = 60;
const WINDOW_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^s/i, 's'],
  [/^(mo|mes)/i, 'month'],
  [/^m/i, 'min'],
  [/^h/i, 'h'],
  [/^d/i, 'day'],
  [/^w/i, 'week'],
  [/^(y|a)/i, 'year'],
];
const SCALES: Readonly<Record<string, number>> = { k: 1e3, K: 1e3, M: 1e6, B: 1e9 };

/** Numbers of a line, from left to right; those that are part of a word, a version or a date are left out. */
export function figuresOf(line: string): Figure[] {
  const text = line.slice(0, MAX_LINE);
  const figures: Figure[] = [];
  if (!/\d/.test(text)) return figures;
  for (const match of text.matchAll(NUMBER)) {
    if (figures.length === MAX_FIGURES) break;
    const [digits, whole = '', fraction = '', scale = '', percent, plus] = match;
    const ended = figures.at(-1)?.end ?? 0;
    // The `3` of `per 3 hours` is part of the figure before it.
    if (match.index < ended) continue;
    const [lead = '', about, bound, money] =
      LEAD.exec(text.slice(Math.max(ended, match.index - LEAD_CHARS), match.index)) ?? [];
    const end = match.index + digits.length;
    const factor = SCALES[scale] ?? 1;
    const value = Number(`${whole.replaceAll(',', '')}${fraction}`) * factor;
    if (!Number.isFinite(value)) continue;
    const rest = text.slice(end, end + TAIL_CHARS);
    const tail = HAS_WINDOW.test(rest) ? TAIL.exec(rest) : null;
    figures.push({
      value,
      half: (factor * 10 ** -Math.max(0, fraction.length - 1)) / 2,
      kind: money !== undefined ? 'money' : percent !== undefined ? 'percent' : 'count',
      window: tail === null ? null : windowOf(tail[1], tail[2] ?? ''),
      approximate: about !== undefined,
      bound: boundOf(bound, plus),
      raw: `${lead}${digits}${tail?.[0] ?? ''}`.trim(),
      start: match.index - lead.length,
      end: end + (tail?.[0].length ?? 0),
    });
  }
  return figures;
}

function boundOf(before: string | undefined, plus: string | undefined): Figure['bound'] {
  if (plus !== undefined || /^(>|≥|over|more|más)/i.test(before ?? '')) return 'least';
  return before === undefined ? null : 'most';
}

function windowOf(times: string | undefined, word: string): string | null {
  const name = WINDOW_NAMES.find(([pattern]) => pattern.test(word))?.[1] ?? null;
  const count = times === undefined ? 1 : Number(times);
  if (name === null || count === 0) return null;
  return count === 1 ? name : `${count}${name}`;
}

/** The figure per second; null without a window of time. */
export function perSecond({ value, window }: Pick<Figure, 'value' | 'window'>): number | null {
  const seconds = windowSeconds(window);
  return seconds === null ? null : value / seconds;
}
