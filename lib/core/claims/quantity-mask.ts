import { NEAR, nearNumbers } from './quantity-near.ts';

/**
 * Parts of a text whose digits are no quantity. Each is replaced by as many placeholder signs, so that offsets hold.
 */
const MONTHS =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)';

/** Patterns, each with what a text must have for it to match, as bits of `NEAR` or as a part of the text: most are spared most of them. */
const MASKS: readonly (readonly [needs: number | string, pattern: RegExp])[] = [
  // Addresses, paths, names with digits, assignments.
  ['://', /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s)>\]]{1,500}/gi],
  ['localhost', /\blocalhost(?::\d+)?/g],
  [NEAR.separated, /\b(?:127\.0\.0\.1|0\.0\.0\.0)(?::\d+)?/g],
  [
    NEAR.slash | NEAR.dotLetter,
    /(?<![\w])(?:\.{0,2}\/)?(?:[\w.-]+\/){1,12}[\w-]+\.[a-z]\w{0,5}\b(?::\d+)?/gi,
  ],
  [
    NEAR.dotLetter,
    /\b[\w-]+\.(?:py|ts|tsx|js|jsx|md|go|rs|rb|java|sql|yml|yaml|json|toml|sh|txt|csv|log|conf|ini|cfg|lock|html|css)\b(?::\d+(?:-\d+)?)?/gi,
  ],
  [NEAR.equals, /\b[A-Z][A-Z0-9_]{2,60}=\S{1,100}/g],
  [NEAR.underscoreBefore, /\b[A-Za-z_]\w*_\d+\b/g],
  [NEAR.equals, /(?<![\w-])[\w-]{2,40}=\d+(?![\d.,]*\s?(?:ms|s\b|%|[KMG]?i?B|x\b|\/|→))/g],
  // Dates and times.
  [
    NEAR.yearBetween,
    /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:\s?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?/g,
  ],
  [NEAR.yearBetween, /\b\d{4}[-/]\d{1,2}(?:[-/]\d{1,2})?\b(?!\s?(?:ms|s|%|KB|MB|queries|requests))/g],
  [NEAR.separated, /\b\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})\b(?!\s?(?:ms|%|KB|MB))/g],
  [
    NEAR.colonBetween,
    /\b\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\s?(?:Z|UTC|GMT|AM|PM|am|pm|hrs|CET|EST|PST|PT|ET)?\b/g,
  ],
  [NEAR.clock, /\b\d{1,2}\s?(?:am|pm)\b/gi],
  [
    NEAR.since | NEAR.year,
    /\b(?:in|since|of|year|en|desde|Q[1-4])\s+(?:19|20)\d{2}\b(?!\s?(?:ms|s|%|queries|requests|users|rows|KB|MB)\b)/gi,
  ],
  [NEAR.plusMinusBefore, /\b(?:UTC|GMT)[+-]\d{1,2}\b/g],
  ['24', /\b24\s?[/x×]\s?7\b/gi],
  // Versions, commits, references, numbers that name things.
  [NEAR.letterBefore, /\bv\d+(?:\.\d+){0,3}(?:-[\w.]+)?\b/gi],
  [NEAR.separated, /\b\d+\.\d+\.\d+(?:[-+.][\w.]+)?\b(?!,)/g],
  [NEAR.at, /[\w@/-]+@\^?~?\d+(?:\.\d+){0,2}\S*/g],
  [
    NEAR.named,
    /\b(?:version|versi[oó]n|release|build|port|puerto|pid|issue|ticket|pr|pull request|bug|step|paso|phase|fase|stage|option|opci[oó]n|section|secci[oó]n|chapter|part|tier|page|p[aá]gina|figure|fig|table|tabla|appendix|line|lines|l[ií]nea|sprint|iteration|milestone|priority|severity|sev|region|shard|error code|http status|status code|exit code|rev|revision|migration|attempt)(?:\s?[#:]?\s?|-)\d+(?:\.\d+)*(?:\.x)?\b(?!\.\d|\s*(?:%|ms\b|s\b|\/|K\b|M\b|k\b|x\b|KB\b|MB\b|GB\b|→|->|to\b|queries|requests|req\b|calls|commands|connections|errors|users|seconds|minutes|hours|sec\b|min\b|consultas|,\d{3}))/gi,
  ],
  [
    NEAR.tool,
    /\b(?:node|node\.js|python|php|ruby|java|jdk|go|golang|postgres(?:ql)?|pg|mysql|redis|valkey|next(?:\.js)?|react|vue|angular|django|rails|laravel|typescript|ubuntu|debian|alpine|ios|android|chrome|safari|firefox|http|tls|ssl|openssl|windows|macos|rfc|iso|utf|ipv|oauth|sha|base|gpt|claude|kubernetes|k8s|helm|terraform|level|item|task|tarea|room|round|q|h)[ -]?\d+(?:\.\d+)*(?:\.x)?\b(?!\.\d|\s*(?:%|ms\b|s\b|\/|K\b|M\b|k\b|x\b|KB\b|MB\b|GB\b|→|->|to\b|queries|requests|req\b|calls|commands|connections|errors|users|seconds|minutes|hours|sec\b|min\b|consultas|,\d{3}))/gi,
  ],
  [
    NEAR.day,
    /(?<!\b(?:per|a|each|every|por|al|cada)\s)\b(?:day|week|d[ií]a|semana|month)\s\d{1,2}\b(?!\.\d|\s*(?:%|ms\b|s\b|\/|K\b|M\b|k\b|x\b|KB\b|MB\b|GB\b|→|->|to\b|queries|requests|req\b|calls|commands|connections|errors|users|seconds|minutes|hours|sec\b|min\b|consultas|,\d{3}))/gi,
  ],
  [NEAR.hash, /(?<![\w])#\d+\b/g],
  [NEAR.hexLetter, /\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b/g],
  [NEAR.dash, /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{10,30}\b/g],
  [NEAR.letterBefore | NEAR.dashBefore, /\b(?:CVE|RFC|ISO|JIRA|[A-Z]{2,8})-\d+(?:-\d+)?\b/g],
  [NEAR.letterBefore, /\bp\d{1,2}(?:\.\d+)?\b/gi],
  // `N+1 queries`; the `1` of a ratio `240:1`.
  ['+', /\b[nN]\s?\+\s?1\b/g],
  [NEAR.colonBetween, /(?<=\d):1\b(?![\d:.])/g],
  // Codes of HTTP, and counts of a diff.
  [
    NEAR.code | NEAR.codeNoun,
    /\b(?:HTTP\s?\/?\s?)?(?:200|201|202|204|301|302|304|400|401|403|404|405|408|409|410|413|422|425|429|500|501|502|503|504|520|522|524)s?(?=\s+(?:errors?|responses?|rates?|status|ok\b|too many|not found|unauthorized|forbidden|internal|bad|gateway|codes?|s\b|y\b|or\b|and\b|errores|respuestas|rate-?limit\w*|count|spikes?)\b)(?!\s+errors?\s?(?:\/|per|→|->))/gi,
  ],
  [NEAR.classOfCodes, /\b[1-5]xx\b/gi],
  [NEAR.code | NEAR.codeNoun, /\b(?:429|404|500|502|503|504)s\b/g],
  [
    NEAR.code | NEAR.afterCode,
    /\b(?:HTTP|status|returns?|returned|returning|respond(?:s|ed)?(?: with)?|code|got|get|with an?|an?)\s+(?:200|201|204|301|302|304|400|401|403|404|409|422|429|500|502|503|504)\b(?!\s*(?:ms|s\b|%|KB|MB|req|quer|\/))/gi,
  ],
  [
    NEAR.thing,
    /\b\d[\d,]*\s+(?:lines?(?: of code)?|LOC|files?(?: changed)?|commits?|insertions?|deletions?|additions?|changed files|l[ií]neas|archivos|tests?|test cases|specs?|assertions?|unit tests|contributors?|stars?|forks?|comments?|reviewers?|approvals?|pages?|chapters?|min(?:ute)? read|minutes? to read|stor(?:y|ies)|points(?!\s+(?:to|higher|lower)\b)|PRs?|pull requests?|issues?|bugs?|tickets?|reasons?|ways?|steps?|phases?|options?|examples?|scenarios?|sections?|questions?|endpoints|modules|classes|functions|components|dependencies|packages|migrations|versions|dashboards?|panels?|alerts|environments?|regions?|teams?|people|engineers?|developers?|weeks? (?:ago|later)|days? (?:ago|later)|hours? ago|minutes? ago|months? ago|years? ago|pruebas|pasos|personas)\b(?!\s*(?:\/|per|→|->|=>))/gi,
  ],
  [NEAR.plusMinusBefore, /(?<![\w$])[+-]\d+\s*\/?\s*[-–+]\d+\b(?!\s*(?:%|ms|s\b))/g],
  [
    NEAR.dashBehind,
    /\b\d{1,3}-(?:bit|byte|core|way|node|tier|step|line|page|point|star|stage|level|digit|char|column|part|person|phase|fold\s+cross)\b/gi,
  ],
  [
    NEAR.letterBefore,
    /\b(?:x86|x64|amd64|arm64|ec2|s3|k8s|i18n|l10n|a11y|h2|http2|oauth2|md5|sha\d+|utf-?8|ipv[46]|base64|int\d+|uint\d+|float\d+|t[234]\.\w+|m[4567]\w?\.\w+|c[4567]\w?\.\w+|r[4567]\w?\.\w+|performance-\d+x|shared-cpu-\d+x)\b/gi,
  ],
  [
    NEAR.order,
    /\b(?:first|last|top|next|past|previous|ultim[oa]s|primer[oa]s)\s+\d+(?=\s+(?:minutes|hours|days|weeks|months|minutos|horas|d[ií]as|semanas|meses|runs|requests|results|items|rows|entries))(?:\s?[-–]\s?\d+)?\s+\w+/gi,
  ],
  [NEAR.order, /\bnext\s+\d+\s?[-–]\s?\d+\s+\w+/gi],
  // Numbering at the start, footnotes, ratings.
  [NEAR.leading, /^\s*\(?\d{1,3}[.)](?=\s)/g],
  [NEAR.leading, /^\s*\d{1,2}(?=\s*[-–—:]\s+[A-Z])/g],
  [NEAR.bracket, /\[\^?\d{1,3}\]/g],
  [
    NEAR.slash,
    /\b\d+\s?\/\s?\d+(?=\s+(?:tests?|checks?|passed|passing|steps|tasks|completed|done|pods?|machines?|healthy|replicas?|nodes?|instances?|services?))/gi,
  ],
  [
    NEAR.of,
    /\b\d+\s+(?:of|out of|de)\s+\d+\b(?=\s+(?:tests?|checks?|passed|steps|tasks|machines?|pods?|items))/gi,
  ],
  [
    NEAR.month,
    new RegExp(
      `\\b${MONTHS}\\.?\\s+\\d{1,2}(?:st|nd|rd|th)?(?:\\s?[-–]\\s?\\d{1,2})?(?:,?\\s+\\d{4})?\\b`,
      'gi',
    ),
  ],
  [
    NEAR.month,
    new RegExp(
      `\\b\\d{1,2}(?:st|nd|rd|th)?(?:\\s+de)?\\s+${MONTHS}\\b(?:\\.?,?(?:\\s+de)?\\s+\\d{4})?`,
      'gi',
    ),
  ],
  [NEAR.month, new RegExp(`\\b${MONTHS}\\.?,?(?:\\s+de)?\\s+\\d{4}\\b`, 'gi')],
];

/** `text` with every digit that is no quantity blanked out. */
export function maskNumbers(text: string): string {
  const near = nearNumbers(text);
  let masked = text;
  for (const [needs, pattern] of MASKS) {
    if (typeof needs === 'string' ? text.includes(needs) : (near & needs) === needs)
      masked = masked.replace(pattern, blank);
  }
  return masked;
}

function blank(all: string): string {
  return all.replace(/\w/g, '_');
}
