import { unitScale } from '../bind/base-units.ts';
import { plainWords } from '../bind/words.ts';
import type { Finding } from '../document.ts';
import { type AuditClaim, type AuditContext, finding } from './context.ts';
import { middleOf } from './numbers.ts';
import type { Section } from './sections.ts';
import { countText, percentText } from './wording.ts';

const TTL_AFTER =
  /(\d{1,6}(?:\.\d+)?)[\s-]?(ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?|segundos?|minutos?|horas?)\b[\s-]*(?:of\s|de\s)?(?:local\s|in-memory\s)?(?:cache\s)?TTL\b/i;
const TTL_BEFORE =
  /\bTTL\b[\s:=(]*(?:of|de|is|to|from)?\s*(\d{1,6}(?:\.\d+)?)[\s-]?(ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?|segundos?|minutos?|horas?)\b/i;
const MAX_SECTION = 25;
/** Share of common words from which on two sections tell of the same calls. */
const ALIKE = 0.45;

interface Kept {
  seconds: number;
  pct: number;
  section: Section;
  lines: readonly number[];
}

/** What a cache keeps for longer is asked for less often: for the same calls a longer TTL cannot save less. */
export function checkTtls(context: AuditContext): Finding[] {
  const kept = context.sections.slice(0, 500).flatMap((section) => keptOf(context, section));
  return kept.flatMap((short, index) =>
    kept.slice(index + 1).flatMap((other) => {
      const [less, more] = short.seconds < other.seconds ? [short, other] : [other, short];
      if (less.seconds === more.seconds || less.pct <= more.pct + 0.05) return [];
      if (alike(context, less.section, more.section) < ALIKE) return [];
      return [contradiction(less, more)];
    }),
  );
}

function contradiction(short: Kept, long: Kept): Finding {
  const needed = ({ seconds, pct }: Kept) => (pct >= 100 ? null : 100 / (100 - pct) / seconds);
  const [a, b] = [needed(short), needed(long)];
  const calls =
    a === null || b === null ? '' : ` (that takes ${countText(a)} and ${countText(b)} calls a second)`;
  const text = ({ seconds, pct }: Kept) => `${countText(seconds)} s TTL → ${percentText(pct)}`;
  return finding({
    kind: 'ttl',
    severity: 'warning',
    message: `${text(short)} and ${text(long)} do not fit the same calls: what is kept longer cannot save less${calls}.`,
    stated: `${text(short)}; ${text(long)}`,
    computed: `at least ${percentText(short.pct)} for ${countText(long.seconds)} s`,
    lines: [...short.lines, ...long.lines],
  });
}

/** Lines that tell both; else the section as a whole: a fix on one line and its result on another. */
function keptOf(context: AuditContext, section: Section): Kept[] {
  const last = Math.min(section.to, section.from + MAX_SECTION);
  const lines: Kept[] = [];
  let first: { seconds: number; line: number } | null = null;
  let own: readonly AuditClaim[] = [];
  for (let line = section.from; line <= last; line += 1) {
    const seconds = ttlOf(context.lineAt(line));
    if (seconds === null) continue;
    if (first === null) own = context.claims.filter(isBareReduction);
    first ??= { seconds, line };
    const beside = own.find(({ claim }) => claim.source.line === line);
    if (beside !== undefined) lines.push(kept(seconds, beside, { ...section, from: line, to: line }, line));
  }
  if (lines.length > 0 || first === null) return lines;
  const saved = own.find(({ claim }) =>
    claim.source.lines.some((line) => line >= section.from && line <= last),
  );
  return saved === undefined ? [] : [kept(first.seconds, saved, section, first.line)];
}

function isBareReduction({ claim }: AuditClaim): boolean {
  return claim.changePct !== null && claim.before === null && middleOf(claim.changePct) < 0;
}

function kept(seconds: number, { claim }: AuditClaim, section: Section, line: number): Kept {
  const pct = Math.abs(middleOf(claim.changePct ?? 0));
  return { seconds, pct, section, lines: [line, ...claim.source.lines] };
}

/** Seconds of the TTL that a line tells; null without one. */
function ttlOf(line: string): number | null {
  const text = line.slice(0, 2_000);
  if (!/ttl/i.test(text)) return null;
  const match = TTL_AFTER.exec(text) ?? TTL_BEFORE.exec(text);
  const seconds = match === null ? 0 : Number(match[1]) * secondsOf(match[2] ?? 's');
  return seconds > 0 ? seconds : null;
}

function secondsOf(word: string): number {
  const unit = /^ms/i.test(word) ? 'ms' : /^s/i.test(word) ? 's' : /^m/i.test(word) ? 'min' : 'h';
  return unitScale(unit).scale;
}

/** Share of the words of the shorter section that the other one has too. */
function alike(context: AuditContext, a: Section, b: Section): number {
  const [left, right] = [wordsOf(context, a), wordsOf(context, b)];
  const common = [...left].filter((word) => right.has(word)).length;
  return common / Math.max(1, Math.min(left.size, right.size));
}

function wordsOf(context: AuditContext, { from, to }: Section): Set<string> {
  const text = context.summary.lines
    .slice(from - 1, Math.min(to, from + MAX_SECTION))
    .map((line) => line.slice(0, 300));
  return new Set(
    text
      .flatMap((line) => plainWords(line).trim().split(' '))
      .filter((word) => word.length > 2 && !/^\d/.test(word)),
  );
}
