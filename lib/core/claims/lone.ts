import type { LimitOp } from './document.ts';
import { type Draft, directionOf, draftAt, improvementSign, middle, signSpan } from './draft.ts';
import type { Quantity } from './quantity.ts';
import { readNoun } from './quantity-unit.ts';
import type { Statement } from './statements.ts';
import { betterWhen, fold, namesChange, type Sign, signOfWords } from './vocabulary.ts';

/** What money is measured by. */
const MONEY_MEASURE =
  /\b(?:costs?|bill\w*|spend\w*|spent|expens\w*|budget|invoice|charges?|fees?|overage|savings?|per month|coste?s?|costos?|factura\w*|gastos?|presupuesto)\b/i;

export interface LoneContext {
  /** True under headings of what is still to come: targets, expected results, things to watch. */
  readonly open: boolean;
  /** The nearest headings, as words. */
  readonly heading: string;
}

const CHANGE_AFTER =
  /^\W{0,3}(?:(?:in|of|de|less|more|overall|total|expected|estimated|relative|average|the|cost|redis|database|db|query|memory|latency|cache|request|load|time|size|api|bandwidth|performance|response|cpu|p\d\d)\s+){0,3}(?:reduc\w*|less|fewer|faster|improve\w*|increas\w*|decreas\w*|savings?|saved|lower|higher|drop|cheaper|smaller|shorter|quicker|cut|slower|larger|more|better|speed-?up|gains?|boost|off\b|down\b|up\b|growth|menos|m[aá]s|redu[cj]\w*|mejora|ahorro|menor|mayor|aumento|disminuci[oó]n|eliminat\w*)\b/i;
/** `60 % Redis command reduction`. */
const CHANGE_NOUN_AFTER =
  /^\s*(?:[\w-]+\s+){1,3}(?:reduction|improvement|decrease|savings?|speed-?up|reducci[oó]n|ahorro)\b/i;
