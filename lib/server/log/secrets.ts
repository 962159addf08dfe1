import 'server-only';
import { Secret } from '../config/secret.ts';

/** Shorter values are too common in ordinary text to be hidden everywhere. */
const MIN_LENGTH = 4;
/** Base64 of a fragment this short could be any word. */
const MIN_ENCODED_LENGTH = 6;
/** One register for the process: Next loads several copies of this module. */
const KEY = Symbol.for('afterwatch.secrets');

interface Register {
  /** Every spelling, longest first, so that a whole address goes before the password inside it. */
  spellings: readonly string[];
}

function register(): Register {
  const holder = globalThis as unknown as Record<symbol, Register | undefined>;
  const found = holder[KEY];
  if (found !== undefined) return found;
  const made: Register = { spellings: [] };
  holder[KEY] = made;
  return made;
}

/** Every spelling of every registered secret, longest first. */
export function listSpellings(): readonly string[] {
  return register().spellings;
}

/**
 * Makes a value unprintable: the log replaces it, raw, URL-encoded, JSON-escaped, as hex and as base64 at any
 * alignment. For an address with credentials, its password and whole user part count as well. Values shorter than
 * four characters are left alone.
 */
export function registerSecret(value: string): void {
  const known = new Set(listSpellings());
  for (const part of splitSecret(value)) for (const spelling of spell(part)) known.add(spelling);
  register().spellings = [...known].sort((a, b) => b.length - a.length);
}

/** Registers every `Secret` found anywhere in `value`, such as the whole configuration. */
export function registerSecretsIn(value: unknown, seen: Set<object> = new Set()): void {
  if (value instanceof Secret) {
    registerSecret(value.reveal());
    return;
  }
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  for (const inner of Object.values(value)) registerSecretsIn(inner, seen);
}

function splitSecret(value: string): readonly string[] {
  const parts = [value];
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) && URL.canParse(value) ? new URL(value) : null;
  if (url !== null) {
    if (url.password !== '') parts.push(url.password, decode(url.password));
    // A lone user part is how some services write a token.
    else if (url.username !== '') parts.push(url.username, decode(url.username));
    for (const [name, text] of url.searchParams)
      if (/pass|token|key|secret|sig/i.test(name)) parts.push(text);
  }
  return parts.filter((part) => part.length >= MIN_LENGTH);
}

function spell(value: string): readonly string[] {
  const slashed = value.replaceAll('\\', '\\\\');
  const spellings = [
    value,
    encodeURIComponent(value),
    encodeURI(value),
    JSON.stringify(value).slice(1, -1),
    // As util.inspect and a console print it.
    slashed,
    slashed.replaceAll("'", "\\'"),
  ];
  if (value.length >= MIN_ENCODED_LENGTH) {
    const hex = Buffer.from(value).toString('hex');
    spellings.push(hex, hex.toUpperCase());
    for (const offset of [0, 1, 2]) {
      const core = base64Core(value, offset);
      spellings.push(core, core.replaceAll('+', '-').replaceAll('/', '_'));
    }
  }
  return spellings;
}

/**
 * The characters that base64 gives for `value` whatever stands before (`offset` bytes, modulo 3) and after it, so a
 * password is also found inside the base64 of `user:password`.
 */
function base64Core(value: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
  return whole.slice(offset === 0 ? 0 : 4);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
