import type { DeployFacts, FollowUp } from './document.ts';
import { dueOf, findWhen } from './due.ts';
import { senseOf } from './headings.ts';
import { type Passage, type Structure, titlesOf } from './passages.ts';

/** Things to do later, with the day they are due where the summary names one and has a date to count from. */
export function readFollowUps(structure: Structure, deploy: DeployFacts): FollowUp[] {
  const out: FollowUp[] = [];
  for (const passage of structure.passages) {
    if (passage.kind === 'heading' || passage.kind === 'command' || passage.kind === 'code') continue;
    const one = readOne(passage, deploy);
    if (one !== null) out.push(one);
  }
  return out;
}

const REVIEW =
  /^(?:next review|next check|review(?: date| due| on| at)?|re-?evaluate|follow-?up|next|todo|pr[oó]xima revisi[oó]n|siguiente revisi[oó]n|revisi[oó]n|seguimiento|pendiente|due|deadline)\b[^:]{0,20}:\s*(.{2,200})$/i;

function readOne(passage: Passage, deploy: DeployFacts): FollowUp | null {
  const text = passage.text.trim();
  if (text === '' || text.length > 400 || /:$/.test(text)) return null;
  const review = REVIEW.exec(text);
  if (review?.[1] !== undefined && passage.box === null) {
    const when = findWhen(text);
    return {
      text: text.slice(0, 300),
      due: when === null ? null : dueOf(when, deploy.time),
      when,
      line: passage.line,
    };
  }
  const titles = titlesOf(passage.section);
  const at = titles.findIndex((title) => senseOf(title) !== 'other');
  const sense = at === -1 ? 'other' : senseOf(titles[at] ?? '');
  const listed = passage.kind === 'item' && passage.depth <= 3;
  if (!listed) return null;
  const outer = titles.slice(at, at + 3);
  const under =
    sense === 'follow-up' ||
    (sense === 'open' &&
      outer.slice(1).some((title) => senseOf(title) === 'follow-up') &&
      at === 0 &&
      /\bnext\b|\bpr[oó]xim/i.test(titles[at] ?? ''));
  if (!under || passage.box === true) return null;
  const own = findWhen(text);
  const heading = outer.map(findWhen).find((one) => one !== null) ?? null;
  const when = own ?? heading;
  return {
    text: text.slice(0, 300),
    due: when === null ? null : dueOf(when, deploy.time),
    when,
    line: passage.line,
  };
}
