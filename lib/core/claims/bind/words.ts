import { remember } from '../memo.ts';

/** Words that are Redis commands where they stand in capitals: `GETs`, `SET`. In small letters they are verbs. */
const COMMANDS =
  /\b(GET|MGET|SET|SETEX|DEL|INCR|INCRBY|DECR|EXPIRE|EXISTS|TTL|PING|HGET|HGETALL|HSET|LPUSH|RPUSH|LPOP|BRPOP|ZADD|ZRANGE|SCAN|KEYS|PUBLISH|SUBSCRIBE|EVAL|EVALSHA|XADD|XREAD)(?:s|’s|'s)?\b/g;

const MAX_WORDS = 2_000;
const NOT_ASCII = /[^\0-\x7f]/;
const MARKS = /\p{M}+/gu;
const WORD = /#?[\p{L}\p{N}]+/gu;

/**
 * Words in one form, to look phrases up in: small letters without accents, singular, one space between and around, Redis
 * commands in capitals as `#get`. Numbers stay: `429`, `p95`.
 */
export const plainWords = remember(MAX_WORDS, (text): string => {
  const commands = text.replace(COMMANDS, (_, command: string) => ` #${command.toLowerCase()} `);
  const plain = NOT_ASCII.test(commands) ? commands.normalize('NFD').replace(MARKS, '') : commands;
  const words = plain
    // `BackgroundWorker`, `SlotPoller`: the words that a name is made of.
    .replace(/([a-z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .match(WORD);
  return words === null ? ' ' : ` ${words.map(singular).join(' ')} `;
});

/** The word as one of a thing, well enough for English and Spanish to be compared. */
const singular = remember(MAX_WORDS, (word) => {
  if (word.length < 4 || word.startsWith('#') || /(ss|us|is|as|postgres)$/.test(word)) {
    // Spanish feminine plurals (`consultas`, `lecturas`) are words of some length; `gas` and `has` are not.
    return /[^s]as$/.test(word) && word.length > 5 ? word.slice(0, -1) : word;
  }
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(iones|ores|ades|ales|udes)$/.test(word)) return word.slice(0, -2);
  if (/(sh|ch|x|ss)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
});

/** How many words the longest phrase has that begins with a word. */
export type PhraseStarts = ReadonlyMap<string, number>;

/** The starts of some phrases. */
export function startsOf(phrases: Iterable<string>): PhraseStarts {
  const starts = new Map<string, number>();
  for (const phrase of phrases) {
    const words = phrase.split(' ');
    const first = words[0] ?? '';
    starts.set(first, Math.max(starts.get(first) ?? 0, words.length));
  }
  return starts;
}

/** Every run of words that may be one of the phrases: they are looked up in it by hash, which a hundred senses do for each claim. */
export function phrasesOf(plain: string, starts: PhraseStarts): ReadonlySet<string> {
  const words = plain.trim().split(' ');
  const phrases = new Set<string>();
  for (let from = 0; from < words.length; from += 1) {
    let phrase = words[from] ?? '';
    const longest = starts.get(phrase) ?? 0;
    for (let count = 1; count <= longest; count += 1) {
      phrases.add(phrase);
      const next = words[from + count];
      if (next === undefined) break;
      phrase = `${phrase} ${next}`;
    }
  }
  return phrases;
}
