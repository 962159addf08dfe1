import { findMetric } from '../../metrics/catalogue/index.ts';
import type { Labels } from '../../model/sample.ts';
import { UNIT_FAMILIES, type UnitFamily, unitScale, windowSeconds } from './base-units.ts';
import { KNOWN_NOUNS, OTHER_NOUNS, OTHER_THINGS, SENSES, type Sense } from './senses/index.ts';
import { phrasesOf, plainWords, startsOf } from './words.ts';

/** Which metric of the catalogue some words mean; null when none is meant well enough. */
export interface Binding {
  metric: string | null;
  /** 0–1; 0 where `metric` is null. */
  confidence: number;
  /** Labels that narrow the metric to what was said: `{ cmd: 'get' }`, `{ status: '429' }`. */
  labels: Labels;
}

/** Below this a claim stays without a metric until a person binds it. */
export const BINDING_LINE = 0.5;

/** Longest text that is looked at: a promise is a line, not a page. */
const MAX_CHARS = 600;
const NONE: Binding = { metric: null, confidence: 0, labels: {} };
/** Each word of a phrase beyond the first makes the match more telling. */
const WORD_WORTH = 0.015;
const WINDOWLESS_WORTH = 0.7;
const SHARE_WORTH = 0.5;
const UNKNOWN_NOUN_WORTH = 0.5;
const LEVEL_AS_RATE_WORTH = 0.5;

/** Why something changes is not what changes: `latency should improve (fewer Redis calls)`. */
const REASON = /\([^)]*\)|\b(?:due to|because(?: of)?|thanks to|gracias a|debido a|porque)\s.*$/gi;
/** What something is counted for, where that is no time and no machine: `queries per report`, `each visit`. */
const SHARE =
  /(?:\bper|\s\/|\bpor|\bcada|\beach)\s+(\p{L}+)|\p{L}\/\s?(request|page|order|report|call|op|operation|user|job|tenant|session|message|sync|search|render|visit|import|load|item)s?\b/giu;
const TIMES =
  /^(?:s|sec|second|min|minute|h|hr|hour|day|d|week|month|mo|year|segundo|minuto|hora|d[ií]a|semana|mes|a[nñ]o|machine|instance|replica|m[aá]quina|instancia|cent|ciento)s?$/i;

/**
 * Binds the words of a claim (its text, label and heading) to a metric by what people call it, in English and Spanish.
 * `unit` and `window` are those of `ParsedClaim`. Pure; never throws.
 */
export function bindMetric(words: string, unit: string | null, window: string | null): Binding {
  const { family } = unitScale(unit);
  const text = words.slice(0, MAX_CHARS);
  const noun = family === 'count' && unit !== null ? plainWords(unit).trim() : '';
  const head = noun.split(' ').at(-1) ?? '';
  if (OTHER_NOUNS.includes(head)) return NONE;
  const read = (said: string) => readWords(`${plainWords(said).trim()} ${noun}`.trim());
  const whole = read(text);
  if (whole.others.has(family)) return NONE;

  const families = unit === null ? UNIT_FAMILIES : [family];
  const lead = text.replace(REASON, ' ');
  const sense = (lead === text ? null : bestSense(read(lead), families)) ?? bestSense(whole, families);
  if (sense === null || sense.metric === null) return NONE;
  const confidence = sense.confidence * worthOf(sense.metric, { text, family, head, window });
  if (confidence < BINDING_LINE) return NONE;
  return {
    metric: sense.metric,
    confidence: Math.round(confidence * 100) / 100,
    labels: sense.labels ?? {},
  };
}

/** What was found in some words. */
interface Read {
  phrases: ReadonlySet<string>;
  /** Senses of which the first group is there. */
  senses: ReadonlySet<Sense>;
  /** Families of units that mean something else beside these words. */
  others: ReadonlySet<UnitFamily>;
}

/** Senses by the phrases of their first group, and families by the words that spoil them: a claim asks for few of them. */
const SENSES_OF = new Map<string, Sense[]>();
for (const sense of SENSES) {
  for (const phrase of sense.all[0] ?? []) SENSES_OF.set(phrase, [...(SENSES_OF.get(phrase) ?? []), sense]);
}
const OTHERS_OF = new Map<string, UnitFamily[]>();
for (const family of UNIT_FAMILIES) {
  for (const thing of OTHER_THINGS[family]) OTHERS_OF.set(thing, [...(OTHERS_OF.get(thing) ?? []), family]);
}

const STARTS = startsOf([
  ...SENSES.flatMap(({ all, not = [] }) => [...all.flat(), ...not]),
  ...Object.values(OTHER_THINGS).flat(),
]);

function readWords(plain: string): Read {
  const phrases = phrasesOf(plain, STARTS);
  const senses = new Set<Sense>();
  const others = new Set<UnitFamily>();
  for (const phrase of phrases) {
    for (const sense of SENSES_OF.get(phrase) ?? []) senses.add(sense);
    for (const family of OTHERS_OF.get(phrase) ?? []) others.add(family);
  }
  return { phrases, senses, others };
}

function bestSense(read: Read, families: readonly UnitFamily[]): Sense | null {
  let best: { sense: Sense; score: number } | null = null;
  for (const sense of read.senses) {
    const score = scoreOf(sense, read, families);
    if (score !== null && (best === null || score > best.score)) best = { sense, score };
  }
  return best?.sense ?? null;
}

/** How well a sense fits; null when it does not. */
function scoreOf(sense: Sense, { phrases, others }: Read, families: readonly UnitFamily[]): number | null {
  const isPercent = families.length === 1 && families[0] === 'percent';
  if (!isPercent && !sense.families.some((family) => families.includes(family))) return null;
  if (sense.needsUnit === true && families.length > 1) return null;
  let telling = 0;
  for (const group of sense.all) {
    let longest = 0;
    for (const phrase of group) if (phrases.has(phrase)) longest = Math.max(longest, wordsIn(phrase));
    if (longest === 0) return null;
    telling += longest;
  }
  if (sense.not?.some((phrase) => phrases.has(phrase))) return null;
  if (sense.families.some((family) => others.has(family))) return null;
  return sense.confidence + telling * WORD_WORTH;
}

function wordsIn(phrase: string): number {
  let words = 1;
  for (const sign of phrase) if (sign === ' ') words += 1;
  return words;
}

interface Said {
  text: string;
  family: UnitFamily;
  head: string;
  window: string | null;
}

/** What takes away from the confidence that the words give. */
function worthOf(metric: string, { text, family, head, window }: Said): number {
  const known = head === '' || KNOWN_NOUNS.includes(head) ? 1 : UNKNOWN_NOUN_WORTH;
  if (family !== 'count') return known;
  const isRate = windowSeconds(window) !== null;
  if (findMetric(metric)?.kind !== 'counter') return isRate ? known * LEVEL_AS_RATE_WORTH : known;
  const shares = [...text.matchAll(SHARE)].some(([, of, noun]) => !TIMES.test(noun ?? of ?? ''));
  if (shares || (window !== null && !isRate)) return known * SHARE_WORTH;
  // `101 queries → 2 queries` without a time is mostly per page or per order, which no counter tells.
  return isRate || head === '' ? known : known * WINDOWLESS_WORTH;
}
