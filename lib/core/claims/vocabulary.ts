import { remember } from './memo.ts';

/** Words of summaries, English and Spanish, without accents and in lower case: compare with `fold`. */

/** Which of two states a label names; `current` is before a target and after a past, so its partner decides. */
export type Side = 'before' | 'after' | 'current' | 'change' | 'target' | 'achieved';

const BEFORE =
  'before|previous(?:ly)?|prev|old|without|baseline|was|prior|original(?:ly)?|formerly|initial(?:ly)?|legacy|unoptimi[sz]ed|uncached|past|used to be|historical|antes|previo|previa|anterior(?:mente)?|viejo|vieja|sin|inicial|original|linea base|main|master|control';
const AFTER =
  'after|new|with|now|optimi[sz]ed|improved|expected|projected|estimated|proposed|post|cached|final|candidate|patched|fixed|updated|this (?:pr|change|branch|release|commit|fix)|then|despues|nuevo|nueva|ahora|con|esperado|esperada|optimizado|optimizada|mejorado|proyectado|head|pr|treatment';
const CHANGE =
  'change|changes|reduction|improvement|improvements|saving|savings|saved|diff|difference|delta|decrease|increase|gain|gains|speed-?up|drop|impact|win|benefit|reduccion|mejora|ahorro|cambio|diferencia|Δ|δ|% ?change|change ?%|% ?reduction|% ?improvement|disminucion|aumento';
const TARGET =
  'target|targets|goal|goals|slo|sla|threshold|limit|budget|objective|requirement|required|acceptance|objetivo|meta|umbral|limite|alert(?: at| if| when| threshold)?|should be|max(?:imum)?|min(?:imum)?';
const ACHIEVED =
  'actual|achieved|measured|result|results|observed|real|obtenido|logrado|medido|resultado|alcanzado|got|reached';
const CURRENT = 'current|currently|today|present|hoy|actualmente|existing';

/** Words that may stand beside the word of the side and name no metric. */
const FILLER =
  'the|a|an|this|our|your|fix|fixes|change|changes|optimi[sz]ations?|deploy|deployment|deployed|release|update|pr|patch|state|status|version|v?\\d+(?:\\.\\d+)*|implementation|code|behaviou?r|value|values|numbers|metrics|results?|performance|migration|refactor|caching|cache|upgrade|flow|architecture|approach|mode|system|setup|config|configuration|el|la|los|las|del|de|cambio|cambios|despliegue|optimizacion|arreglo|mejora|version|estado|to|impact|rollout|redis|indexing|index|indexes|pooling|batching|compression|query|queries|of|merge|merging|solution|path|pipeline|improvements?|tuning|logic|design|model|phase|usage|is|are|it|avg|average|approx|estimate[ds]?|per|hit|miss';

function words(list: string): RegExp {
  return new RegExp(`^(?:${list})$`);
}

const IS_BEFORE = words(BEFORE);
const IS_AFTER = words(AFTER);
const IS_CHANGE = words(CHANGE);
const IS_TARGET = words(TARGET);
const IS_ACHIEVED = words(ACHIEVED);
const IS_CURRENT = words(CURRENT);
const IS_FILLER = words(FILLER);

const MAX_REMEMBERED = 4_000;

/** Lower case, accents off, marks off, spaces single. */
export const fold = remember(MAX_REMEMBERED, (text) => {
  let plain = text.toLowerCase();
  if (/[^\0-\x7f]/.test(plain))
    plain = plain
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, '')
      .replace(/[^\p{L}\p{N}%$/Δ]+/gu, ' ');
  else plain = plain.replace(/[^a-z0-9%$/]+/g, ' ');
  return plain.trim();
});

/** The state that a whole label names (`Before`, `After the fix (v2)`, `Response time before`), and what is left of it as the metric. */
export interface SideLabel {
  readonly side: Side;
  /** Words of the label besides the side, marks off; empty when it names the side only. */
  readonly rest: string;
  /** True when nothing but the side and filler words is in it. */
  readonly pure: boolean;
}

