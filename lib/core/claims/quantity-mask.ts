/**
 * Parts of a text whose digits are no quantity. Each is replaced by as many placeholder signs, so that offsets hold.
 */
const MONTHS =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)';

/** Patterns, each with a sign without which it cannot match: most texts are spared most of them. */
const MASKS: readonly (readonly [sign: string, pattern: RegExp])[] = [
  // Addresses, paths, names with digits, assignments.
  ['://', /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s)>\]]{1,500}/gi],
  ['', /\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::\d+)?/g],
  ['/', /(?<![\w])(?:\.{0,2}\/)?(?:[\w.-]+\/){1,12}[\w-]+\.[a-z]\w{0,5}\b(?::\d+)?/gi],
  [
    '.',
    /\b[\w-]+\.(?:py|ts|tsx|js|jsx|md|go|rs|rb|java|sql|yml|yaml|json|toml|sh|txt|csv|log|conf|ini|cfg|lock|html|css)\b(?::\d+(?:-\d+)?)?/gi,
  ],
  ['=', /\b[A-Z][A-Z0-9_]{2,60}=\S{1,100}/g],
  ['_', /\b[A-Za-z_]\w*_\d+\b/g],
  ['=', /(?<![\w-])[\w-]{2,40}=\d+(?![\d.,]*\s?(?:ms|s\b|%|[KMG]?i?B|x\b|\/|→))/g],
  // Dates and times.
  [
    '-',
    /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:\s?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?/g,
  ],
  ['', /\b\d{4}[-/]\d{1,2}(?:[-/]\d{1,2})?\b(?!\s?(?:ms|s|%|KB|MB|queries|requests))/g],
  ['', /\b\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})\b(?!\s?(?:ms|%|KB|MB))/g],
  [':', /\b\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\s?(?:Z|UTC|GMT|AM|PM|am|pm|hrs|CET|EST|PST|PT|ET)?\b/g],
  ['', /\b\d{1,2}\s?(?:am|pm)\b/gi],
  [
    '<year',
    /\b(?:in|since|of|year|en|desde|Q[1-4])\s+(?:19|20)\d{2}\b(?!\s?(?:ms|s|%|queries|requests|users|rows|KB|MB)\b)/gi,
  ],
  ['', /\b(?:UTC|GMT)[+-]\d{1,2}\b/g],
  ['', /\b24\s?[/x×]\s?7\b/gi],
  // Versions, commits, references, numbers that name things.
  ['+', /\bv\d+(?:\.\d+){0,3}(?:-[\w.]+)?\b/gi],
  ['.', /\b\d+\.\d+\.\d+(?:[-+.][\w.]+)?\b(?!,)/g],
  ['@', /[\w@/-]+@\^?~?\d+(?:\.\d+){0,2}\S*/g],
  [
    '<name',
    /\b(?:version|versi[oó]n|release|build|port|puerto|pid|issue|ticket|pr|pull request|bug|step|paso|phase|fase|stage|option|opci[oó]n|section|secci[oó]n|chapter|part|tier|page|p[aá]gina|figure|fig|table|tabla|appendix|line|lines|l[ií]nea|sprint|iteration|milestone|priority|severity|sev|region|shard|error code|http status|status code|exit code|rev|revision|migration|attempt)(?:\s?[#:]?\s?|-)\d+(?:\.\d+)*(?:\.x)?\b(?!\.\d|\s*(?:%|ms\b|s\b|\/|K\b|M\b|k\b|x\b|KB\b|MB\b|GB\b|→|->|to\b|queries|requests|req\b|calls|commands|connections|errors|users|seconds|minutes|hours|sec\b|min\b|consultas|,\d{3}))/gi,
  ],
  [
    '<tool',
    /\b(?:node|node\.js|python|php|ruby|java|jdk|go|golang|postgres(?:ql)?|pg|mysql|redis|valkey|next(?:\.js)?|react|vue|angular|django|rails|laravel|typescript|ubuntu|debian|alpine|ios|android|chrome|safari|firefox|http|tls|ssl|openssl|windows|macos|rfc|iso|utf|ipv|oauth|sha|base|gpt|claude|kubernetes|k8s|helm|terraform|level|item|task|tarea|room|round|q|h)[ -]?\d+(?:\.\d+)*(?:\.x)?\b(?!\.\d|\s*(?:%|ms\b|s\b|\/|K\b|M\b|k\b|x\b|KB\b|MB\b|GB\b|→|->|to\b|queries|requests|req\b|calls|commands|connections|errors|users|seconds|minutes|hours|sec\b|min\b|consultas|,\d{3}))/gi,
  ],
  [
    '<day',
    /(?<!\b(?:per|a|each|every|por|al|cada)\s)\b(?:day|week|d[ií]a|semana|month)\s\d{1,2}\b(?!\.\d|\s*(?:%|ms\b|s\b|\/|K\b|M\b|k\b|x\b|KB\b|MB\b|GB\b|→|->|to\b|queries|requests|req\b|calls|commands|connections|errors|users|seconds|minutes|hours|sec\b|min\b|consultas|,\d{3}))/gi,
  ],
  ['#', /(?<![\w])#\d+\b/g],
  ['', /\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b/g],
  ['-', /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{10,30}\b/g],
  ['-', /\b(?:CVE|RFC|ISO|JIRA|[A-Z]{2,8})-\d+(?:-\d+)?\b/g],
  ['+', /\bp\d{1,2}(?:\.\d+)?\b/gi],
  // Codes of HTTP, and counts of a diff.
  [
    '>code',
    /\b(?:HTTP\s?\/?\s?)?(?:200|201|202|204|301|302|304|400|401|403|404|405|408|409|410|413|422|425|429|500|501|502|503|504|520|522|524)s?(?=\s+(?:errors?|responses?|rates?|status|ok\b|too many|not found|unauthorized|forbidden|internal|bad|gateway|codes?|s\b|y\b|or\b|and\b|errores|respuestas|rate-?limit\w*|count|spikes?)\b)(?!\s+errors?\s?(?:\/|per|→|->))/gi,
  ],
  ['', /\b[1-5]xx\b/gi],
  ['', /\b(?:429|404|500|502|503|504)s\b/g],
  [
    '<code',
    /\b(?:HTTP|status|returns?|returned|returning|respond(?:s|ed)?(?: with)?|code|got|get|with an?|an?)\s+(?:200|201|204|301|302|304|400|401|403|404|409|422|429|500|502|503|504)\b(?!\s*(?:ms|s\b|%|KB|MB|req|quer|\/))/gi,
  ],
  [
    '>thing',
    /\b\d[\d,]*\s+(?:lines?(?: of code)?|LOC|files?(?: changed)?|commits?|insertions?|deletions?|additions?|changed files|l[ií]neas|archivos|tests?|test cases|specs?|assertions?|unit tests|contributors?|stars?|forks?|comments?|reviewers?|approvals?|pages?|chapters?|min(?:ute)? read|minutes? to read|stor(?:y|ies)|points|PRs?|pull requests?|issues?|bugs?|tickets?|reasons?|ways?|steps?|phases?|options?|examples?|scenarios?|sections?|questions?|endpoints|modules|classes|functions|components|dependencies|packages|migrations|versions|dashboards?|panels?|alerts|environments?|regions?|teams?|people|engineers?|developers?|weeks? (?:ago|later)|days? (?:ago|later)|hours? ago|minutes? ago|months? ago|years? ago|pruebas|pasos|personas)\b(?!\s*(?:\/|per|→|->|=>))/gi,
  ],
  ['', /(?<![\w$])[+-]\d+\s*\/?\s*[-–+]\d+\b(?!\s*(?:%|ms|s\b))/g],
  [
    '-',
    /\b\d{1,3}-(?:bit|byte|core|way|node|tier|step|line|page|point|star|stage|level|digit|char|column|part|person|phase|fold\s+cross)\b/gi,
  ],
  [
    '+',
    /\b(?:x86|x64|amd64|arm64|ec2|s3|k8s|i18n|l10n|a11y|h2|http2|oauth2|md5|sha\d+|utf-?8|ipv[46]|base64|int\d+|uint\d+|float\d+|t[234]\.\w+|m[4567]\w?\.\w+|c[4567]\w?\.\w+|r[4567]\w?\.\w+|performance-\d+x|shared-cpu-\d+x)\b/gi,
  ],
  [
    '<first',
    /\b(?:first|last|top|next|past|previous|ultim[oa]s|primer[oa]s)\s+\d+(?=\s+(?:minutes|hours|days|weeks|months|minutos|horas|d[ií]as|semanas|meses|runs|requests|results|items|rows|entries))(?:\s?[-–]\s?\d+)?\s+\w+/gi,
  ],
  ['next', /\bnext\s+\d+\s?[-–]\s?\d+\s+\w+/gi],
  // Numbering at the start, footnotes, ratings.
  ['', /^\s*\(?\d{1,3}[.)](?=\s)/g],
  ['', /^\s*\d{1,2}(?=\s*[-–—:]\s+[A-Z])/g],
  ['[', /\[\^?\d{1,3}\]/g],
  [
    '/',
    /\b\d+\s?\/\s?\d+(?=\s+(?:tests?|checks?|passed|passing|steps|tasks|completed|done|pods?|machines?|healthy|replicas?|nodes?|instances?|services?))/gi,
  ],
  [
    '>of',
    /\b\d+\s+(?:of|out of|de)\s+\d+\b(?=\s+(?:tests?|checks?|passed|steps|tasks|machines?|pods?|items))/gi,
  ],
];

const HAS_MONTH = /jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic/i;
const MONTH_MASKS: readonly RegExp[] = [
  new RegExp(
    `\\b${MONTHS}\\.?\\s+\\d{1,2}(?:st|nd|rd|th)?(?:\\s?[-–]\\s?\\d{1,2})?(?:,?\\s+\\d{4})?\\b`,
    'gi',
  ),
  new RegExp(`\\b\\d{1,2}(?:st|nd|rd|th)?(?:\\s+de)?\\s+${MONTHS}\\b(?:\\.?,?(?:\\s+de)?\\s+\\d{4})?`, 'gi'),
  new RegExp(`\\b${MONTHS}\\.?,?(?:\\s+de)?\\s+\\d{4}\\b`, 'gi'),
];

/** What the word before or behind a number must look like for a group of patterns to be worth a try. */
const NEIGHBOURS: Readonly<Record<string, RegExp>> = {
  '<name':
    /\b(?:versi[oó]n|release|build|port|puerto|pid|issue|ticket|pr|request|bug|step|paso|phase|fase|stage|option|opci[oó]n|secci?[oó]n|section|chapter|part|tier|page|p[aá]gina|fig\w*|table|tabla|appendix|lines?|l[ií]nea|sprint|iteration|milestone|priority|severity|sev|region|shard|code|status|rev\w*|migration|attempt)\b/i,
  '<tool':
    /\b(?:node(?:\.js)?|python|php|ruby|java|jdk|go|golang|postgres(?:ql)?|pg|mysql|redis|valkey|next(?:\.js)?|react|vue|angular|django|rails|laravel|typescript|ubuntu|debian|alpine|ios|android|chrome|safari|firefox|http|tls|ssl|openssl|windows|macos|rfc|iso|utf|ipv|oauth|sha|base|gpt|claude|kubernetes|k8s|helm|terraform|level|item|task|tarea|room|round|q|h)\b/i,
  '<day': /\b(?:day|week|d[ií]a|semana|month)\b/i,
  '<code': /\b(?:https?|status|return\w*|respond\w*|with|code|got|get|an?)\b/i,
  '<first': /\b(?:first|last|top|next|past|previous|ultim|primer)/i,
  '<year': /\b(?:in|since|of|year|en|desde|q[1-4])\b/i,
  '>thing':
    /\b(?:lines?|loc|files?|commits?|insertions?|deletions?|additions?|changed|l[ií]neas|archivos|tests?|test|specs?|assertions?|unit|contributors?|stars?|forks?|comments?|reviewers?|approvals?|pages?|chapters?|min(?:utes?)?|stor(?:y|ies)|points|prs?|pull|issues?|bugs?|tickets?|reasons?|ways?|steps?|phases?|options?|examples?|scenarios?|sections?|questions?|endpoints|modules|classes|functions|components|dependencies|packages|migrations|versions|dashboards?|panels?|alerts|environments?|regions?|teams?|people|engineers?|developers?|weeks?|days?|hours?|months?|years?|pruebas|pasos|personas)\b/i,
  '>code':
    /\b(?:errors?|responses?|rates?|status|ok|too|not|unauthorized|forbidden|internal|bad|gateway|codes?|s|y|or|and|errores|respuestas|rate-?limit\w*|count|spikes?)\b/i,
  '>of': /\b(?:of|out|de)\b/i,
};

/** `text` with every digit that is no quantity blanked out. */
export function maskNumbers(text: string): string {
  let masked = text;
  const blank = (all: string) => all.replace(/\w/g, '_');
  let before: string | null = null;
  let behind: string | null = null;
  for (const [sign, pattern] of MASKS) {
    if (sign === '+') {
      if (!/[a-z]-?\d/i.test(masked)) continue;
    } else if (sign.length > 1 && (sign.startsWith('<') || sign.startsWith('>'))) {
      before ??= (text.match(/[\p{L}.]{1,20}[\d]?(?=[\s:#-]{0,3}\d)/gu) ?? []).join(' ');
      behind ??= (text.match(/(?<=\d[\d,.]{0,12}\s{1,3})[\p{L}-]{1,20}/gu) ?? []).join(' ');
      if (NEIGHBOURS[sign]?.test(sign.startsWith('<') ? before : behind) === false) continue;
    } else if (sign !== '' && !masked.includes(sign)) continue;
    masked = masked.replace(pattern, blank);
  }
  if (HAS_MONTH.test(masked)) for (const pattern of MONTH_MASKS) masked = masked.replace(pattern, blank);
  return masked;
}
