import {
  alignPair,
  type Draft,
  draftPair,
  improvementSign,
  pairPercent,
  pairSign,
  signSpan,
  tokensOf,
} from './draft.ts';
import type { Quantity } from './quantity.ts';
import type { Statement } from './statements.ts';
import { betterWhen, namesChange, sideOfLabel, signOfWords } from './vocabulary.ts';

const ARROW = /→|↦|-{1,2}>|={1,2}>|⇢|►|▶|>>|(?<=\s)[↓↑⬇⬆](?=\s)/u;
const FROM =
  /\b(?:from|desde|de|was at|started at|starting at)\s+(?:(?:about|around|approximately|roughly|nearly|over|an?|the|some|un|una|unos|unas|average|aproximadamente|cerca de|casi|mean|median|peak|~)\s*){0,4}(?:of\s+)?$/i;
const TO =
  /\b(?:down to|up to|to|into|hasta|a|al)\s+(?:(?:only|just|about|around|approximately|roughly|nearly|under|below|less than|an?|the|some|un|una|solo|s[oó]lo|unos|unas|aproximadamente|cerca de|casi|menos de|merely|~)\s*){0,4}$/i;
/** Numbers that are no two states: they span a range. */
const NO_CHANGE =
  /\b(?:rang\w*|var(?:y|ies|ied)|between|anywhere|scale of|scale from|numbered|oscila\w*|entre|depending|ramp\w*|pages?(?=\W*(?:from\W*)?$)|waiting|canary|rollout|roll out|traffic (?:from|shift))\b/i;
const VERSIONS =
  /\b(?:upgrad\w*|bump\w*|version\w*|migrat\w* (?:from|to)|downgrad\w*|node(?:\.?js)?|python|java|ruby|php|postgres(?:ql)?|angular|react|vue|django|rails|typescript|schema|release|lockfile|dependency|engine)\b/i;
const CHANGE_VERB =
  /\b(?:reduc\w*|cut\w*|dropp?\w*|lower\w*|decreas\w*|increas\w*|rais\w*|grew|grow\w*|shr[aiu]nk\w*|went|go(?:es|ing)?|improv\w*|brings?|brought|bringing|fall\w*|fell|rose|rises?|mov\w*|chang\w*|tak(?:e|es|ing)|took|shorten\w*|trim\w*|slash\w*|sped|climb\w*|jump\w*|declin\w*|baj\w*|pas\w*|redu[cj]\w*|sub\w*|cay\w*|aument\w*|scal\w*|resiz\w*|get\w*|down|up)\b/i;
