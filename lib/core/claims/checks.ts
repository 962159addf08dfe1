import { isCommand } from './command.ts';
import type { ParsedCheck, ParsedClaim } from './document.ts';
import { type HeadingSense, senseOf, senseOfTitles } from './headings.ts';
import { type Passage, type Structure, titlesOf } from './passages.ts';

const ASKS =
  /^(?:monitor|check|verify|confirm|ensure|watch|validate|test|make sure|look (?:for|at)|track|observe|review (?:the )?(?:logs|dashboard|metrics|errors)|compare|measure|run (?:the )?(?:smoke|load|health)|revisar|verificar|comprobar|confirmar|vigilar|monitorear|monitorizar|asegurar|validar|observar|probar|medir)\b/i;
const SHOULD = /\b(?:should(?:n't)?|must(?:n't)?|still (?:works?|enforces?)|deb[ea]n?|no deber?[ií]?an?)\b/i;
const LABEL_ONLY = /:$/;

/** Things to look at, with their state: the checkbox first, then the heading, then the mark. */
export function readChecks(structure: Structure, claims: readonly ParsedClaim[]): ParsedCheck[] {
  const checks: ParsedCheck[] = [];
  for (const passage of structure.passages) {
    const state = stateOf(passage);
    if (state === null) continue;
    const text = passage.text.trim().slice(0, 300);
    if (text === '') continue;
    const claim = claims.find((one) => one.source.lines.includes(passage.line));
    checks.push({ text, state, ...(claim === undefined ? {} : { claimId: claim.id }), line: passage.line });
  }
  return checks;
}

function stateOf(passage: Passage): ParsedCheck['state'] | null {
  if (passage.kind === 'heading') return null;
  if (passage.box !== null) return passage.box ? 'done' : 'waiting';
  if (
    (passage.kind === 'command' && passage.depth === 0) ||
    passage.kind === 'code' ||
    LABEL_ONLY.test(passage.text) ||
    (isCommand(passage.text) && passage.depth === 0)
  )
    return null;
  const titles = titlesOf(passage.section);
  const sense: HeadingSense = senseOfTitles(titles.slice(0, 4));
  const { mark, text } = passage;
  if (mark === 'open') return 'waiting';
  const listed = passage.kind === 'item';
  if (sense === 'rollback') return null;
  if (sense === 'promise') {
    if (mark !== null && mark !== 'warn')
      return looksBack(text) && !isPlanned(titles) && mark === 'tick' ? 'done' : 'waiting';
    return listed && SHOULD.test(text) && text.length < 200 ? 'waiting' : null;
  }
  if (sense === 'open') {
    if (mark === 'warn' && !SHOULD.test(text) && !ASKS.test(text) && !listed) return null;
    // `Tests: ✅ all green` under a heading without a future in it looks back.
    if (
      (mark === 'tick' || mark === 'cross') &&
      (looksBack(text) || !SHOULD.test(text)) &&
      !ASKS.test(text) &&
      !isPlanned(titles)
    )
      return mark === 'tick' ? 'done' : 'waiting';
    if (listed && looksLikeFile(text)) return null;
    if (listed || mark !== null) return isProse(text) && !listed ? null : 'waiting';
    if (
      mark === null &&
      passage.kind === 'text' &&
      (ASKS.test(text) || (SHOULD.test(text) && text.length < 140)) &&
      !/:\s*$/.test(text)
    )
      return 'waiting';
    return null;
  }
  if (sense === 'follow-up') {
    if (listed && ASKS.test(text) && isPlanned(titles)) return 'waiting';
    return mark === 'tick' && looksBack(text) ? 'done' : null;
  }
  if (mark === 'tick')
    return SHOULD.test(text)
      ? 'waiting'
      : passage.text.length > 2 && isResult(passage, sense)
        ? 'done'
        : null;
  if (mark === 'unknown')
    return sense === 'done' && listed && !looksLikeFile(text) ? 'done' : SHOULD.test(text) ? 'waiting' : null;
  if (
    (mark === 'warn' || listed) &&
    SHOULD.test(text) &&
    text.length < 160 &&
    /\b(?:should|must|deb)/i.test(text) &&
    sense === 'other'
  )
    return mark === 'warn' ? 'waiting' : null;
  return null;
}

/** Headings that name a time to come or a promise: a tick under them is a bullet. */
function isPlanned(titles: readonly string[]): boolean {
  return titles.some(
    (title) =>
      /\b(?:next|expected|success|criteria|watch|alerts?|goals?|targets?|monitor\w*|should|to (?:check|verify|do|watch)|first \d+|after deploy\w*|post-?deploy\w*|upcoming|pending|look for|immediate|pr[oó]xim[oa]s?|esperad[oa]s?|criterios|objetivos?|vigilar|alertas|inmediato|plan)\b/i.test(
        title,
      ) && senseOf(title) !== 'done',
  );
}

function looksBack(text: string): boolean {
  return (
    /\b(?:passed|passing|successful(?:ly)?|completed?|verified|confirmed|deployed|updated|restarted|restored|healthy|green|done|ok|all good|fixed|applied|working|responding|merged|created|enabled|running|pas[oó]|correctamente|completad[oa]|verificad[oa]|desplegad[oa]|reiniciad[oa]s?|actualizad[oa]|ok)\b/i.test(
      text,
    ) &&
    !SHOULD.test(text) &&
    !ASKS.test(text)
  );
}

function isResult(passage: Passage, sense: HeadingSense): boolean {
  if (sense === 'done') return true;
  return passage.kind === 'item'
    ? !looksLikeFile(passage.text)
    : looksBack(passage.text) || passage.text.length < 80;
}

function looksLikeFile(text: string): boolean {
  return /^[\w./-]+\.\w{1,5}\b/.test(text) || /^(?:\*\*)?[\w-]+\/[\w./-]+/.test(text);
}

function isProse(text: string): boolean {
  return text.length > 160 || /[.;]\s+\p{Lu}/u.test(text);
}
