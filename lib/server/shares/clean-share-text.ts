import 'server-only';
import { cleanText } from '../deploys/clean.ts';

/** Long words of the alphabets that secrets are written over into. */
const ENCODED = /[A-Za-z0-9+/_=%-]{20,}/g;
/** Shorter pieces could be any word. */
const LEAST_CHARS = 20;
/** A longer word is looked through no more: it goes. */
const MOST_CHARS = 200_000;
const HIDDEN = '[secret]';
/** The token of another share, in its address. */
const SHARE = /(\/s\/)[\w-]{43}(?![\w-])/g;

/** The last bytes of a secret in base64, which are spelled with what stands behind it. */
const TAIL = /(?<=\[secret\])(?:[A-Za-z0-9+/_-]{0,4}={1,2}|[A-Za-z0-9]{1,3}(?![A-Za-z0-9]))/g;

/** How Markdown, JSON and HTML write a sign. */
const ESCAPES: readonly [pattern: RegExp, signOf: (code: string) => string][] = [
  [/\\u([0-9a-f]{4})/gi, (code) => String.fromCharCode(Number.parseInt(code, 16))],
  [/\\([!-/:-@[-`{-~])/g, (sign) => sign],
  [/&#(\d{2,5});/g, (code) => String.fromCharCode(Number(code))],
  [/&#x([0-9a-f]{2,4});/gi, (code) => String.fromCharCode(Number.parseInt(code, 16))],
  [/&(lt|gt|quot|apos|amp);/gi, (name) => SIGNS[name.toLowerCase()] ?? ''],
];
const SIGNS: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/**
 * `text` without credentials, as `cleanText`; and without words that hold one with escaped signs, or written over as
 * base64, hex or URL-encoded, though nobody registered it. Also says how many were taken out.
 */
export function cleanShareText(text: string): { text: string; count: number } {
  const plain = cleanText(text);
  let count = plain.count;
  const hide = (found: string) => {
    count += 1;
    return found;
  };
  const clean = plain.text
    .replace(SHARE, (_all, path: string) => hide(`${path}${HIDDEN}`))
    .replace(/\S+/g, (word) => (isEscapedSecret(word) ? hide(HIDDEN) : word))
    .replace(ENCODED, (word) => (isEncodedSecret(word) ? hide(HIDDEN) : word))
    .replace(TAIL, '');
  return { text: clean, count };
}

function isEscapedSecret(word: string): boolean {
  if (!/[\\&]/.test(word)) return false;
  const plain = ESCAPES.reduce(
    (text, [pattern, signOf]) => text.replace(pattern, (_all, code: string) => signOf(code)),
    word,
  );
  return plain !== word && cleanText(plain).count > cleanText(word).count;
}

function isEncodedSecret(word: string): boolean {
  if (word.length > MOST_CHARS) return true;
  // With a name or a path before it, it is encoded all the same.
  const pieces = new Set([word, ...word.split(/=+(?=[^=])/), ...word.split('/')]);
  return [...pieces]
    .filter((piece) => piece.length >= LEAST_CHARS)
    .flatMap(decodings)
    .some((plain) => cleanText(plain).count > 0);
}

/** What the word says in each of the codes that it could be written in; only texts that can be read. */
function decodings(word: string): string[] {
  const found: string[] = [];
  if (/%[0-9a-f]{2}/i.test(word)) {
    try {
      found.push(decodeURIComponent(word));
    } catch {
      // No such code.
    }
  }
  const digits = word.replace(/^0x/i, '');
  if (/^[0-9a-f]+$/i.test(digits) && digits.length % 2 === 0)
    found.push(Buffer.from(digits, 'hex').toString());
  if (/^[A-Za-z0-9+/_-]+={0,2}$/.test(word)) found.push(Buffer.from(word, 'base64').toString());
  return found.filter((text) => text !== word && !/\ufffd|(?![\t\n\r])\p{Cc}/u.test(text));
}