const AFTER_FIRST =
  /^[^.;\d]{0,50}?(?:\(|,|—|–|-|\b)\s*(?:it |they |this |which |that )?(?:previously|formerly|before(?: was| it was)?|prior|originally|down from|up from|instead of|rather than|in place of|compared (?:to|with)|as opposed to|antes(?: eran?)?|en lugar de|en vez de|frente a|comparado con|en comparaci[oó]n con|used to be|anteriormente)\b:?\s*[^\d.;()]{0,25}$|^[^.;\d]{0,50}?(?:\(|,|—|–|-)\s*(?:it |they |which |that )?(?:was|were|era|eran)\b:?\s*(?:at|about|around|only|roughly|over|nearly|almost|approximately|still|~|\s){0,3}$/i;
const AFTER_FROM =
  /^(?:\s|,|[A-Za-z/]|\([^)]*\)){0,40}?\b(?:from|desde|de)\s+(?:(?:about|around|approximately|an?|the|some|over|unos|unas)\s*){0,3}$/i;
const VERSUS = /^[^.;\d]{0,40}?\b(?:vs\.?|versus|against|frente a|contra)\s+[^\d.;]{0,25}$/i;

const CUE_BEFORE =
  /\b(?:before|previously|formerly|used to|was|were|originally|without|old|initially|earlier|until now|hitherto|took|cost|had|made|ran|needed|antes|sin|era|eran|tardaba|hac[ií]a|necesitaba|anteriormente)\b/i;
const CUE_AFTER =
  /\b(?:now|after(?:wards)?|currently|today|with|new|becomes?|since then|from now on|takes|costs|needs|makes|runs|ahora|despu[eé]s|con|tarda|hace|necesita|actualmente|hoy|as of this|is down to|reached)\b/i;

/** Pairs within one statement: arrows, from–to, after first, and the two states named beside their numbers. */
export function readInlinePairs(statement: Statement): Draft[] {
  const { passage, order } = statement;
  const { text } = passage;
  const quantities = statement.quantities;
  if (quantities.length < 2) return [];
  const drafts: Draft[] = [];
  const take = (before: Quantity, after: Quantity): boolean => {
    if (statement.used.has(before) || statement.used.has(after) || !fits(before, after)) return false;
    const draft = draftPair(passage, order, before, after);
    if (draft === null || isRestated(before, after, draft) || isHarm(text, before, after)) return false;
    statement.used.add(before).add(after);
    const first = before.start < after.start ? before : after;
    const second = first === before ? after : before;
    draft.subject = subjectOf(statement, first, second);
    drafts.push(draft);
    attachChanges(statement, draft, first, second);
    return true;
  };
  drafts.push(...readTargets(statement));
  readOrderedLabel(statement, take);
  readArrows(statement, take);
  for (let i = 0; i < quantities.length - 1; i += 1) {
    const left = quantities[i];
    if (left === undefined || statement.used.has(left) || left.kind === 'factor') continue;
    // A number in brackets may stand between the two.
    for (let j = i + 1; j <= Math.min(i + 3, quantities.length - 1); j += 1) {
      const right = quantities[j];
      if (right === undefined || statement.used.has(right)) continue;
      const gap = text.slice(left.end, right.start);
      if (gap.length > 120 || ARROW.test(gap)) break;
      const lead = leadOf(text, quantities, i);
      const plain = gap.replace(/\([^)]{0,80}\)/g, ' ');
      const order2 = judge(lead, plain, text.slice(right.end, right.end + 40), left, right, statement);
      if (order2 === null) continue;
      if (order2 === 'forward' ? take(left, right) : take(right, left)) break;
    }
  }
  return drafts;
}

const ASKED = /\b(?:target|goal|required|budget|slo|limit|objetivo|meta)\b:?\s*(?:is |of |was |= ?)?$/i;
const REACHED =
  /\b(?:measured|actual(?:ly)?|achieved|reached|now|observed|got|result|medido|logrado|obtenido)\b:?\s*(?:is |at |was |= ?)?$/i;

