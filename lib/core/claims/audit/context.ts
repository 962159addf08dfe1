import { baseSpan, unitScale, windowSeconds } from '../bind/base-units.ts';
import { bindMetric } from '../bind/bind.ts';
import type { Finding, ParsedClaim, ReadSummary } from '../document.ts';
import { type Figure, figuresOf } from './figures.ts';
import { middleOf } from './numbers.ts';
import { type Section, sectionAt, sectionsOf } from './sections.ts';
import { narrowWords, scopeOf } from './subject.ts';

/** More claims than any person writes; those beyond are not compared with each other. */
const MAX_CLAIMS = 400;
const MAX_LINES = 20_000;
const MAX_WORDS_CHARS = 600;

/** A claim with what the rules ask of it again and again. */
export interface AuditClaim {
  claim: ParsedClaim;
  /** Middle of the span in base units, per second where it has a window of time; null where not said. */
  before: number | null;
  after: number | null;
  /** Words that narrow what it is about; empty for the whole. */
  scope: readonly string[];
  section: Section | null;
}

/** A summary as the rules read it. */
export interface AuditContext {
  summary: ReadSummary;
  claims: readonly AuditClaim[];
  sections: readonly Section[];
  /** Text of a 1-based line; empty beyond the end. */
  lineAt(line: number): string;
  figuresAt(line: number): readonly Figure[];
}

/** Reads a summary once for all rules. */
export function contextOf(summary: ReadSummary): AuditContext {
  const lines = summary.lines.slice(0, MAX_LINES);
  const sections = sectionsOf(lines);
  const cache = new Map<number, readonly Figure[]>();
  const words = new Map<string, string[]>();
  const narrow = (text: string) => {
    const known = words.get(text) ?? narrowWords(text.slice(0, MAX_WORDS_CHARS));
    words.set(text, known);
    return known;
  };
  const claims = summary.claims.slice(0, MAX_CLAIMS).map((claim): AuditClaim => {
    const { unit, window } = claim;
    const before = claim.before === null ? null : middleOf(claim.before);
    const target = claim.after ?? (claim.limitOp === '=' ? claim.limit : null);
    return {
      claim,
      before: before === null ? null : (baseSpan(before, unit, window)?.low ?? null),
      after: target === null ? null : (baseSpan(middleOf(target), unit, window)?.low ?? null),
      scope: scopeOf(claim, summary, sections, narrow),
      section: sectionAt(sections, claim.source.line),
    };
  });
  return {
    summary,
    claims,
    sections,
    lineAt: (line) => lines[line - 1] ?? '',
    figuresAt: (line) => {
      const known = cache.get(line) ?? figuresOf(lines[line - 1] ?? '');
      cache.set(line, known);
      return known;
    },
  };
}

/** The figure of a claim's lines that has this value, the most exactly written one; null where none has. */
export function figureOf(context: AuditContext, { source }: ParsedClaim, value: number): Figure | null {
  const found = source.lines
    .slice(0, 16)
    .flatMap((line) => context.figuresAt(line))
    .filter((figure) => Math.abs(figure.value - Math.abs(value)) <= 1e-9 * Math.abs(value));
  return found.reduce<Figure | null>(
    (best, figure) => (best === null || figure.half < best.half ? figure : best),
    null,
  );
}

/** Half a step of the last digit with which a number of a claim was written. */
export function halfStep(context: AuditContext, claim: ParsedClaim, value: number): number {
  const figure = figureOf(context, claim, value);
  // A number that stands nowhere as such was joined from another unit: `2.4 MB` as 2,400 KB.
  return figure?.half ?? Math.abs(value) * 0.02;
}

/** Whether a claim is of this kind of number and has a window of time. */
export function isRate({ claim }: AuditClaim): boolean {
  return windowSeconds(claim.window) !== null;
}

export function familyOf({ claim }: AuditClaim) {
  return unitScale(claim.unit).family;
}

/**
 * What a claim's number is of: two claims with another thing are never compared. Responses by status are many things.
 * Without a metric it is told by its unit alone, and only where words narrow it.
 */
export function thingOf(one: AuditClaim): string | null {
  const { metric, text, unit } = one.claim;
  if (metric === null && one.scope.length === 0) return null;
  const status = metric === 'http_responses_total' ? (/\b[1-5](?:\d\d|xx)\b/i.exec(text)?.[0] ?? '') : '';
  return JSON.stringify([metric ?? (familyOf(one) === 'count' ? unit : null), familyOf(one), status]);
}

/** Whether the claim's metric counts Redis commands of any kind. */
export function isRedisCommands({ claim }: AuditClaim): boolean {
  const { metric, unit, text, window } = claim;
  if (unit !== null && /^(GETs?|commands?|comandos?)$/i.test(unit)) return true;
  if (metric === null && unitScale(unit).family !== 'count') return false;
  // A noun that was misread leaves a claim without a metric: its words are still about commands.
  const meant = metric ?? bindMetric(text, null, window).metric;
  return (
    meant !== null &&
    /^(app_)?redis_(read_|write_)?commands_(processed_)?total$|^upstash_(net_)?commands_total$/.test(meant)
  );
}

/** A finding with its lines in order, each once. */
export function finding(parts: Omit<Finding, 'lines'> & { lines: readonly number[] }): Finding {
  return { ...parts, lines: [...new Set(parts.lines)].sort((a, b) => a - b) };
}

/** Lines between two lines that are not blank: copied pages have a blank one after every line. */
export function distance(context: AuditContext, a: number, b: number): number {
  const [from, to] = a < b ? [a, b] : [b, a];
  if (to - from > 60) return to - from;
  let steps = 0;
  for (let line = from + 1; line <= to; line += 1) if (context.lineAt(line).trim() !== '') steps += 1;
  return steps;
}
