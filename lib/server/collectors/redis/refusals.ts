import 'server-only';

/** Why a server refuses commands that it could run. */
export type RefusalKind = 'quota_exhausted' | 'throttled' | 'suspended_by_provider';

/** One refusal, read out of its text. Nothing else of the text is kept: it may hold a command with its data. */
export interface Refusal {
  kind: RefusalKind;
  /** What ran out: the words of a sentence such as "its … is used up". */
  what: string;
  /** Commands allowed in the period; null when the text does not say. */
  limit: number | null;
  /** Commands counted when it refused; the count stops there, so it is no measure of demand. */
  usage: number | null;
}

interface Rule {
  pattern: RegExp;
  kind: RefusalKind;
  what: string;
}

/**
 * By the first words of the text, in Upstash's spelling; Python clients drop the leading `ERR`, Node's append the
 * command. Texts for a budget, traffic or a suspended account are published nowhere, so they are matched by their sense.
 */
const RULES: readonly Rule[] = [
  {
    pattern: /max daily requests? limit exceeded/i,
    kind: 'quota_exhausted',
    what: 'daily command quota',
  },
  {
    pattern: /max (monthly )?requests? limit exceeded/i,
    kind: 'quota_exhausted',
    what: 'monthly command quota',
  },
  { pattern: /capacity quota exceeded/i, kind: 'quota_exhausted', what: 'storage' },
  {
    pattern: /\bbudget\b.*\b(exceeded|reached|used up|exhausted)\b/i,
    kind: 'quota_exhausted',
    what: 'monthly budget',
  },
  {
    pattern: /max (daily |monthly )?bandwidth limit exceeded/i,
    kind: 'throttled',
    what: 'bandwidth',
  },
  {
    pattern: /max number of clients|max concurrent connections exceeded/i,
    kind: 'throttled',
    what: 'connections',
  },
  {
    pattern: /max commands per second|rate limit|too many requests|throttled/i,
    kind: 'throttled',
    what: 'rate of commands',
  },
  {
    pattern:
      /\b(database|account|team|resource)\b[^.]{0,40}\b(suspended|archived|deactivated|paused|disabled)\b/i,
    kind: 'suspended_by_provider',
    what: 'database',
  },
];

/** Longer than any error of Redis; the rest is not looked at. */
const MAX_CHARS = 400;

/** Reads an error reply; null when it refuses for another reason (login, grant, a wrong command). */
export function readRefusal(text: string): Refusal | null {
  const head = text.slice(0, MAX_CHARS);
  // A login that failed says "user is disabled", which is no suspension.
  if (/\b(WRONGPASS|NOAUTH|NOPERM)\b/.test(head)) return null;
  const rule = RULES.find(({ pattern }) => pattern.test(head));
  if (rule === undefined) return null;
  const numbers = /Limit:\s*(\d{1,15})[,.\s]+Usage:\s*(\d{1,15})/i.exec(head);
  return {
    kind: rule.kind,
    what: rule.what,
    limit: numbers?.[1] === undefined ? null : Number(numbers[1]),
    usage: numbers?.[2] === undefined ? null : Number(numbers[2]),
  };
}

/** `its monthly command quota is used up (500003 of 500000)`. */
export function refusalWords({ kind, what, limit, usage }: Refusal): string {
  const numbers = limit === null || usage === null ? '' : ` (used ${usage} of ${limit})`;
  switch (kind) {
    case 'quota_exhausted':
      return `its ${what} is used up${numbers}`;
    case 'throttled':
      return `its limit of ${what} is reached`;
    case 'suspended_by_provider':
      return 'its provider has suspended it';
    default:
      return kind satisfies never;
  }
}