/** `target 3 s, measured 2.1 s`, `99.5 % required, 99.81 % reached`: what was asked and what was reached. */
function readTargets(statement: Statement): Draft[] {
  const { text } = statement.passage;
  for (const [i, asked] of statement.quantities.entries()) {
    const reached = statement.quantities[i + 1];
    if (reached === undefined || !fits(asked, reached) || reached.start - asked.end > 40) continue;
    const gap = text.slice(asked.end, reached.start);
    const lead = text.slice(Math.max(0, asked.start - 30), asked.start);
    const behind = text.slice(reached.end, reached.end + 20);
    // `FCP: 1056 ms (target < 2000 ms)`.
    if (/^\s*[(,;—–-]\s*(?:target|goal|budget|slo|limit|objetivo|meta|l[ií]mite)\b\s*[:=]?\s*$/i.test(gap)) {
      const draft = draftPair(statement.passage, statement.order, reached, asked);
      if (draft === null) continue;
      draft.limit = draft.before;
      draft.limitOp = reached.op ?? (betterWhen(text) === 1 ? '>=' : '<=');
      draft.before = null;
      draft.direction = null;
      draft.subject = `${statement.label} ${lead}`;
      statement.used.add(asked).add(reached);
      return [draft];
    }
    if (
      !(ASKED.test(lead) && REACHED.test(gap)) &&
      !(
        /^\s*(?:target|required|goal)\b/i.test(gap) &&
        /^\s*(?:reached|measured|achieved|actual)\b/i.test(behind)
      )
    )
      continue;
    const draft = draftPair(statement.passage, statement.order, asked, reached);
    if (draft === null) continue;
    draft.limit = draft.before;
    draft.limitOp =
      asked.op ?? (betterWhen(text) === 1 || /required|at least|m[ií]nimo/i.test(gap) ? '>=' : '<=');
    draft.before = null;
    draft.direction = null;
    draft.subject = `${statement.label} ${lead}`;
    statement.used.add(asked).add(reached);
    return [draft];
  }
  return [];
}

const BEFORE_AFTER =
  /\b(?:before|old|antes|previous|without|was)\b\s*(?:\/|vs\.?|and|y|→|->|,|&|to)\s*(?:\w+\s)?\b(?:after|new|now|despu[eé]s|with|current|ahora)\b/i;

/** `Lookups (before/after): 26 / 2`: the label gives the order of the two numbers. */
function readOrderedLabel(statement: Statement, take: (before: Quantity, after: Quantity) => boolean): void {
  const { label, valueAt, quantities, passage } = statement;
  if (label === '' || !BEFORE_AFTER.test(label)) return;
  const [left, right] = quantities.filter((one) => one.start >= valueAt - 1);
  if (left === undefined || right === undefined) return;
  if (/^\s*(?:\/|vs\.?|→|->|,|and|y|to|a|—|–|-|\|)\s*~?$/i.test(passage.text.slice(left.end, right.start)))
    take(left, right);
}

/** Things that machines count. */
const COUNTED =
  /\b(?:quer(?:y|ies)|calls|requests|commands|reads|writes|connections|errors|round ?trips|lookups|roundtrips|consultas|peticiones|llamadas|lecturas|escrituras|conexiones|errores)\b/i;

/** Numbers that name things or states, and bare numbers of nothing that is measured: an arrow between them is no claim. */
function isMeasured(statement: Statement, left: Quantity, right: Quantity, lead: string): boolean {
  if (!left.bare || !right.bare) return true;
  const words = `${statement.label} ${lead}`;
  // `API calls per page load dropped from 14 to 3`: what is counted stands before what it is counted per.
  if (COUNTED.test(lead)) return true;
  if (
    /\b(?:ports?|puertos?|versions?|state|status|level|phase|step|id|index|stage|page|chapter|week|day|issue|flag|line)\W*(?:\w+\W+){0,3}$/i.test(
      words,
    )
  )
    return false;
  if (betterWhen(words) !== 0 || namesChange(statement.passage.text))
    return !/^\W*from\W*$/i.test(words.trim());
  return (
    /\p{L}{3,}s\b/u.test(words) ||
    statement.quantities.some((one) => one.kind === 'percent') ||
    sideOfLabel(statement.label) !== null ||
    right.value === 0
  );
}

function leadOf(text: string, quantities: readonly Quantity[], index: number): string {
  const own = quantities[index];
  if (own === undefined) return '';
  const from = Math.max(quantities[index - 1]?.end ?? 0, own.start - 90);
  const lead = text.slice(from, own.start);
  const stop = Math.max(lead.lastIndexOf('. '), lead.lastIndexOf('; '));
  return stop === -1 ? lead : lead.slice(stop + 2);
}

/** Whether two neighbours are two states of one number, and in which order; null when not. */
function judge(
  lead: string,
  gap: string,
  tail: string,
  left: Quantity,
  right: Quantity,
  statement: Statement,
): 'forward' | 'backward' | null {
  const loose = `${lead}${gap}`;
  // `a 6 second reduction from 18 s`: the first is the change itself.
  if (/^\s*(?:reduction|improvement|decrease|drop|saving|increase|reducci[oó]n|mejora)\b/i.test(gap))
    return null;
  if (left.kind === 'percent' && right.kind !== 'percent') return null;
  if ((left.bare || left.word) && VERSIONS.test(loose) && right.bare) return null;
  if (!isMeasured(statement, left, right, lead)) return null;
  if (TO.test(gap) && gap.length <= 60 && !/[.;]\s/.test(gap)) {
    if (FROM.test(lead) && !NO_CHANGE.test(lead)) return 'forward';
    if (
      CHANGE_VERB.test(lead) &&
      !/\bby\b[^,]{0,15}$/i.test(lead) &&
      /^[\s,)]*(?:[\w/-]+\s){0,3}?(?:down |up |back )?(?:to|a|hasta)\b/i.test(gap) &&
      !NO_CHANGE.test(lead)
    )
      return 'forward';
  }
  if (
    AFTER_FIRST.test(gap) &&
    (/\b(?:was|were|previously|formerly|before|prior|originally|from|used|antes|anteriormente)\b/i.test(
      gap,
    ) ||
      left.unit !== null ||
      right.unit !== null ||
      !left.bare)
  ) {
    // `was 500 ms before, was 200` is the past of both.
    if (
      !/\b(?:was|before|previously|from|antes)\b:?\s*(?:\S{1,12}\s+)?$/i.test(lead) ||
      /instead|rather|lugar|vez/i.test(gap)
    )
      return 'backward';
  }
  if (
    AFTER_FROM.test(gap) &&
    gap.length <= 45 &&
    /\b(?:to|at|now|is|just|only|about|a|en|ahora|=|:|down|under|below|of)\W*(?:about |around |just |only |~)?$|[:=→]\s*$/i.test(
      lead,
    ) &&
    !NO_CHANGE.test(loose)
  )
    return 'backward';
  const sideLeft = sideNear(lead, gap, true);
  const sideRight = sideNear(gap, tail, false);
  if (sideLeft !== null && sideRight !== null && sideLeft !== sideRight && isClose(gap))
    return sideLeft === 'before' ? 'forward' : 'backward';
  if (VERSUS.test(gap)) {
    if (sideRight === 'before' || sideLeft === 'after') return 'backward';
    if (sideLeft === 'before' || sideRight === 'after') return 'forward';
    if (
      /before\s*(?:vs\.?|\/|and)\s*after|antes\s*(?:vs\.?|\/|y)\s*despu/i.test(
        statement.label + (statement.passage.section?.title ?? ''),
      )
    )
      return 'forward';
  }
  return null;
}

