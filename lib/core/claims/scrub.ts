/** What stands where a secret stood. */
const HIDDEN = '[secret]';

/** Values that only look like one: references, placeholders, words that are already masked. */
const HARMLESS =
  /^(?:\$|<|\{\{|\[|\*{3}|x{3,}$|true$|false$|null$|none$|yes$|no$|process\.env|os\.|secrets\.|env\.|your[_-])/i;
/** A number with its unit: `500ms`, `1,200/day`. */
const NUMBER_LIKE = /^[~<>]?\$?[\d.,]+\s?[a-z%µ]{0,8}(?:\/[a-z]{1,8})?$/i;

/** Names whose value is a secret. Plural `tokens` counts things and is left alone. */
const NAME =
  '(?:[A-Za-z0-9]{1,24}[_-]){0,6}(?:password|passwd|passphrase|pwd|pass|secret|token|(?:api|access|private|secret|signing|encryption|auth|service|master)[ _-]?key|apikey|credentials?|connection[ _-]?string|contraseña|clave)';

type Rule = readonly [pattern: RegExp, replace: (...groups: string[]) => string | null];

/** Every rule gives the text to put in place, or null to leave what it found. */
const RULES: readonly Rule[] = [
  [
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,20000}?-----END [A-Z ]{0,40}PRIVATE KEY-----/g,
    (all) => HIDDEN + all.replace(/[^\n]/g, ''),
  ],
  // scheme://user:password@host, and a lone token before the @.
  [
    /:\/\/(?<=\b[a-z][a-z0-9+.-]{1,15}:\/\/)(?:[^\s"'<>@/?#]{0,256}:[^\s"'<>@]{1,256}|[^\s"'<>@/:?#]{12,256})@/gi,
    () => `://${HIDDEN}@`,
  ],
  [
    /(hooks\.slack\.com\/services\/|discord(?:app)?\.com\/api\/webhooks\/)[\w/-]{8,256}/gi,
    (_all, host) => `${host}${HIDDEN}`,
  ],
  [
    /\b(bearer|basic)\s+([\w.~+/=-]{12,2048})/gi,
    (_all, word, value) => (/\d/.test(value ?? '') ? `${word} ${HIDDEN}` : null),
  ],
  // Beginnings that vendors give to their keys, and JSON web tokens.
  [/\b(?:FlyV1\s+)?fm[12][a-z]?_[\w+/=,-]{16,4096}/g, () => HIDDEN],
  [
    /\b(?:fo1|napi|npg|ghp|gho|ghu|ghs|ghr|github_pat|glpat|sk_live|sk_test|rk_live|pk_live|whsec|dop_v1|shpat|xkeysib|hvs|aw)[_-][\w+/=-]{8,512}/g,
    () => HIDDEN,
  ],
  [/\bsk-(?:[a-z]{2,8}-)?[\w-]{16,512}/g, () => HIDDEN],
  [/\bnpm_[A-Za-z0-9]{20,128}/g, () => HIDDEN],
  [/\bxox[a-z]-[\w-]{8,512}/g, () => HIDDEN],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, () => HIDDEN],
  [/\bAIza[\w-]{30,60}/g, () => HIDDEN],
  [/\bSG\.[\w-]{12,80}\.[\w-]{12,80}/g, () => HIDDEN],
  [/\beyJ[\w-]{8,4096}\.[\w-]{8,4096}(?:\.[\w-]{0,4096})?/g, () => HIDDEN],
  // Passwords as arguments.
  [/\b(redis-cli\b[^\n]{0,200}?\s(?:-a|--pass)\s+)(\S{3,256})/g, (_all, head, value) => hide(head, value)],
  [
    /(\s--(?:password|passwd|token|api-key|secret|access-token)[ =])(\S{4,512})/g,
    (_all, head, value) => hide(head, value),
  ],
  [
    /\b(curl\b[^\n]{0,200}?\s(?:-u|--user)\s+["']?)([^\s:"']{1,64}:[^\s"']{3,256})/g,
    (_all, head, value) => hide(head, value),
  ],
  [/\b(mysql\b[^\n]{0,200}?\s-p)([^\s-]\S{3,256})/g, (_all, head, value) => hide(head, value)],
  [
    new RegExp(
      `(?<![A-Za-z0-9])(${NAME})(["'\`*_]{0,3}[ \\t]{0,3}(=|:)[ \\t]{0,3}["'\`*]{0,3})([^\\s"'\`,;&|)}]{4,512})([^\\n]?)`,
      'gi',
    ),
    (_all, name, middle, sign, value, next) => {
      const clean = value ?? '';
      if (HARMLESS.test(clean) || clean.includes(HIDDEN) || NUMBER_LIKE.test(clean)) return null;
      const alone = next === '' || /["'`,;&|)}]/.test(next ?? '');
      const word = /^[A-Za-z][a-z]*[.:!?]?$/.test(clean);
      if (sign === ':' && word && !(alone && /pass|pwd|contrase/i.test(name ?? ''))) return null;
      if (sign === ':' && !alone && !/[\d]/.test(clean)) return null;
      if (/^[\w-]+\(/.test(clean)) return null;
      return `${name}${middle}${HIDDEN}${next ?? ''}`;
    },
  ],
  // Long random words. Commit ids (40 hex) and digests of images stay: they are facts.
  [
    /(?<![\w/.@:+=-])([A-Za-z0-9_-]{24,512})(?![\w/.-])/g,
    (_all, word) => (looksRandom(word ?? '') ? HIDDEN : null),
  ],
];

/**
 * `text` with every credential replaced by `[secret]`, and how many there were. Line ends stay, so that line
 * numbers hold. Linear in the length of the text.
 */
export function scrubSecrets(text: string): { text: string; count: number } {
  let count = 0;
  let clean = text;
  for (const [pattern, replace] of RULES) {
    clean = clean.replace(pattern, (all: string, ...rest: unknown[]) => {
      const groups = rest.filter((one): one is string => typeof one === 'string').slice(0, -1);
      const put = replace(all, ...groups);
      if (put === null || put === all) return all;
      count += 1;
      return put;
    });
  }
  return { text: clean, count };
}

function hide(head = '', value = ''): string | null {
  return HARMLESS.test(value) || value.includes(HIDDEN) ? null : head + HIDDEN;
}

/** Mixed letters and digits that change kind all the time; names of files, classes and tests do not. */
function looksRandom(word: string): boolean {
  if (/^[0-9a-f]+$/i.test(word))
    return (
      word.length >= 32 && word.length !== 40 && word.length !== 64 && /[a-f]/i.test(word) && /\d/.test(word)
    );
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(word)) return false;
  if (!/[a-z]/.test(word) || !/[A-Z]/.test(word) || (word.match(/\d/g) ?? []).length < 3) return false;
  let changes = 0;
  for (let i = 1; i < word.length; i += 1)
    if (kindOf(word.charCodeAt(i)) !== kindOf(word.charCodeAt(i - 1))) changes += 1;
  return changes / word.length > 0.3;
}

function kindOf(code: number): number {
  if (code >= 48 && code <= 57) return 0;
  if (code >= 97 && code <= 122) return 1;
  return code >= 65 && code <= 90 ? 2 : 3;
}
