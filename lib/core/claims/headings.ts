import { remember } from './memo.ts';
import { fold } from './vocabulary.ts';

/** What a heading says of the statements under it. */
export type HeadingSense = 'open' | 'promise' | 'done' | 'rollback' | 'follow-up' | 'other';

const ROLLBACK =
  /\b(?:roll ?back|rolling back|revert\w*|if (?:any )?(?:issues?|problems?|something|things|it|anything|you see issues|errors?)\b.{0,40}|back ?out|backing out|undo|emergency|contingency|reversion|revertir|deshacer|si algo (?:falla|sale mal|va mal)|si hay problemas|vuelta atras|marcha atras|plan b|disable (?:the )?(?:feature|flag))\b/;
const FOLLOW_UP =
  /\b(?:next steps?|follow ?ups?|future(?: work| improvements| optimi[sz]ations)?|short term|long term|medium term|this (?:week|month|quarter|sprint)|next (?:week|month|quarter|sprint|release|review)|todo|to do|later|action items?|remaining(?: work)?|proximos pasos|siguientes pasos|seguimiento|pendientes?|corto plazo|largo plazo|esta semana|proxima semana|proximo (?:mes|trimestre)|acciones|backlog|roadmap|recommendations?|what s next|open items|what we will do|to be done|what remains|still to do|que haremos|lo que falta)\b/;
const OPEN =
  /\b(?:monitor\w*|next \d+ \w+|next (?:few )?(?:hours?|days?)|first \d+ \w+|verify|verification(?: steps| plan| checklist)?|verif(?:y|ying)|validat\w*|success(?: criteria| indicators| metrics)?|watch(?: for| list)?|to watch|alerts?|look for|checklist|test plan|testing|acceptance|post deploy(?:ment)?(?: checks?| verification| monitoring)?|after deploy(?:ing|ment)?|smoke tests?|what to (?:watch|check|expect|monitor)|how to (?:verify|test)|should|criteria|key metrics|(?:health|smoke|final|manual|sanity|post deploy\w*|pre ?deploy\w*|before merging|before release) checks?|things to check|qa|pending|in progress|not yet|remaining|verificacion|verificar|comprobaciones|monitoreo|vigilar|que vigilar|a vigilar|supervision|criterios|exito|proximas \d+ \w+|pruebas|validacion|alertas|lista de verificacion|revisar|comprobar|por comprobar|pendiente)\b/;
/** Numbers that are promised; what is listed under them is a claim, and a thing to check only where it is marked. */
const PROMISE =
  /\b(?:expect\w*|targets?|goals?|slos?|slis?|thresholds?|objectives?|esperad[oa]s?|objetivos?|umbrales|metas?|projected|estimated)\b/;
const DONE =
  /\b(?:completed?|done|verified|passed|results?|what (?:was|we) (?:deployed|done|changed|did|shipped)|deployed|finished|applied|fixed|fixes|changes(?: made)?|implemented|shipped|achieved|benefits|already|resolved|deployment status|status|accomplished|summary of changes|what changed|delivered|tested|hecho|completad[oa]s?|resultados?|verificado|aplicado|realizad[oa]s?|cambios|desplegado|estado|logrado|que se (?:hizo|desplego)|beneficios)\b/;

const MAX_SENSES = 2_000;

/** Reads one title. A rollback heading wins over all, then what is still to come, then what is done. */
export const senseOf = remember(MAX_SENSES, judgeTitle);

function judgeTitle(title: string): HeadingSense {
  const plain = fold(title.slice(0, 300));
  if (plain === '') return 'other';
  if (/^checks?$/.test(plain)) return 'open';
  if (ROLLBACK.test(plain)) return 'rollback';
  if (
    /\b(?:verified|already|verificado|completed|completad[oa]s?|passed)\b/.test(plain) &&
    !/\bto be\b|\bnot yet\b/.test(plain)
  )
    return 'done';
  // `Test results`, `Verification results` look back.
  if (/\b(?:results?|resultados?)\b/.test(plain) && !/\bexpect|\besperad/.test(plain)) return 'done';
  if (/\bnext (?:\d+ |few )?(?:hours?|days?|minutes?|min)\b|\bproximas? \d* ?(?:horas?|dias?)\b/.test(plain))
    return 'open';
  if (FOLLOW_UP.test(plain)) return 'follow-up';
  if (PROMISE.test(plain) && !/\b(?:monitor\w*|verif\w*|watch|alerts?|check)\b/.test(plain)) return 'promise';
  if (OPEN.test(plain)) return 'open';
  return DONE.test(plain) ? 'done' : 'other';
}

/** The sense of the nearest heading that has one, from the inside out. */
export function senseOfTitles(titles: readonly string[]): HeadingSense {
  for (const title of titles) {
    const sense = senseOf(title);
    if (sense !== 'other') return sense;
  }
  return 'other';
}