/** Which state the words right before or right behind a number name. */
function sideNear(lead: string, behind: string, isLeft: boolean): 'before' | 'after' | null {
  const trailing =
    /^[\s,/\w-]{0,25}?\b(before|previously|earlier|without|today|now|afterwards?|after|antes|ahora|despu[eé]s|currently|with(?= (?:it|the|cache|caching|index))|sin|con)\b/i.exec(
      behind.slice(0, 45),
    )?.[1];
  const leading = lastCue(isLeft ? lead : lead);
  // Words in front win, unless those of the gap belong to the number before: `9 s before, 1 s after`.
  if (trailing !== undefined) {
    const own = /^(?:before|previously|earlier|without|antes|sin)$/i.test(trailing) ? 'before' : 'after';
    const next = behind.slice(0, behind.toLowerCase().indexOf(trailing.toLowerCase()) + trailing.length);
    const followed = behind.slice(next.length);
    if (
      !/[:=]\s*$/.test(next) &&
      (!isLeft || /^\s*(?:[,;/.|)&]|and\b|y\b|→|vs|$)/i.test(followed) || leading === null) &&
      !/^\s*[:=]/.test(followed)
    ) {
      if (leading === null || /^\s*(?:[\w/]+\s){0,2}$/.test(next.slice(0, -trailing.length))) {
        if (!(isLeft && /^[\s,;/|]*$/.test(followed) && /[,;/|.]/.test(next))) return own;
      }
    }
  }
  return leading;
}

function lastCue(lead: string): 'before' | 'after' | null {
  let best: 'before' | 'after' | null = null;
  let at = -1;
  for (const [side, pattern] of [
    ['before', CUE_BEFORE],
    ['after', CUE_AFTER],
  ] as const) {
    const all = new RegExp(pattern.source, 'gi');
    for (let match = all.exec(lead); match !== null; match = all.exec(lead)) {
      if (match.index > at) {
        at = match.index;
        best = side;
      }
    }
  }
  return best;
}

function isClose(gap: string): boolean {
  return gap.length <= 110 && (gap.match(/[.!?]\s/g) ?? []).length <= 1;
}

