/**
 * What stands around the numbers of a text, as bits: a pattern that needs a colon between digits or the word `port` before
 * them is not tried on a text without. One look at each character is far cheaper than fifty patterns.
 */
export const NEAR = {
  slash: 1,
  equals: 1 << 1,
  at: 1 << 2,
  hash: 1 << 3,
  bracket: 1 << 4,
  dash: 1 << 5,
  /** `.md`: a full stop, then a letter. */
  dotLetter: 1 << 6,
  /** `1.2.3`, `1/2/3`. */
  separated: 1 << 7,
  dotBetween: 1 << 8,
  colonBetween: 1 << 9,
  /** `2026-1`, `2026/1`. */
  yearBetween: 1 << 10,
  /** `v1`, `v-1`. */
  letterBefore: 1 << 11,
  dashBefore: 1 << 12,
  plusMinusBefore: 1 << 13,
  underscoreBefore: 1 << 14,
  /** `1-b`. */
  dashBehind: 1 << 15,
  /** `1f`, `f1`: may be hexadecimal. */
  hexLetter: 1 << 16,
  /** The first thing of the text is a number, perhaps in a parenthesis. */
  leading: 1 << 17,
  /** A number of three digits from 2 to 5, as codes of HTTP are. */
  code: 1 << 18,
  /** Four digits that begin with 19 or 20. */
  year: 1 << 19,
  // Words beside a number.
  named: 1 << 20,
  tool: 1 << 21,
  day: 1 << 22,
  afterCode: 1 << 23,
  order: 1 << 24,
  since: 1 << 25,
  thing: 1 << 26,
  codeNoun: 1 << 27,
  of: 1 << 28,
  month: 1 << 29,
  clock: 1 << 30,
  classOfCodes: 1 << 31,
} as const;

const MONTH_WORDS =
  'jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october nov november dec december enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre de';

/** Last words of what a mask asks for before a number. Letters only: of `node.js` and `k8s` the letters at the end. */
const BEFORE = bitsOf([
  [
    NEAR.named,
    'version versión release build port puerto pid issue ticket pr request bug step paso phase fase stage option opción opcion section sección seccion chapter part tier page página pagina figure fig table tabla appendix line lines línea linea sprint iteration milestone priority severity sev region shard code status rev revision migration attempt',
  ],
  [
    NEAR.tool,
    'node js python php ruby java jdk go golang postgres postgresql pg mysql redis valkey next react vue angular django rails laravel typescript ubuntu debian alpine ios android chrome safari firefox http tls ssl openssl windows macos rfc iso utf ipv oauth sha base gpt claude kubernetes s helm terraform level item task tarea room round q h',
  ],
  [NEAR.day, 'day week día dia semana month'],
  [
    NEAR.afterCode,
    'http status return returns returned returning respond responds responded with code got get an a',
  ],
  [NEAR.order, 'first last top next past previous ultimos ultimas primeros primeras'],
  [NEAR.since, 'in since of year en desde q'],
  [NEAR.month, MONTH_WORDS],
]);

/** First words of what a mask asks for behind a number. */
const BEHIND = bitsOf([
  [
    NEAR.thing,
    'line lines loc file files commit commits insertion insertions deletion deletions addition additions changed línea líneas linea lineas archivos test tests spec specs assertion assertions unit contributor contributors star stars fork forks comment comments reviewer reviewers approval approvals page pages chapter chapters min minute minutes story stories points pr prs pull issue issues bug bugs ticket tickets reason reasons way ways step steps phase phases option options example examples scenario scenarios section sections question questions endpoints modules classes functions components dependencies packages migrations versions dashboard dashboards panel panels alerts environment environments region regions team teams people engineer engineers developer developers week weeks day days hour hours month months year years pruebas pasos personas',
  ],
  [
    NEAR.codeNoun,
    'error errors response responses rate rates status ok too not unauthorized forbidden internal bad gateway code codes s y or and errores respuestas ratelimit ratelimits ratelimited ratelimiting count spike spikes',
  ],
  [NEAR.of, 'of out de'],
  [NEAR.month, `${MONTH_WORDS} st nd rd th`],
  [NEAR.clock, 'am pm'],
  [NEAR.classOfCodes, 'xx'],
]);

