import 'server-only';
import { listSpellings } from './secrets.ts';

const HIDDEN = '[secret]';
/** A longer text is cut: what it would add to a log is noise, and the patterns below stay cheap. */
const MAX_TEXT = 16_384;

/** Forms of credentials that are hidden even when nobody registered them. */
const PATTERNS: readonly [pattern: RegExp, replacement: string][] = [
  // scheme://user:password@host. A password may hold any sign, so up to the last @ of the word; a port is not a password.
  [
    /\b([a-z][a-z0-9+.-]{1,15}:\/\/)[^\s"'<>@/:?#]*:(?!\d{1,5}(?:[/?#\s"']|$))[^\s"'<>]{0,512}@/gi,
    `$1${HIDDEN}@`,
  ],
  [/\b([a-z][a-z0-9+.-]{1,15}:\/\/)[^\s"'<>@/:?#]{1,512}@/gi, `$1${HIDDEN}@`],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${HIDDEN}`],
  [
    /\b(password|passwd|pwd|secret|token|api[_-]?key|authorization|cookie)(["']?\s*[=:]\s*["']?)(?!\s*(?:bearer|basic)\b)[^\s"',;&}]{4,}/gi,
    `$1$2${HIDDEN}`,
  ],
  // Beginnings that vendors give to their keys: Fly, Neon, GitHub, Slack, Stripe, AWS, Standard Webhooks, and we; and JWTs.
  [/\b(?:FlyV1\s+)?fm[12][a-z]?_[\w+/=,-]{16,}/g, HIDDEN],
  [/\baw_[\w-]{20,}/g, HIDDEN],
  [/\b(?:fo1|napi|npg|ghp|gho|ghu|ghs|ghr|github_pat|sk_live|sk_test|rk_live|whsec)_[\w+/=-]{8,}/g, HIDDEN],
  [/\bxox[a-z]-[\w-]{8,}/g, HIDDEN],
  [/\bAKIA[0-9A-Z]{16}\b/g, HIDDEN],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, HIDDEN],
  // The token of a share, in the address that a fault names.
  [/(\/s\/)[\w-]{43}(?![\w-])/g, `$1${HIDDEN}`],
  [/(hooks\.slack\.com\/services\/|discord(?:app)?\.com\/api\/webhooks\/)[\w/-]+/gi, `$1${HIDDEN}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, HIDDEN],
];

/**
 * `text` without credentials: every registered secret in all its spellings, then everything that looks like one.
 * Texts over 16 KB are cut.
 */
export function scrubText(text: string): string {
  const kept =
    text.length > MAX_TEXT ? `${hideRegistered(text).slice(0, MAX_TEXT)}… (cut)` : hideRegistered(text);
  return PATTERNS.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), kept);
}

/** The same for any JSON value: every text in it, names of fields too. Numbers and shape stay. */
export function scrubValue(value: unknown): unknown {
  if (typeof value === 'string') return scrubText(value);
  if (Array.isArray(value)) return value.map(scrubValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      scrubText(name),
      isSecretName(name, inner) ? HIDDEN : scrubValue(inner),
    ]),
  );
}

/**
 * One line of a log. Taken apart as JSON, so that a secret made of digits or quotes cannot break the line; a line that
 * is not JSON is scrubbed as text. Line ends are kept.
 */
export function scrubLine(line: string): string {
  const end = line.endsWith('\n') ? '\n' : '';
  const body = end === '' ? line : line.slice(0, -1);
  if (!body.startsWith('{')) return scrubText(body) + end;
  try {
    return JSON.stringify(scrubValue(JSON.parse(body))) + end;
  } catch {
    return scrubText(body) + end;
  }
}

/** Registered values go before anything is cut, so that no half of one is left at the cut. */
function hideRegistered(text: string): string {
  let clean = text;
  for (const spelling of listSpellings()) {
    if (clean.includes(spelling)) clean = clean.replaceAll(spelling, HIDDEN);
  }
  return clean;
}

function isSecretName(name: string, value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^(password|passwd|secret|token|api[_-]?key|authorization|cookie|set-cookie)$/i.test(name)
  );
}
