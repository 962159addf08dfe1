import { type Draft, draftAt, improvementSign } from './draft.ts';
import type { Statement } from './statements.ts';

const FRACTIONS: readonly [RegExp, number][] = [
  [
    /\b(?:halved|halves|halving|(?:cut|cuts|reduced?|reduces|drop(?:s|ped)?|fell|falls) (?:[\w ]{0,30} )?(?:in|by) half|half as (?:many|much)|a la mitad|la mitad de)\b/i,
    -50,
  ],
  [/\b(?:(?:cut|cuts|reduced?|reduces|drop(?:s|ped)?) (?:[\w ]{0,30} )?by (?:a|one) third)\b/i, -33.3],
  [/\b(?:(?:cut|cuts|reduced?|reduces|drop(?:s|ped)?) (?:[\w ]{0,30} )?by (?:a|one) quarter)\b/i, -25],
  [/\b(?:(?:cut|cuts|reduced?|reduces|drop(?:s|ped)?) (?:[\w ]{0,30} )?by two thirds)\b/i, -66.7],
];
const FACTORS: readonly [RegExp, number][] = [
  [/\b(?:twice as (?:fast|many|much)|doubles|doubled|doubling|el doble de)\b/i, 2],
  [/\b(?:three times as (?:fast|many|much)|triples|tripled|tripling|el triple de)\b/i, 3],
];
const MEASURED =
  /\b(?:latency|time|load|quer(?:y|ies)|requests?|calls?|cost|bill|memory|cpu|reads?|writes?|commands?|traffic|transfer|throughput|size|errors?|usage|operations?|duration|consultas|peticiones|latencia|coste?o?|memoria|carga|tr[aá]fico|tiempo)\b/i;

/** `halved`, `twice as fast`: a change written as a word, of something that is measured. */
export function readHalves(statement: Statement): Draft[] {
  const { passage, order } = statement;
  if (!/hal[fv]|mitad|doubl|tripl|twice|third|quarter|doble|times as/i.test(passage.text)) return [];
  if (
    passage.kind === 'heading' ||
    passage.text.length > 400 ||
    statement.used.size > 0 ||
    !MEASURED.test(passage.text)
  )
    return [];
  for (const [pattern, percent] of FRACTIONS) {
    const match = pattern.exec(passage.text);
    if (match === null) continue;
    const draft = draftAt(passage, order, match.index);
    Object.assign(draft, {
      kind: 'percent',
      unit: '%',
      changePct: percent,
      direction: 'down',
      subject: passage.text.slice(0, 120),
    });
    return [draft];
  }
  for (const [pattern, factor] of FACTORS) {
    const match = pattern.exec(passage.text);
    if (match === null || /\b(?:should|avoid|never|not|if)\b/i.test(passage.text.slice(0, match.index)))
      continue;
    const draft = draftAt(passage, order, match.index);
    const sign = /fast/i.test(match[0]) ? improvementSign(passage.text, null) : 1;
    Object.assign(draft, {
      factor,
      direction: sign === -1 ? 'down' : 'up',
      subject: passage.text.slice(0, 120),
    });
    return [draft];
  }
  return [];
}