const SIDE_PATTERNS: readonly [Side, RegExp][] = [
  ['before', IS_BEFORE],
  ['after', IS_AFTER],
  ['current', IS_CURRENT],
  ['change', IS_CHANGE],
  ['target', IS_TARGET],
  ['achieved', IS_ACHIEVED],
];

/** Reads a label; null when it names no state. A label of more than eight words is a sentence. */
export const readSideLabel = remember(MAX_REMEMBERED, judgeLabel);

/** Words that name a state even in brackets; `queue (new)` is only the name of a thing. */
const STATE_IN_BRACKETS =
  /^(?:before|after|previous(?:ly)?|baseline|current(?:ly)?|target|goal|antes|despues|actual|objetivo|meta)(?: (?:(?:the|this|la|el|de la) )?(?:fix|change|optimi[sz]ations?|deploy(?:ment)?|release|patch|pr|migration|caching|cache|optimizacion|cambio|despliegue))?$/;

function judgeLabel(label: string): SideLabel | null {
  if (label.length > 200) return null;
  const inner = fold(label.replace(/\([^)]*\)/g, ' '));
  if (inner === '' || inner.length > 70) return null;
  // `Execution time (before)`: the bracket names the state, what stands outside names the metric.
  const bracketed = fold(/\(([^()]{1,30})\)\s*:?\s*$/.exec(label)?.[1] ?? '');
  if (STATE_IN_BRACKETS.test(bracketed) && sideOfWord(inner) === null) {
    const side = sideOfWord(bracketed.split(' ')[0] ?? '');
    if (side !== null) return { side, rest: inner, pure: false };
  }
  const parts = inner.split(' ');
  if (parts.length > 8) return null;
  const whole = sideOfWord(inner);
  if (whole !== null) return { side: whole, rest: '', pure: true };
  const ends: readonly [string, readonly string[], boolean][] = [
    [parts[0] ?? '', parts.slice(1), true],
    [parts.at(-1) ?? '', parts.slice(0, -1), false],
  ];
  for (const [word, others, leads] of ends) {
    const side = sideOfWord(word);
    if (side === null) continue;
    // `with`, `new`, `then` and the like begin many labels that name no state: they count alone or with fillers only.
    const rest = others.filter((one) => !IS_FILLER.test(one));
    const weak =
      /^(?:was|with|con|sin|new|old|now|then|final|pr|head|main|master|past|post|fixed|updated|improved|original|initial|control|real|max|min|limit|maximum|minimum|impact|benefit|win|gain|change|changes|result|results|required|expected|estimated|update|current|alert|budget|cached|existing|present|candidate|legacy|nuevo|nueva|viejo|vieja)$/.test(
        word,
      );
    if ((!leads && weak) || (leads && word === 'budget')) continue;
    if (weak && rest.length > 2) continue;
    if (
      word === 'expected' &&
      /^(?:impact|results?|outcome|behaviou?r|benefits?|improvements?|savings?)$/.test(others.join(' '))
    )
      continue;
    if (/^(?:results?|impact|benefit|change|changes)$/.test(word) && others.length > 0) continue;
    return { side, rest: rest.join(' '), pure: rest.length === 0 };
  }
  return null;
}

function sideOfWord(word: string): Side | null {
  for (const [side, pattern] of SIDE_PATTERNS) if (pattern.test(word)) return side;
  return null;
}

/** `before` or `after` when a label or heading names that state, else null. */
export function sideOfLabel(label: string): 'before' | 'after' | 'current' | null {
  const read = readSideLabel(label);
  if (read === null) return null;
  return read.side === 'before' || read.side === 'after' || read.side === 'current' ? read.side : null;
}

