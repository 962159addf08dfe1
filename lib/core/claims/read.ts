import type { Binding } from './bind/bind.ts';
import { readChecks } from './checks.ts';
import type { ParsedClaim, ReadSummary } from './document.ts';
import { type Draft, draftAt, tokensOf } from './draft.ts';
import { readFacts } from './facts.ts';
import { readFollowUps } from './follow-ups.ts';
import { readHalves } from './fractions.ts';
import { senseOfTitles } from './headings.ts';
import { readInlinePairs } from './inline-pairs.ts';
import { isMeasure, readLone, readsAsGuard } from './lone.ts';
import { countText } from './memo.ts';
import { mergeDrafts } from './merge.ts';
import { type Passage, readPassages, type Structure, titlesOf } from './passages.ts';
import { readAcrossSentences } from './prose.ts';
import { tellNumberStyle } from './quantity-number.ts';
import { MAX_CHARS, repairText } from './repair.ts';
import { readRollback } from './rollback.ts';
import { scrubSecrets } from './scrub.ts';
import {
  attachChangeStatements,
  type Entry,
  joinEntries,
  labelsOf,
  readEntries,
  StateBook,
} from './sides.ts';
import { readStatements, type Statement } from './statements.ts';
import { readTables } from './tables.ts';
import { signOfWords } from './vocabulary.ts';

/** Binds the words of a claim to a metric of the catalogue. */
export type Bind = (words: string, unit: string | null, window: string | null) => Binding;

/** From here on the own words of a statement bind it, whatever its headings say. */
const SURE = 0.7;

const UNBOUND: Bind = () => ({ metric: null, confidence: 0, labels: {} });

/** Claims, checks, rollback and facts of a summary, secrets taken out first. Pure, bounded, never throws. */
export function readText(given: string, bind: Bind = UNBOUND): ReadSummary {
  // What lies far beyond the limit is not even looked at for secrets: it is neither read nor kept.
  const { text, count } = scrubSecrets(given.length > MAX_CHARS + 1 ? given.slice(0, MAX_CHARS + 1) : given);
  countText(text.length);
  const { lines, logical, cuts } = repairText(text);
  const structure = readPassages(logical);
  const style = tellNumberStyle(lines.join('\n'));
  const statements = readStatements(structure, style);
  const facts = readFacts(
    [...statements, ...readStatements({ passages: factsOf(structure), tables: [] }, style)],
    lines,
  );
  const drafts = readDrafts(statements, structure, style);
  const claims = drafts.map((draft, i) => toClaim(draft, i, bind));
  const checks = readChecks(structure, claims);
  return {
    deploy: facts.deploy,
    claims,
    checks,
    followUps: readFollowUps(structure, facts.deploy),
    rollback: readRollback(structure, facts.deploy),
    redactions: count,
    lines,
    facts: facts.facts,
    ...(cuts.length > 0 ? { cuts } : {}),
  };
}

/** A table of two columns (`App | billing`) as statements with a label. */
function factsOf(structure: Structure): Passage[] {
  return structure.tables.flatMap((table) =>
    table.rows.flatMap(({ cells, line }) => {
      const [label, value] = cells;
      if (cells.length !== 2 || label === undefined || value === undefined || label === '' || value === '')
        return [];
      const text = `${label}: ${value}`;
      return [
        {
          text,
          raw: text,
          line,
          breaks: [],
          kind: 'text',
          section: table.section,
          block: table.block,
          depth: 0,
          ordered: false,
          mark: null,
          box: null,
          indent: 0,
          fenced: false,
        } satisfies Passage,
      ];
    }),
  );
}