function bitsOf(groups: readonly (readonly [bit: number, words: string])[]): ReadonlyMap<string, number> {
  const bits = new Map<string, number>();
  for (const [bit, words] of groups)
    for (const word of words.split(' ')) bits.set(word, (bits.get(word) ?? 0) | bit);
  return bits;
}

/** By character code: signs that tell something wherever they stand. */
const SIGNS: Readonly<Record<number, number>> = {
  35: NEAR.hash,
  45: NEAR.dash,
  47: NEAR.slash,
  61: NEAR.equals,
  64: NEAR.at,
  91: NEAR.bracket,
};

/** The bits of `NEAR` that hold for a text: more may be set than a close look would find, never fewer. */
export function nearNumbers(text: string): number {
  let near = /^\s*\(?\d/.test(text) ? NEAR.leading : 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) {
      const start = at;
      while (isDigit(text.charCodeAt(at + 1))) at += 1;
      near |= aroundNumber(text, start, at + 1);
    } else if (code === DOT) {
      if (isLetter(text.charCodeAt(at + 1))) near |= NEAR.dotLetter;
    } else if (code < 92) near |= SIGNS[code] ?? 0;
  }
  return near;
}

function aroundNumber(text: string, start: number, end: number): number {
  const before = text.charCodeAt(start - 1);
  const behind = text.charCodeAt(end);
  const next = text.charCodeAt(end + 1);
  const length = end - start;
  let near = (BEFORE.get(wordBefore(text, start)) ?? 0) | (BEHIND.get(wordBehind(text, end)) ?? 0);
  if (isLetter(before)) near |= NEAR.letterBefore;
  else if (before === DASH) {
    near |= NEAR.dashBefore | NEAR.plusMinusBefore;
    if (isLetter(text.charCodeAt(start - 2))) near |= NEAR.letterBefore;
  } else if (before === PLUS) near |= NEAR.plusMinusBefore;
  else if (before === UNDERSCORE) near |= NEAR.underscoreBefore;
  if (isHexLetter(before) || isHexLetter(behind)) near |= NEAR.hexLetter;
  if (isDigit(next)) {
    if (behind === DOT) near |= NEAR.dotBetween;
    if (behind === COLON) near |= NEAR.colonBetween;
    if (length === 4 && (behind === DASH || behind === SLASH)) near |= NEAR.yearBetween;
    if ((behind === DOT || behind === SLASH) && (before === DOT || before === SLASH)) near |= NEAR.separated;
  } else if (behind === DASH) near |= NEAR.dashBehind;
  const first = text.charCodeAt(start) - ZERO;
  if (length === 3 && first >= 2 && first <= 5) near |= NEAR.code;
  if (length === 4 && (first === 1 || first === 2)) near |= NEAR.year;
  return near;
}

const MAX_WORD = 20;
const [ZERO, DOT, COMMA, DASH, PLUS, SLASH, COLON, UNDERSCORE] = [48, 46, 44, 45, 43, 47, 58, 95] as const;

/** The word that ends before `at`, in small letters; spaces, signs and one digit (`Q1 2026`) may stand between. */
export function wordBefore(text: string, at: number): string {
  let end = at;
  while (end > 0 && isBetween(text.charCodeAt(end - 1))) end -= 1;
  if (isDigit(text.charCodeAt(end - 1))) end -= 1;
  let start = end;
  while (start > 0 && end - start < MAX_WORD && isLetter(text.charCodeAt(start - 1))) start -= 1;
  return text.slice(start, end).toLowerCase();
}

/** The word that begins behind `at`, in small letters; spaces and commas may stand between. */
function wordBehind(text: string, at: number): string {
  let start = at;
  while (isSpace(text.charCodeAt(start)) || text.charCodeAt(start) === COMMA) start += 1;
  let end = start;
  while (end - start < MAX_WORD && isLetter(text.charCodeAt(end))) end += 1;
  return text.slice(start, end).toLowerCase();
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Letters of English and Spanish; all beyond ASCII counts as one. */
function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 0xc0 && !isSpace(code));
}

function isHexLetter(code: number): boolean {
  return code >= 97 && code <= 102;
}

/** As `\s` has them, and then some. */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || (code >= 0x2000 && code <= 0x3000);
}

/** Spaces, and `. , : # -` that may stand between a word and its number. */
function isBetween(code: number): boolean {
  return isSpace(code) || code === DOT || code === COMMA || code === COLON || code === 35 || code === DASH;
}
