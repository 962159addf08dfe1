import { type Draft, draftPair, lineAt } from './draft.ts';
import { fits } from './inline-pairs.ts';
import type { Quantity } from './quantity.ts';
import { tellsHowOften } from './sides.ts';
import type { Statement } from './statements.ts';

const PAST =
  /\b(?:before(?: this| the)?|previously|formerly|used to|until now|until today|originally|in the past|antes|hasta ahora|anteriormente|old (?:code|version|path|way|flow|job)|without (?:the|it)|was|were|took|cost|made|sent|paid|spent|read|needed|issued|fired|tardaba|hac[ií]a)\b/i;
const PRESENT =
  /\b(?:now|after(?:wards)?|today|since (?:then|the)|currently|with (?:this|the|it)|new (?:code|version|path|way|flow|job)|from now on|ahora|despu[eé]s|tras|actualmente|con (?:este|el|la))\b/i;

interface Place {
  readonly statement: Statement;
  readonly sentence: string;
  readonly quantities: readonly Quantity[];
}

/** Two states told in neighbouring sentences: `Each page made nine queries. Now it makes one.` */
export function readAcrossSentences(statements: readonly Statement[]): Draft[] {
  const drafts: Draft[] = [];
  let before: Place | null = null;
  for (const statement of statements) {
    const { passage } = statement;
    if (passage.kind === 'heading' || passage.kind === 'command') {
      before = null;
      continue;
    }
    for (const place of sentencesOf(statement)) {
      const free = place.quantities.filter(
        (one) =>
          !statement.used.has(one) &&
          one.kind !== 'factor' &&
          one.kind !== 'points' &&
          !tellsHowOften(passage.text, one),
      );
      const present = PRESENT.test(place.sentence);
      if (before !== null && present && free.length > 0) {
        const made = pairUp(before, { ...place, quantities: free });
        if (made.length > 0) {
          drafts.push(...made);
          before = null;
          continue;
        }
      }
      const past = PAST.test(place.sentence) && !/\bnow\b|\bahora\b/i.test(place.sentence);
      if (past && free.length > 0) before = { ...place, quantities: free };
      else if (
        before !== null &&
        (before.statement.passage.section !== passage.section || statement.order - before.statement.order > 1)
      )
        before = null;
    }
  }
  return drafts;
}

function pairUp(past: Place, present: Place): Draft[] {
  const made: Draft[] = [];
  for (const from of past.quantities) {
    if (past.statement.used.has(from)) continue;
    const to = present.quantities.find(
      (one) =>
        !present.statement.used.has(one) &&
        fits(from, one) &&
        isAlike(from, one, past.quantities.length, present.quantities.length),
    );
    if (to === undefined) continue;
    const draft = draftPair(past.statement.passage, past.statement.order, from, to);
    if (draft === null) continue;
    past.statement.used.add(from);
    present.statement.used.add(to);
    draft.lines = [lineAt(past.statement.passage, from.start), lineAt(present.statement.passage, to.start)];
    draft.subject = `${past.sentence.slice(0, 120)} ${from.noun}`;
    made.push(draft);
  }
  return made;
}

function isAlike(from: Quantity, to: Quantity, pastCount: number, presentCount: number): boolean {
  if (from.kind !== to.kind && !from.bare && !to.bare) return false;
  if (from.bare && to.bare && (pastCount > 1 || presentCount > 1)) return false;
  if (from.kind === 'count' && to.kind === 'count' && from.unit !== null && to.unit !== null) {
    const left = from.noun.toLowerCase();
    const right = to.noun.toLowerCase();
    const stem = (word: string) => word.replace(/ies$/, 'y').replace(/s$/, '');
    if (!left.split(' ').some((one) => right.split(' ').some((other) => stem(one) === stem(other))))
      return pastCount === 1 && presentCount === 1 && (from.word || to.word);
  }
  return true;
}

function sentencesOf(statement: Statement): Place[] {
  const { text } = statement.passage;
  if (text.length < 12 || statement.quantities.length === 0)
    return [{ statement, sentence: text, quantities: statement.quantities }];
  const places: Place[] = [];
  let from = 0;
  const pattern = /[.!?;](?=\s+\S)/g;
  const cut = (to: number) => {
    const quantities = statement.quantities.filter((one) => one.start >= from - 1 && one.start < to);
    places.push({ statement, sentence: text.slice(from, to), quantities });
    from = to;
  };
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) cut(match.index + 1);
  cut(text.length);
  return places;
}