const MAJOR =
  /^(?:expected|documentation|files?|related|success|rollback|roll back|revert|verification|verify|monitoring|monitor|next|summary|results?|impact|what|how|why|problem|root cause|deployment|testing|tests?|known|support|conclusion|notes?|cost|performance|benefits|trade|limitations|git commits|immediate|changes|overview|background|metrics|risks?|timeline|alerts?|checklist|validation|follow|future|if issues|if something|emergency|targets?|goals?|post|watch|look for|key|references|links|resumen|resultados?|impacto|verificacion|proximos|siguientes|seguimiento|monitoreo|objetivos?|criterios|pruebas|plan|archivos|problema|causa|solucion|reversion|si algo|alertas|beneficios)\b/;

/** True for a plain line that begins a part of its own, such as `Rollback plan` or `Next 24 hours`. */
export function isMajorHeading(text: string): boolean {
  return MAJOR.test(fold(text));
}

/** Verbs and nouns of a fall and of a rise. */
const DOWN =
  /\b(?:reduc\w*|less|fewer|lower\w*|drop\w*|decreas\w*|cut(?:s|ting)?|fall\w*|fell|sav(?:e|es|ed|ing|ings)|elimin\w*|remov\w*|avoid\w*|faster|shorter|smaller|cheaper|quicker|shrink\w*|shrank|down|halv\w*|slash\w*|trim\w*|menos|redu[cj]\w*|ahorr\w*|baj\w*|disminu\w*|menor(?:es)?|mas rapid[oa]s?|evit\w*|recort\w*|off)\b|↓|▼/;
const UP =
  /\b(?:increas\w*|more|higher|ris(?:e|es|ing)|rose|grow\w*|grew|gain\w*|up|additional|extra|rais\w*|slower|larger|bigger|climb\w*|boost\w*|jump\w*|added|adds|doubl\w*|tripl\w*|mas|aument\w*|sub(?:e|ir|io|en)|mayor(?:es)?|crec\w*|increment\w*)\b|↑|▲/;

export type Sign = -1 | 1 | 0;

/** Which way the words of a change point; 0 when they do not say or say both. */
export function signOfWords(text: string): Sign {
  const plain = fold(text.replace(/[↓▼]/g, ' drop ').replace(/[↑▲]/g, ' rise '))
    .replace(/mas rapid/g, 'menos ')
    .replace(/\bup to\b/g, ' ')
    .replace(/\bmore (?:than|efficient\w*|stable|responsive)\b/g, ' ');
  const down = DOWN.test(plain);
  const up = UP.test(plain);
  if (down === up) return 0;
  return down ? -1 : 1;
}

/** True where a word says that something changed, better or worse. */
export function namesChange(text: string): boolean {
  const plain = fold(text);
  return (
    DOWN.test(text) ||
    UP.test(text) ||
    DOWN.test(plain) ||
    UP.test(plain) ||
    /\b(?:improv\w*|better|speed-?up|mejor\w*|efficien\w*|optimi[sz]\w*|reduction|change)\b/.test(plain)
  );
}

/** Metrics that are better when low (time, load, cost) or when high (throughput, hit rate). */
export function betterWhen(text: string): Sign {
  const plain = fold(text);
  if (
    /\b(?:hit (?:rate|ratio)|hits|throughput|rps|qps|tps|uptime|availability|success|crash free|coverage|score|conversion|disponibilidad|aciertos|capacity|req s|ops s|requests s|ops sec|bandwidth available)\b/.test(
      plain,
    )
  )
    return 1;
  if (
    /\b(?:latency|time|duration|load|cost|costs|bill|spend|memory|cpu|size|errors?|error rate|queries|calls|requests|reads|writes|commands|gets|transfer|bandwidth|egress|storage|p\d\d|ttfb|lcp|latencia|tiempo|coste?s?|costo|memoria|errores|consultas|peticiones|misses|miss|timeouts|bundle|usage|operations|ops|lookups|round trips|connections|hits to|startup|boot|build)\b/.test(
      plain,
    )
  )
    return -1;
  return 0;
}