function readArrows(statement: Statement, take: (before: Quantity, after: Quantity) => boolean): void {
  const { text } = statement.passage;
  const { quantities } = statement;
  const all = new RegExp(ARROW.source, 'gu');
  for (let match = all.exec(text); match !== null; match = all.exec(text)) {
    const at = match.index;
    const end = at + match[0].length;
    const lefts = quantities.filter(
      (one) => one.end <= at && at - one.end <= 90 && !crosses(text.slice(one.end, at)),
    );
    const rights = quantities.filter(
      (one) => one.start >= end - 1 && one.start - end <= 90 && !crosses(text.slice(end, one.start)),
    );
    const near = rights[0];
    if (near === undefined || lefts.length === 0 || near.start - end > 45) continue;
    // A longer chain is first to last.
    let last = near;
    for (;;) {
      const behind = text.slice(last.end, last.end + 40);
      const next = quantities.find((one) => one.start >= last.end);
      const chained = ARROW.exec(behind);
      if (
        next === undefined ||
        chained === null ||
        next.start - last.end > 40 ||
        chained.index > 25 ||
        alignPair(near, next) === null ||
        next.start < last.end + chained.index ||
        /[,;]/.test(text.slice(last.end, next.start))
      )
        break;
      last = next;
    }
    const bracketLeft = lefts.filter((one) => isBracketed(text, one));
    const openLeft = lefts.filter((one) => !isBracketed(text, one) && !statement.used.has(one));
    // `from 120 to 600 (2 min → 10 min)`: both ends in one bracket.
    const inside = bracketLeft.at(-1);
    const enclosed =
      inside !== undefined && isBracketed(text, near) && !/[()]/.test(text.slice(inside.end, near.start));
    const left =
      enclosed && fits(inside, near)
        ? inside
        : (openLeft.filter((one) => fits(one, near)).at(-1) ?? bracketLeft.at(-1));
    if (left === undefined || at - left.end > 60) continue;
    // `Hot cache (1 min): lookups → 5 ms`: a number in the bracket of a label is no state.
    if (isBracketed(text, left) && /^[^()]*\)\s*:/.test(text.slice(left.end, at))) continue;
    const lead = text.slice(Math.max(0, left.start - 60), left.start);
    const bare = left.bare && near.bare;
    if (!isMeasured(statement, left, near, lead)) continue;
    if (/^\s*(?:\w+\s){0,2}(?:eliminated|saved|avoided|removed|ahorrad\w*)\b/i.test(text.slice(near.end)))
      continue;
    if (
      bare &&
      (VERSIONS.test(lead) || !/\p{L}{3}|p\d\d/u.test(lead + (statement.passage.section?.title ?? '')))
    )
      continue;
    if (!take(left, last)) continue;
    if (last !== near) all.lastIndex = Math.max(all.lastIndex, last.start);
    for (const other of bracketLeft) {
      const partner = rights.find(
        (one) =>
          isBracketed(text, one) &&
          !statement.used.has(one) &&
          one.kind === other.kind &&
          one.window === other.window &&
          one !== last,
      );
      if (partner !== undefined && other !== left && other.kind !== 'percent') take(other, partner);
    }
  }
}

function crosses(gap: string): boolean {
  return /[;!?]|\.\s|\|/.test(gap) || gap.length > 90;
}

function isBracketed(text: string, one: Quantity): boolean {
  const before = text.slice(Math.max(0, one.start - 60), one.start);
  return before.lastIndexOf('(') > before.lastIndexOf(')');
}

/** What went wrong, and what it did: `the bug caused page loads to go from 1 s to 30 s` is no promise. */
const INCIDENT =
  /\b(?:issue|outage|incident|bug|regression|problem|failure|attack|incidente|problema|fallo|ca[ií]da)\b[^.;]{0,60}\b(?:caus\w*|led to|leading to|result\w*|pushed|drove|degrad\w*|provoc\w*|hizo)\b/i;

function isHarm(text: string, before: Quantity, after: Quantity): boolean {
  if (pairSign(before.value, after.value) !== 1 || before.unit !== after.unit) return false;
  const lead = text.slice(0, Math.min(before.start, after.start));
  const sentence = lead.slice(lead.lastIndexOf('. ') + 1);
  return INCIDENT.test(sentence) && betterWhen(sentence) !== 1;
}

/** `3,200 per 20 minutes, so 160 a minute` is one number said twice. */
function isRestated(before: Quantity, after: Quantity, draft: Draft): boolean {
  if (before.window === after.window || before.window === null || after.window === null) return false;
  return (
    draft.before !== null &&
    draft.after !== null &&
    pairPercent(draft.before, draft.after) !== null &&
    Math.abs(pairPercent(draft.before, draft.after) ?? 100) < 3
  );
}