function readDrafts(
  statements: readonly Statement[],
  structure: Structure,
  style: ReturnType<typeof tellNumberStyle>,
): Draft[] {
  const drafts: Draft[] = [];
  // The order of worth: what joins two numbers goes before what needs only one.
  const readable = statements.filter(
    (one) =>
      one.passage.kind !== 'command' &&
      senseOfTitles(titlesOf(one.passage.section).slice(0, 1)) !== 'rollback',
  );
  for (const statement of readable) drafts.push(...readInlinePairs(statement));
  const book = new StateBook(labelsOf(readable, structure.tables));
  const tables = readTables(structure.tables, style, statements.length, book);
  drafts.push(...tables.drafts);
  const entries = [...readEntries(readable, book), ...tables.entries];
  const joined = joinEntries(entries);
  drafts.push(...joined.drafts, ...readLevels(joined.left, entries));
  drafts.push(...readAcrossSentences(readable));
  attachChangeStatements(readable, drafts);
  for (const statement of readable) {
    const titles = titlesOf(statement.passage.section);
    const sense = senseOfTitles(titles.slice(0, 3));
    const open =
      sense === 'open' ||
      sense === 'promise' ||
      sense === 'follow-up' ||
      statement.passage.box !== null ||
      /^(?:expected|target|goal|esperad[oa]|objetivo|meta)\b/i.test(statement.label);
    drafts.push(...readLone(statement, { open, heading: titles.slice(0, 2).join(' ') }));
    drafts.push(...readHalves(statement));
    const guard = readGuard(statement);
    if (guard !== null && !drafts.some((one) => one.lines.includes(guard.lines[0] ?? 0))) drafts.push(guard);
  }
  return mergeDrafts(drafts.filter(isPlausible));
}

/** Numbers of a table under `After 48 hours` with no earlier state anywhere: what was measured, by itself. */
function readLevels(left: readonly Entry[], all: readonly Entry[]): Draft[] {
  if (all.some((one) => one.side === 'before')) return [];
  return left.flatMap((one) => {
    if (one.statement !== null || one.side !== 'after' || !isMeasure(one.label, one.quantity)) return [];
    const draft = draftAt(one.passage, one.order);
    const { value, kind, unit, window, approximate } = one.quantity;
    return [Object.assign(draft, { after: value, kind, unit, window, approximate, subject: one.label })];
  });
}

/** `429 errors should not increase`: a promise without a number. */
function readGuard(statement: Statement): Draft | null {
  const { passage } = statement;
  if (passage.kind === 'heading' || !readsAsGuard(passage.text)) return null;
  const draft = draftAt(passage, statement.order);
  draft.guard = true;
  draft.direction = 'unchanged';
  draft.subject = passage.text;
  return draft;
}

/** Zero to zero, and changes beyond any measure, are slips of reading. */
function isPlausible(draft: Draft): boolean {
  const numbers = [
    draft.before,
    draft.after,
    draft.changePct,
    draft.delta,
    draft.factor,
    draft.changePp,
    draft.limit,
  ];
  return numbers.every(
    (span) =>
      span === null || (typeof span === 'number' ? Number.isFinite(span) : span.every(Number.isFinite)),
  );
}

function toClaim(draft: Draft, index: number, bind: Bind): ParsedClaim {
  const lines = [...new Set(draft.lines)].sort((a, b) => a - b);
  const titles = titlesOf(draft.section).slice(0, 2);
  const words = `${draft.subject} ${titles.join(' ')}`.replace(/\s+/g, ' ').trim().slice(0, 400);
  const unit = draft.unit ?? (draft.kind === 'percent' ? '%' : null);
  const own = bind(
    draft.subject.slice(0, 300),
    draft.before === null && draft.after === null && draft.limit === null && unit === '%' ? null : unit,
    draft.window,
  );
  // Headings help only a statement that says little by itself, or that binds weakly.
  const isSure = own.metric !== null && own.confidence >= SURE;
  const byHeadings =
    isSure || tokensOf(draft.subject).size > 3
      ? own
      : bind(
          words,
          unit === '%' && draft.changePct !== null && draft.before === null ? null : unit,
          draft.window,
        );
  const bound = byHeadings.metric !== null && byHeadings.confidence > own.confidence ? byHeadings : own;
  return {
    id: `c${index + 1}`,
    text: draft.text.slice(0, 300),
    metric: bound.metric,
    labels: bound.labels,
    confidence: bound.metric === null ? 0 : Math.max(0, Math.min(1, bound.confidence)),
    unit,
    window: draft.window,
    before: draft.before,
    after: draft.after,
    direction:
      draft.direction ??
      (draft.changePct !== null || draft.delta !== null
        ? signOfWords(draft.subject) === 1
          ? 'up'
          : signOfWords(draft.subject) === -1
            ? 'down'
            : null
        : null),
    changePct: draft.changePct,
    delta: draft.delta,
    factor: draft.factor,
    changePp: draft.changePp,
    limit: draft.limit,
    limitOp: draft.limit === null ? null : (draft.limitOp ?? '='),
    guard: draft.guard,
    approximate: draft.approximate,
    source: { line: lines[0] ?? 1, lines },
  };
}
