/** Words that are Redis commands where they stand in capitals: `GETs`, `SET`. In small letters they are verbs. */
const COMMANDS =
  /\b(GET|MGET|SET|SETEX|DEL|INCR|INCRBY|DECR|EXPIRE|EXISTS|TTL|PING|HGET|HGETALL|HSET|LPUSH|RPUSH|LPOP|BRPOP|ZADD|ZRANGE|SCAN|KEYS|PUBLISH|SUBSCRIBE|EVAL|EVALSHA|XADD|XREAD)(?:s|’s|'s)?\b/g;

/**
 * Words in one form, to look phrases up in: small letters without accents, singular, one space between and around, Redis
 * commands in capitals as `#get`. Numbers stay: `429`, `p95`.
 */
export function plainWords(text: string): string {
  const words = text
    .replace(COMMANDS, (_, command: string) => ` #${command.toLowerCase()} `)
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    // `BackgroundWorker`, `SlotPoller`: the words that a name is made of.
    .replace(/([a-z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .match(/#?[\p{L}\p{N}]+/gu);
  return words === null ? ' ' : ` ${words.map(singular).join(' ')} `;
}

/** The word as one of a thing, well enough for English and Spanish to be compared. */
function singular(word: string): string {
  if (word.length < 4 || word.startsWith('#') || /(ss|us|is|as|postgres)$/.test(word)) {
    // Spanish feminine plurals (`consultas`, `lecturas`) are words of some length; `gas` and `has` are not.
    return /[^s]as$/.test(word) && word.length > 5 ? word.slice(0, -1) : word;
  }
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(iones|ores|ades|ales|udes)$/.test(word)) return word.slice(0, -2);
  if (/(sh|ch|x|ss)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

const LONGEST_PHRASE = 5;

/** Every run of up to five words: phrases are looked up in it by hash, which a hundred senses do for each claim. */
export function phrasesOf(plain: string): ReadonlySet<string> {
  const words = plain.trim().split(' ');
  const phrases = new Set<string>();
  for (let from = 0; from < words.length; from += 1) {
    let phrase = '';
    for (const word of words.slice(from, from + LONGEST_PHRASE)) {
      phrase = phrase === '' ? word : `${phrase} ${word}`;
      phrases.add(phrase);
    }
  }
  return phrases;
}