/** True when two numbers may be two states of one metric. */
export function fits(before: Quantity, after: Quantity): boolean {
  if (
    before.kind === 'factor' ||
    after.kind === 'factor' ||
    before.kind === 'points' ||
    after.kind === 'points'
  )
    return false;
  if (alignPair(before, after) === null) return false;
  if (before.kind === 'count' && after.kind === 'count' && before.noun !== '' && after.noun !== '') {
    const left = tokensOf(before.noun);
    const right = tokensOf(after.noun);
    if (
      left.size > 0 &&
      right.size > 0 &&
      ![...left].some((word) => right.has(word)) &&
      (before.word || after.word)
    )
      return false;
  }
  return true;
}

/** Percent, factor and saving that stand with a pair belong to it. */
export function attachChanges(statement: Statement, draft: Draft, first: Quantity, second: Quantity): void {
  const { text } = statement.passage;
  if (draft.before === null || draft.after === null) return;
  const sign = pairSign(draft.before, draft.after);
  const index = statement.quantities.indexOf(second);
  const next = statement.quantities.slice(index + 1, index + 4);
  let from = second.end;
  for (const one of next) {
    if (statement.used.has(one)) break;
    const gap = text.slice(from, one.start);
    if (gap.length > 55 || /[;]|\.\s|→|->|=>|,\s*(?:and|y)\s+(?:the|our|its|now|el|la|los|las)\s/.test(gap))
      break;
    if (/,\s*(?:and\s+)?[\p{L}\d ]{3,}:?\s*$/u.test(gap) && !namesChange(gap) && !/^\s*\(/.test(gap)) {
      if (!namesChange(text.slice(one.end, one.end + 20))) break;
    }
    const behind = text.slice(one.end, one.end + 30);
    if (!attachOne(draft, one, sign, gap + behind)) {
      if (!isBracketed(text, one)) break;
    } else statement.used.add(one);
    from = one.end;
  }
  // `reduced by 80 %, from 500 ms to 100 ms`, `96.7% reduction: 733K → 24K`.
  const ahead = statement.quantities[statement.quantities.indexOf(first) - 1];
  if (
    ahead !== undefined &&
    !statement.used.has(ahead) &&
    (ahead.kind === 'percent' || ahead.kind === 'factor')
  ) {
    const gap = text.slice(ahead.end, first.start);
    const lead = text.slice(Math.max(0, ahead.start - 30), ahead.start);
    if (
      gap.length <= 60 &&
      !/[;]|\.\s/.test(gap) &&
      (namesChange(gap) || namesChange(lead) || ahead.sign !== 0) &&
      attachOne(draft, ahead, sign, lead + gap)
    )
      statement.used.add(ahead);
  }
}

/** Adds one number of change to a pair; false when it is no change of it. */
export function attachOne(draft: Draft, one: Quantity, sign: -1 | 0 | 1, around: string): boolean {
  if (one.kind === 'percent') {
    if (draft.changePct !== null) return false;
    if (draft.kind === 'percent' && !namesChange(around) && one.sign === 0) return false;
    draft.changePct = signSpan(
      one.value,
      one.sign !== 0
        ? one.sign
        : sign !== 0
          ? sign
          : signOfWords(around) || improvementSign(draft.words, draft.kind),
    );
    draft.orMore = draft.orMore || one.orMore;
    return true;
  }
  if (one.kind === 'points') {
    if (draft.changePp !== null) return false;
    draft.changePp = signSpan(one.value, one.sign !== 0 ? one.sign : sign);
    return true;
  }
  if (one.kind === 'factor') {
    if (draft.factor !== null) return false;
    draft.factor = one.value;
    return true;
  }
  if (draft.delta === null && one.kind === draft.kind && (namesChange(around) || one.sign !== 0)) {
    if (one.window !== null && draft.window !== null && one.window !== draft.window) return false;
    draft.delta = signSpan(one.value, one.sign !== 0 ? one.sign : sign);
    return true;
  }
  return false;
}

/** What a pair in a statement is of: its label, or the words before its first number, and the noun. */
function subjectOf(statement: Statement, first: Quantity, second: Quantity): string {
  const { text } = statement.passage;
  const index = statement.quantities.indexOf(first);
  const from = statement.quantities[index - 1]?.end ?? 0;
  const lead = text.slice(Math.max(from, first.start - 80), first.start).replace(/^[^\p{L}]*/u, '');
  const label = statement.side === null ? statement.label : statement.side.rest;
  return [label, lead, first.noun, second.noun].filter((one) => one !== '').join(' ');
}