const CHANGE_BEFORE =
  /\b(?:reduc\w*|cut\w*|dropp?\w*|decreas\w*|lower\w*|sav(?:e|es|ed|ing|ings)|improv\w*|increas\w*|down|up|eliminat\w*|fall\w*|fell|shr[aiu]nk\w*|trim\w*|slash\w*|rise\w*|rose|grew|grow\w*|gain\w*|boost\w*|speed\w*|sped|less|fewer|reducci[oó]n|redu[cj]\w*|ahorr\w*|mejor\w*|aument\w*|baj\w*|disminu\w*|sub\w*|avoid\w*|jump\w*|climb\w*|remov\w*|halv\w*)\b(?:\s+(?:[\w'’/-]+\s+){0,8}?)?(?:(?:by|of|in|un|una|en|del?|el|about|around|approximately|roughly|over|another|an?|up to|nearly|almost|hasta|casi|at least|more than|~|:)\s*){1,4}$/i;
const CHANGE_RIGHT_BEFORE =
  /(?:\b(?:sav(?:e|es|ed|ing|ings)|down|up|reduction|reduced|decrease|increase|improvement|drop|ahorr\w*|reducci[oó]n|mejora|avoid\w*|eliminat\w*|remov\w*|cuts?|drops?|dropped|falls|fell|rises|rose|grew|gained|lost|climbed|improved|improves|increased|increases|decreased|decreases|trims?|shaves?|frees?|freed|reclaim\w*|gains?)\b\W{0,4}|[↓↑▼▲]\s*)$/i;
/** `cut page bandwidth 99 %`, `reduces that ~80 %`: the verb with its object right before. */
const CHANGE_DIRECT =
  /\b(?:cut(?:s|ting)?|reduc(?:e|es|ed|ing)|slash(?:es|ed)?|trim(?:s|med)?|drop(?:s|ped)?|lower(?:s|ed)?|shrinks?|shrank|improv(?:e|es|ed)|increas(?:e|es|ed)|boost(?:s|ed)?|reduc(?:imos|en|ir)|redujo|reduce|recorta\w*)\s+(?:(?!(?:to|at|from|below|under|over|above|if|when|until|a|hasta|si|per)\s)[\w'’/-]+\s+){1,5}$/i;
const TARGET =
  /\b(?:should|must|target\w*|goal\w*|slo|sla|threshold|alert\w*|keep\w*|stay\w*|remain\w*|exceed\w*|expect\w*|(?:error|performance|latency) budget|acceptable|require\w*|ensure|maintain\w*|need(?:s|ed)? to|aim\w*|want|page (?:if|when)|trigger\w*|warn\w*|investigate|escalate|roll ?back|call it|good if|success if|deb[ea]n?|objetivo|meta|umbral|l[ií]mite|mantener\w*|alerta\w*|superar|supera|esperad[oa]|espera|no debe\w*|siga\w*|quede\w*|avisar)/i;
const LEVEL =
  /\b(?:should (?:be|stay|remain|drop|fall|go|read|show|settle|equal|hover|return|reach|rise|climb|level|sit|hold)|must (?:be|stay|remain|equal|hold)|stays?(?: at)?|remains?(?: at)?|drops?(?: \w+){0,4}? to|falls? to|goes (?:down |up )?to|reach(?:es)?|down to|up to|expect(?:ed|ing)?|settles? (?:at|around)|target|goal|aim(?:ing)? for|deb[ea]n? (?:ser|estar|bajar|quedar|mantenerse|caer|subir)|baja(?:r|n)? a|queda(?:r|n)?(?: en)?|objetivo|se espera)\b[^.;\d]{0,40}$/i;
const ROLLOUT =
  /\b(?:of (?:the )?(?:traffic|users|requests|fleet|machines|tenants|customers|pods|instances)|rollout|canary|confidence|coverage|complete|done|del tr[aá]fico|full|height|capacity|sampl\w*|probability|chance)\b/i;
const FACTOR_AFTER =
  /^\s*(?:(?:throughput|performance|cost|memory|latency|overall|query|read|write|response|load|size|api|db|speed)\s+){0,2}(?:faster|slower|sooner|earlier|fewer|less|more|lower|higher|smaller|larger|bigger|cheaper|quicker|better|improve\w*|speed-?up|reduc\w*|increase|decrease|gains?|boost|throughput|m[aá]s|menos|menor|mayor|mejora|savings?|performance|capacity|as (?:fast|many|much)|the (?:throughput|speed|performance))\b/i;

/** Claims of one statement that have no pair: percents, savings, factors, limits, levels that are targets. */
export function readLone(statement: Statement, context: LoneContext): Draft[] {
  const drafts: Draft[] = [];
  const { text } = statement.passage;
  let changed: { readonly draft: Draft; readonly quantity: Quantity } | null = null;
  for (const [i, quantity] of statement.quantities.entries()) {
    if (statement.used.has(quantity) || quantity.word) continue;
    const from = Math.max(endOfNumber(text, statement.quantities[i - 1]), quantity.start - 110);
    const lead = afterStop(text.slice(from, quantity.start));
    const tail = beforeStop(
      text.slice(
        quantity.end,
        Math.min(statement.quantities[i + 1]?.start ?? text.length, quantity.end + 70),
      ),
    );
    const draft: Draft | null =
      readOne(statement, quantity, lead, tail, context) ??
      readCoordinated(statement, quantity, lead, changed);
    if (draft === null) continue;
    statement.used.add(quantity);
    drafts.push(draft);
    if (draft.changePct !== null) changed = { draft, quantity };
    if (draft.changePct !== null || draft.factor !== null || draft.delta !== null)
      joinNext(statement, draft, i);
    else if (draft.changePp !== null) joinReached(statement, draft, i);
  }
  return drafts;
}

/** `reduces times by 70 % and queries by 75 %`: the verb of the first rules the second. */
function readCoordinated(
  statement: Statement,
  quantity: Quantity,
  lead: string,
  changed: { readonly draft: Draft; readonly quantity: Quantity } | null,
): Draft | null {
  if (changed === null || quantity.kind !== 'percent' || quantity.op !== null) return null;
  const between = statement.passage.text.slice(changed.quantity.end, quantity.start);
  if (/[.;!?]\s/.test(between) || between.length > 70) return null;
  if (!/^\s*(?:,|and|y|e|&|,\s*and)\s+(?:[\w'’/-]+\s+){1,6}?(?:by|en)\s+(?:an?\s+|un\s+)?$/i.test(between))
    return null;
  const sign = changed.draft.direction === 'down' ? -1 : changed.draft.direction === 'up' ? 1 : 0;
  const draft = draftAt(statement.passage, statement.order, quantity.start);
  draft.kind = 'percent';
  draft.unit = '%';
  draft.changePct = signSpan(quantity.value, sign);
  draft.direction = directionOf(sign);
  draft.approximate = quantity.approximate;
  draft.orMore = quantity.orMore;
  draft.subject = lead;
  return draft;
}

/** Words behind a number that are still about it: what another number follows after `and` belongs to that one. */
function ownTail(statement: Statement, quantity: Quantity, tail: string): string {
  if (statement.quantities.at(-1) === quantity) return tail;
  return tail.split(/,\s|\s(?:and|y)\s/)[0] ?? tail;
}

/** Where the number before ends; words that were taken for its noun may be those that ask for the next. */
function endOfNumber(text: string, before: Quantity | undefined): number {
  if (before === undefined) return 0;
  if (before.kind !== 'count' || before.noun === '' || before.word) return before.end;
  return before.digits + (/^[\d.,]+/.exec(text.slice(before.digits, before.end))?.[0].length ?? 0);
}

function afterStop(text: string): string {
  const at = Math.max(text.lastIndexOf('. '), text.lastIndexOf('; '), text.lastIndexOf('! '));
  return at === -1 ? text : text.slice(at + 2);
}

function beforeStop(text: string): string {
  const at = text.search(/[.;!]\s/);
  return at === -1 ? text : text.slice(0, at);
}

function readOne(
  statement: Statement,
  quantity: Quantity,
  lead: string,
  tail: string,
  context: LoneContext,
): Draft | null {
  const { text } = statement.passage;
  const draft = draftAt(statement.passage, statement.order, quantity.start);
  draft.kind = quantity.kind;
  draft.unit = quantity.unit;
  draft.window = quantity.window ?? (quantity.kind === 'money' ? windowInWords(lead) : null);
  draft.approximate = quantity.approximate;
  draft.orMore = quantity.orMore;
  draft.subject = `${statement.side === null ? statement.label : statement.side.rest} ${lead} ${quantity.noun} ${ownTail(statement, quantity, tail)}`;
  const labelChange =
    quantity.start <= statement.valueAt + 30 &&
    statement.label !== '' &&
    /\b(?:reduction|improvement|savings?|saved|decrease|increase|drop|gain|speed-?up|change|reducci[oó]n|mejora|ahorro|aumento|disminuci[oó]n|delta|diff)\b/i.test(
      statement.label,
    );
  const label = statement.label;
  // `Parallel lint: -35 s`.
  if (
    quantity.sign !== 0 &&
    quantity.kind !== 'percent' &&
    quantity.kind !== 'points' &&
    quantity.kind !== 'factor' &&
    !quantity.bare &&
    label !== '' &&
    /^\W*$/.test(text.slice(statement.valueAt, quantity.digits)) &&
    tail.trim() === ''
  ) {
    draft.delta = signSpan(quantity.value, quantity.sign);
    draft.direction = directionOf(quantity.sign);
    return draft;
  }
  if (quantity.kind === 'factor') return readFactor(draft, quantity, lead, tail, labelChange, label);
  if (quantity.kind === 'percent' || quantity.kind === 'points') {
    const isChange =
      CHANGE_AFTER.test(tail) ||
      CHANGE_NOUN_AFTER.test(tail) ||
      CHANGE_BEFORE.test(lead) ||
      CHANGE_RIGHT_BEFORE.test(lead) ||
      (quantity.op === null && CHANGE_DIRECT.test(lead)) ||
      labelChange ||
      (quantity.sign !== 0 && quantity.kind === 'points') ||
      (quantity.sign !== 0 &&
        (/^\W*$|^\s*\(|^\s*(?:on|in|vs|for)\b/.test(tail) || /^\s*$|[:,;(|—–]\s*$/.test(lead)));
    const toLevel =
      /\b(?:to|at|a|en|reached|hit)\W*(?:about |around |just |only |~|under |below |over |above )?$/i.test(
        lead,
      ) &&
      !CHANGE_AFTER.test(tail) &&
      !CHANGE_NOUN_AFTER.test(tail) &&
      // `reduce el tiempo en 70 %` is by, `queda en 70 %` is at.
      !/\b(?:redu[cj]\w*|mejor\w*|aument\w*|disminu\w*|recort\w*|increment\w*)\b[^.;\d]{0,60}\ben\s+$/i.test(
        lead,
      );
    if (isChange && !toLevel && !/^\s*(?:of (?:the )?(?:traffic|users|requests|fleet))/i.test(tail)) {
      if (
        quantity.op !== null &&
        /\b(?:if|when|alert|rollback|roll back|unless|should not|must not|no more|not)\b/i.test(lead)
      )
        return readLimit(draft, quantity, lead, tail, statement, context);
      return readChange(draft, quantity, lead, tail, label);
    }
  } else {
    const saved = readSaving(draft, quantity, lead, tail, label, text);
    if (saved !== null) return saved;
  }
  return readLimit(draft, quantity, lead, tail, statement, context);
}

function readChange(draft: Draft, quantity: Quantity, lead: string, tail: string, label: string): Draft {
  const near = tail.slice(0, 45);
  const sign: Sign =
    quantity.sign !== 0
      ? quantity.sign
      : changeSign(near, lead, label) || improvementSign(`${label} ${lead} ${tail}`, null) || 0;
  if (quantity.kind === 'percent') draft.changePct = signSpan(quantity.value, sign);
  else draft.changePp = signSpan(quantity.value, sign);
  draft.unit = quantity.kind === 'percent' ? '%' : 'pp';
  draft.direction = directionOf(sign);
  return draft;
}

/** The nearest word of change decides: behind the number first, then before it, then the label. */
function changeSign(near: string, lead: string, label: string): Sign {
  const first =
    /^\W{0,3}(?:[\w-]+\s+){0,3}?(?:reduc\w*|less|fewer|faster|increas\w*|decreas\w*|savings?|saved|lower|higher|drop|cheaper|smaller|shorter|quicker|cut|slower|larger|more|off|down|up|growth|menos|m[aá]s|redu[cj]\w*|ahorro|menor|mayor|aumento|disminuci[oó]n|eliminat\w*)\b/i.exec(
      near,
    );
  if (first !== null) {
    const words = first[0].trim().split(/\s+/);
    return signOfWords(words.slice(-1).join(' ')) || signOfWords(first[0]);
  }
  const words = lead.trim().split(/\s+/);
  for (let i = words.length - 1; i >= 0 && i >= words.length - 10; i -= 1) {
    const sign = signOfWords(words[i] ?? '');
    if (sign !== 0 && !/^(?:up|down)$/i.test((words[i] ?? '').replace(/\W/g, ''))) return sign;
    if (sign !== 0 && !/\bto\b/i.test(words[i + 1] ?? '')) return sign;
  }
  return signOfWords(label);
}

function readFactor(
  draft: Draft,
  quantity: Quantity,
  lead: string,
  tail: string,
  labelChange: boolean,
  label: string,
): Draft | null {
  const isChange =
    FACTOR_AFTER.test(tail) ||
    labelChange ||
    CHANGE_BEFORE.test(lead) ||
    /\b(?:improv(?:ed|es|e)|increas(?:ed|es|e)|reduc(?:ed|es|e)|grew|rose|fell|dropped|mejor[oóa]|aument[oóa]|redujo)\s+$/i.test(
      lead,
    ) ||
    /\b(?:speed-?up|faster|improvement|mejora|aceleraci[oó]n)\b[^.;\d]{0,20}$/i.test(lead) ||
    (/\bby\s+(?:a factor of\s+)?(?:about |up to )?$/i.test(lead) && namesChange(lead));
  if (!isChange) return null;
  draft.factor = quantity.value;
  draft.unit = null;
  const sign = changeSign(tail.slice(0, 45), lead, label);
  draft.direction = directionOf(sign !== 0 ? sign : improvementSign(`${label} ${lead} ${tail}`, null));
  return draft;
}

/** What stands in the bracket around an offset. */
function inBrackets(text: string, at: number): string {
  const from = text.lastIndexOf('(', at);
  const to = text.indexOf(')', at);
  return from === -1 || to === -1 ? '' : text.slice(from, to);
}

function readSaving(
  draft: Draft,
  quantity: Quantity,
  lead: string,
  tail: string,
  label: string,
  text: string,
): Draft | null {
  if (quantity.op !== null && /\b(?:if|when|alert)\b/i.test(lead)) return null;
  const saves =
    /\b(?:sav(?:e|es|ed|ing|ings)|spar(?:e|es|ed)|avoid(?:s|ed|ing)?|eliminat(?:e|es|ed|ing)|remov(?:e|es|ed|ing)|reclaim(?:s|ed)?|free[sd]?(?: up)?|shav(?:e|es|ed)(?: off)?|ahorr\w*|evit(?:a|an|amos|ar)|elimin(?:a|an|amos))\b\W{0,3}(?:(?:us|you|about|around|approximately|roughly|an?|estimated|up to|nearly|almost|another|additional|of|some|over|more than|at least|unos|unas|casi|hasta|cerca de|~|=|:)\s*){0,4}$/i.test(
      lead,
    );
  const behind =
    /^\W{0,3}(?:(?:in|on|de|en|of)\s+)?(?:[\w/-]+\s+){0,2}?(?:saved|savings?|fewer|less|avoided|eliminated|removed|reclaimed|freed|cheaper|faster|shorter|menos|ahorrad[oa]s?|de ahorro|reduction|smaller|lower)\b/i.exec(
      tail,
    );
  const labelSaves =
    /\b(?:sav(?:ings?|ed|es)|ahorros?)\b/i.test(label) &&
    (quantity.kind !== 'count' || !quantity.bare || /sav|ahorr/i.test(label));
  const by =
    /\b(?:reduc\w*|cut\w*|dropp?\w*|decreas\w*|lower\w*|shr[aiu]nk\w*|redu[cj]\w*|baj\w*|disminu\w*|fell|falls?)\b[^.;\d]{0,40}\b(?:by|en)\s+(?:about |around |approximately |roughly |~|unos |unas |up to |over )*$/i.test(
      lead,
    );
  const more =
    /\b(?:increas\w*|rais\w*|grew|grow\w*|rose|adds?|added|aument\w*)\b[^.;\d]{0,40}\b(?:by|en)\s+(?:about |around |~)*$/i.test(
      lead,
    );
  // `Saved: 100 KB per action × 50 actions = 5 MB`, `Savings: $900 ($600 servers + $300 people)`: the result or the whole.
  const value = text.slice(quantity.end);
  if (
    /^[^=;]{0,40}[×x*][^=;]{0,60}=\s*[~*]*[$€]?\d/.test(value) ||
    /^[^=;×*]{0,30}=\s*[~*]*[$€]?\d/.test(value)
  )
    return null;
  if (
    /\([^)]*$/.test(text.slice(0, quantity.start)) &&
    /^[^()]*\+[^()]*\)|^[^()]*\)/.test(value) &&
    /\+/.test(inBrackets(text, quantity.start))
  )
    return null;
  if (!(saves || behind !== null || (labelSaves && quantity.start - text.indexOf(':') < 60) || by || more))
    return null;
  // `saves the last 10 results`, `removed 3 files`: things that are no measure.
  if (quantity.kind === 'count' && quantity.window === null) {
    if (quantity.noun === '' && behind === null && !labelSaves) return null;
    if (
      /\b(?:remov\w*|eliminat\w*|elimin\w*)\b/i.test(lead) &&
      !/\b(?:quer\w+|calls?|requests?|commands?|reads?|writes?|ops|operations?|lookups?|gets|connections?|round|consultas|peticiones|llamadas|errors?)\b/i.test(
        quantity.noun,
      )
    )
      return null;
    if (
      /\b(?:tests?|files?|lines?|deps|dependencies|warnings|packages|steps|clicks|bugs|flags|people|engineers|rows)\b/i.test(
        quantity.noun,
      )
    )
      return null;
  }
  if (quantity.kind === 'count' && quantity.window === null && behind !== null && quantity.noun === '') {
    const noun = readNoun(tail.slice(behind[0].length)).noun;
    draft.unit = noun.split(' ').at(-1) || null;
    draft.subject += ` ${noun}`;
    if (noun === '' && quantity.bare && !labelSaves) return null;
    if (
      /\b(?:tests?|files?|lines?|deps|dependencies|warnings|packages|steps|clicks|bugs|flags)\b/i.test(noun)
    )
      return null;
  }
  const sign: Sign = more ? 1 : -1;
  draft.delta = signSpan(quantity.value, sign);
  draft.direction = directionOf(sign);
  return draft;
}

function readLimit(
  draft: Draft,
  quantity: Quantity,
  lead: string,
  tail: string,
  statement: Statement,
  context: LoneContext,
): Draft | null {
  const { text, kind } = statement.passage;
  if (kind === 'heading' && quantity.op === null) return null;
  // `1 ms + (50 × 100 ms) = 5 s`: a part of a sum is no level.
  if (/^\s*[+×*]\s*\(?\s*[~$€]?\d/.test(text.slice(quantity.end))) return null;
  const label = statement.label;
  const side = statement.side?.side ?? null;
  const clause = `${label} ${lead}`;
  const inValue = quantity.start >= statement.valueAt - 3;
  const rightAtLabel =
    label !== '' && inValue && /^\W*(?:\w+\W+){0,1}$/.test(text.slice(statement.valueAt, quantity.start));
  const targetLabel =
    side === 'target' ||
    /\b(?:target|goal|objetivo|meta)\W*(?:is |of |de )?$/i.test(lead) ||
    /\b(?:target|goal|threshold|limit|slo|sla|expected|alert|objetivo|meta|umbral|l[ií]mite|esperad[oa])\b/i.test(
      label,
    );
  if (ROLLOUT.test(tail.slice(0, 30)) && !TARGET.test(lead)) return null;
  const should =
    /\b(?:should|must|deb[ea]n?|needs? to|has to|have to|shall)\b/i.test(clause) ||
    /\b(?:stays?|remains?|keep|drops? to|falls? to)\b/i.test(lead);
  const negated =
    /\b(?:should not|shouldn't|must not|mustn't|never|no debe\w*|not|don't|no)\s+(?:\w+\s+){0,3}(?:exceed|go (?:above|over|below)|rise|increase|drop|fall|be|surpass|pass|superar|subir|bajar|pasar|caer)\b/i.exec(
      clause,
    );
  // `no task longer than 50 ms`.
  const none = quantity.op === '>' && /\b(?:no|none|ning[uú]n\w*)\s+(?:[\w-]+\s+){0,3}$/i.test(lead);
  const condition =
    /\b(?:if|when|alert|page|trigger\w*|rollback|roll back|warn\w*|si|alerta\w*|unless|cuando)\b/i.test(
      clause,
    ) && quantity.op !== null;
  let op: LimitOp | null = quantity.op;
  if (op === null && quantity.orMore && (targetLabel || should || context.open)) op = '>=';
  if (
    op === null &&
    /^\s*(?:or (?:less|lower|fewer|below|under)|max(?:imum)?\b|o menos|como m[aá]ximo|at most|tops)/i.test(
      tail,
    )
  )
    op = '<=';
  if (
    op === null &&
    /^\s*(?:or (?:more|higher|above|better)|min(?:imum)?\b|o m[aá]s|como m[ií]nimo|at least)/i.test(tail)
  )
    op = '>=';
  if (op === null && negated !== null)
    op = /\b(?:drop|fall|below|bajar|caer)\b/i.test(negated[0]) ? '>=' : '<=';
  // `a reduction within 24 hours` says when to look.
  if (
    quantity.kind === 'time' &&
    middle(quantity.value) >= (quantity.unit === 'ms' ? 3_600_000 : 3_600) &&
    /\b(?:within|in)\b/i.test(text.slice(quantity.start, quantity.digits)) &&
    betterWhen(clause) === 0
  )
    return null;
  if (op !== null) {
    const symbol =
      /[<>≤≥]\s*=?\s*[$€~]?\s*$/.test(text.slice(Math.max(0, quantity.start), quantity.digits)) ||
      /[<>≤≥]/.test(text.slice(quantity.start, quantity.digits));
    const asked =
      TARGET.test(label) ||
      TARGET.test(
        sentenceOf(text, quantity.start) +
          text
            .slice(quantity.start, quantity.digits)
            .replace(/\b(?:more than|over|under|below|above|less than)\b/gi, ''),
      ) ||
      targetLabel;
    const worded =
      /\bno (?:worse|slower|longer|larger|higher|bigger|more|less) than\b/i.test(
        text.slice(quantity.start, quantity.digits),
      ) && rightAtSubject(text.slice(0, quantity.start));
    const words = !symbol && !asked && !should && !worded && !none;
    if (
      words &&
      !(
        context.open &&
        /\b(?:below|under|above|less than|fewer than|more than|over|at most|at least|no more than|at or|debajo|encima|menos de|m[aá]s de|superan?|como m[aá]ximo|al menos)\b/i.test(
          text.slice(Math.max(0, quantity.start - 12), quantity.digits),
        )
      )
    )
      return null;
    if (
      symbol &&
      !asked &&
      !context.open &&
      !rightAtLabel &&
      !/\b(?:rate|latency|time|p\d\d|usage|cpu|memory|errors?|ratio|latencia|tiempo|errores|tasa)\b/i.test(
        clause,
      )
    )
      return null;
    if (
      /\b(?:processes|supports?|handles?|manages?|serves?|contains?|has|have|with|for|after|every|within the)\s*$/i.test(
        lead,
      ) &&
      !should &&
      !targetLabel
    )
      return null;
    if (none) op = '<=';
    else if (negated !== null && /^[<>]/.test(op) && (op === '>' || op === '>='))
      op = /\b(?:below|drop|fall|bajar|caer)\b/i.test(
        negated[0] + text.slice(quantity.start, quantity.digits),
      )
        ? '>='
        : '<=';
    else if (
      negated !== null &&
      (op === '<' || op === '<=') &&
      /\b(?:below|under|drop|fall|bajar|caer)\b/i.test(
        negated[0] + text.slice(quantity.start, quantity.digits),
      ) &&
      !/exceed|superar/i.test(negated[0])
    )
      op = '>=';
    else if (condition && !should) op = op === '>' ? '<=' : op === '>=' ? '<' : op === '<' ? '>=' : '>';
    draft.limit = quantity.value;
    draft.limitOp = op;
    draft.guard = negated !== null || /\b(?:stays?|remains?|keep|mantener\w*)\b/i.test(clause);
    return finishLevel(draft, statement, lead);
  }
  if (
    quantity.bare &&
    quantity.kind === 'count' &&
    !rightAtLabel &&
    !LEVEL.test(clause) &&
    !/=\s*$/.test(lead)
  )
    return null;
  // A level: a number that is asked for, not one that was only seen.
  const level =
    LEVEL.test(clause) ||
    (targetLabel && rightAtLabel) ||
    (should && inValue && /\b(?:be|at|to|a|en|ser)\W*(?:about |around |~)?$/i.test(lead));
  const listed =
    context.open && rightAtLabel && !readsAsSetting(label, quantity) && isMeasure(label, quantity);
  const zero = quantity.value === 0 && context.open && /(?:=|\bto|\bat|\ba|\ben|\bis|\bbe|:)\s*$/i.test(lead);
  // A measure with its value, told as reached: `Error rate: 0.03 %`.
  const told =
    kind !== 'code' &&
    side !== 'before' &&
    side !== 'current' &&
    side !== 'change' &&
    rightAtLabel &&
    text.length < 90 &&
    (quantity.kind === 'percent' || quantity.kind === 'time' || side === 'after') &&
    betterWhen(`${label}`) !== 0 &&
    !readsAsSetting(label, quantity) &&
    !/\b(?:problem|issue|symptoms?|root cause|background|context|before|incident|timeline|config\w*|setup|environment|problema|causa)\b/i.test(
      context.heading,
    );
  if (!level && !listed && !zero && !told) return null;
  if (
    quantity.kind === 'time' &&
    quantity.window === null &&
    /\b(?:for|within|in|next|after|during|over|wait|every|durante|en|cada|tras)\s*$/i.test(lead)
  )
    return null;
  if (
    quantity.kind === 'time' &&
    /\b(?:ttl|interval|timeout|cache for|window|retention|period|next review|review|duration of|build time|downtime window|estimated time|deploy(?:ment)? time|eta)\b/i.test(
      clause,
    )
  )
    return null;
  // `upgraded to Pro ($25/mo)`: what a plan costs is no level that was promised.
  if (quantity.kind === 'money' && !MONEY_MEASURE.test(`${clause} ${tail} ${context.heading}`)) return null;
  draft.after = quantity.value;
  const stays = /\b(?:stays?|remains?|mantener\w*|unchanged|keep)\b/i.test(clause);
  if (
    stays ||
    side === 'target' ||
    /\b(?:target|goal|objetivo|meta)\W*(?:is |of |de )?$/i.test(lead) ||
    /\bshould be\b|\bmust be\b|\bdebe ser\b/i.test(clause)
  ) {
    const better = betterWhen(`${clause} ${quantity.noun} ${context.heading}`);
    const isTarget = side === 'target' || /\b(?:target|goal|objetivo|meta)\W*(?:is |of |de )?$/i.test(lead);
    draft.limit = quantity.value;
    draft.limitOp =
      isTarget && quantity.value !== 0
        ? better === 1
          ? '>='
          : better === -1 || quantity.kind === 'time'
            ? '<='
            : '='
        : '=';
    if (isTarget && quantity.value !== 0) draft.after = null;
    draft.guard = stays;
  }
  return finishLevel(draft, statement, lead);
}

function finishLevel(draft: Draft, statement: Statement, lead: string): Draft {
  const words = fold(`${statement.label} ${lead}`);
  if (draft.direction === null) {
    if (
      /\b(?:drops?|falls?|fall|drop|lower|decrease|down|baj\w*|caer|reduc\w*)\b/.test(words) &&
      !draft.guard
    )
      draft.direction = 'down';
    else if (/\b(?:rise|climb|increase|up|grow|sub\w*|aument\w*)\b/.test(words) && !draft.guard)
      draft.direction = 'up';
    else if (/\b(?:stays?|remains?|unchanged|mantener\w*)\b/.test(words)) draft.direction = 'unchanged';
  }
  return draft;
}

/** `Monthly cost dropped by $1,200`. */
function windowInWords(lead: string): string | null {
  const word =
    /\b(monthly|annual|yearly|daily|hourly|weekly|mensual|anual|diario)\b/i.exec(lead)?.[1]?.toLowerCase() ??
    '';
  const windows: Readonly<Record<string, string>> = {
    monthly: 'month',
    mensual: 'month',
    annual: 'year',
    yearly: 'year',
    anual: 'year',
    daily: 'day',
    diario: 'day',
    hourly: 'h',
    weekly: 'week',
  };
  return windows[word] ?? null;
}

/** The sentence around an offset: its words may ask for all its numbers. */
function sentenceOf(text: string, at: number): string {
  const from = Math.max(text.lastIndexOf('. ', at), text.lastIndexOf('; ', at), at - 240, 0);
  return text.slice(from, at);
}

/** `p99 no worse than 9 s`: the measure itself stands right before. */
function rightAtSubject(lead: string): boolean {
  return betterWhen(lead) !== 0 && lead.split(/\s+/).length <= 8;
}

/** Labels of settings and of the document, whose numbers are no measure. */
function readsAsSetting(label: string, quantity: Quantity): boolean {
  if (
    /\b(?:ttl|timeout|interval|retries|retry|port|version|replicas|workers?|batch|pool size|max|min|size limit|concurrency|date|time(?:line|frame)?|duration|window|build time|deploy(?:ment)? time|estimated|effort|review|step|phase|priority|machines?|region|memory limit|next|period|frequency|schedule|intervalo|fecha|duraci[oó]n|versi[oó]n|when|day|hour)\b/i.test(
      label,
    )
  )
    return true;
  return (
    quantity.kind === 'count' &&
    quantity.bare &&
    !/\d/.test(label) &&
    betterWhen(label) === 0 &&
    quantity.value !== 0
  );
}

/** True for something that a machine could measure. */
export function isMeasure(words: string, quantity: Quantity): boolean {
  if (quantity.kind === 'percent' || quantity.kind === 'bytes' || quantity.window !== null) return true;
  if (betterWhen(words) !== 0 || betterWhen(quantity.noun) !== 0) return true;
  return quantity.kind === 'money' && /\b(?:cost|bill|spend|price|coste?o?|factura|gasto)\b/i.test(words);
}

/** A saving next to a percent, a factor next to a percent: one claim. `Reduction: 95 % (saves ~2,090,000 GETs/day)`. */
function joinNext(statement: Statement, draft: Draft, index: number): void {
  const { text } = statement.passage;
  const own = statement.quantities[index];
  const next = statement.quantities[index + 1];
  if (own === undefined || next === undefined || statement.used.has(next)) return;
  const gap = text.slice(own.end, next.start);
  if (gap.length > 40 || !/^[^.;]*[(=,/]\s*(?:[\p{L}]+\s+){0,4}[~]?$/u.test(gap) || /\band\b/.test(gap))
    return;
  const behind = text.slice(next.end, next.end + 30);
  if (
    next.kind === 'percent' &&
    draft.changePct === null &&
    !/\(\s*(?:from|was)/.test(gap) &&
    (namesChange(gap + behind + statement.label) || next.sign !== 0 || /^\s*\)/.test(behind))
  ) {
    draft.changePct = signSpan(next.value, next.sign !== 0 ? next.sign : draft.direction === 'up' ? 1 : -1);
  } else if (next.kind === 'factor' && draft.factor === null && namesChange(gap + behind + statement.label))
    draft.factor = next.value;
  else if (
    draft.delta === null &&
    draft.before === null &&
    next.kind !== 'percent' &&
    next.kind !== 'factor' &&
    /\bsav|ahorr/i.test(gap)
  ) {
    draft.delta = signSpan(next.value, -1);
    draft.unit = next.unit;
    draft.window = next.window;
    draft.kind = next.kind;
  } else return;
  statement.used.add(next);
}

/** `rose 12 points to 94 %`: the change with what was reached. */
function joinReached(statement: Statement, draft: Draft, index: number): void {
  const own = statement.quantities[index];
  const next = statement.quantities[index + 1];
  if (own === undefined || next === undefined || next.kind !== 'percent' || statement.used.has(next)) return;
  if (!/^\s*,?\s*(?:to|a|hasta)\s+$/i.test(statement.passage.text.slice(own.end, next.start))) return;
  draft.after = next.value;
  draft.kind = 'percent';
  draft.unit = '%';
  statement.used.add(next);
}

/** True where words say that something must not get worse, without a number. */
export function readsAsGuard(text: string): boolean {
  if (text.length > 160 || !/should|must|stay|remain|debe|\bno\b/i.test(text)) return false;
  return /\b(?:should(?:n't| not)|must(?:n't| not)|no debe\w*|no deber[ií]an?)\s+(?:\w+\s+){0,2}?(?:increase|rise|go up|get worse|degrade|regress|drop|decrease|aumentar|subir|empeorar|crecer|bajar)\b|\b(?:should|must|debe\w*)\s+(?:stay|remain|keep|mantenerse|permanecer|seguir)\s+(?:the same|flat|stable|unchanged|steady|constant|low|estables?|igual(?:es)?)\b|\b(?:stay|stays|remain|remains)\s+(?:unchanged|flat|stable|steady)\b|\bno (?:increase|regression|rise|aumento) (?:in|of|de|en)\b/i.test(
    text,
  );
}
