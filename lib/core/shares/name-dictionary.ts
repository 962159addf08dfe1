/** Where a text holds a name: `form` is one of the forms of thing number `thing`. */
export interface FoundName {
  start: number;
  end: number;
  thing: number;
}

export interface NameDictionary {
  /** Every place where a name stands as a word of its own, the longest one at each; in order of their starts. */
  find: (text: string) => FoundName[];
  /** The thing that a whole text names; undefined for none. */
  thingOf: (text: string) => number | undefined;
}

/** Longer forms are looked up by their beginning. */
const HEAD_CHARS = 10;

/**
 * Knows the forms of many things. Spaces, the escapes of Markdown and, unless `byCase`, letters' case may be written
 * anyhow. Linear in the text, however many forms there are, as long as few of them begin alike.
 */
export function makeDictionary(things: readonly (readonly string[])[], byCase: boolean): NameDictionary {
  const known = new Map<string, number>();
  things.forEach((forms, thing) => {
    for (const form of forms) {
      const { text } = plainOf(form.normalize('NFC').trim(), byCase);
      if (text !== '' && !known.has(text)) known.set(text, thing);
    }
  });
  const short = new Set<number>();
  const long = new Map<string, string[]>();
  for (const form of [...known.keys()].sort((a, b) => b.length - a.length)) {
    if (form.length < HEAD_CHARS) short.add(form.length);
    else {
      const head = form.slice(0, HEAD_CHARS);
      long.set(head, [...(long.get(head) ?? []), form]);
    }
  }
  const longestAt = (text: string, start: number): string | null => {
    const isWhole = (form: string) => isEndOfWord(text, start + form.length);
    const found = long
      .get(text.slice(start, start + HEAD_CHARS))
      ?.find((form) => text.startsWith(form, start) && isWhole(form));
    if (found !== undefined) return found;
    for (const length of short) {
      const form = text.slice(start, start + length);
      if (known.has(form) && isWhole(form)) return form;
    }
    return null;
  };
  return {
    find: (raw) => {
      if (known.size === 0) return [];
      const { text, at } = plainOf(raw, byCase);
      const found: FoundName[] = [];
      for (let start = 0; start < text.length; start += 1) {
        if (!isStartOfWord(text, start)) continue;
        const form = longestAt(text, start);
        const thing = form === null ? undefined : known.get(form);
        const first = at[start];
        const last = at[start + (form?.length ?? 1) - 1];
        if (thing !== undefined && first !== undefined && last !== undefined)
          found.push({ start: first, end: last + 1, thing });
      }
      return found;
    },
    thingOf: (text) => known.get(plainOf(text.trim(), byCase).text),
  };
}

/** The text with one space for any, without escapes, in one case; and where each of its characters stood. */
function plainOf(raw: string, byCase: boolean): { text: string; at: number[] } {
  // A letter that becomes two in the other case would shift what follows: such a text stays as it is.
  const lower = byCase ? raw : raw.toLowerCase();
  const folded =
    lower.length === raw.length ? lower : raw.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const parts: string[] = [];
  const at: number[] = [];
  let from = 0;
  const take = (until: number) => {
    if (until > from) parts.push(folded.slice(from, until));
    for (let i = from; i < until; i += 1) at.push(i);
  };
  for (const { 0: found, index } of raw.matchAll(/\\(?=[!-/:-@[-`{-~])|\s+/g)) {
    take(index);
    if (found !== '\\') {
      parts.push(' ');
      at.push(index);
    }
    from = index + found.length;
  }
  take(raw.length);
  return { text: parts.join(''), at };
}

/** An underscore belongs to a word only within one: around it, it is how Markdown leans on it. */
function isStartOfWord(text: string, i: number): boolean {
  return !isLetter(text, i - 1) && !(text[i - 1] === '_' && isLetter(text, i - 2));
}

function isEndOfWord(text: string, i: number): boolean {
  return !isLetter(text, i) && !(text[i] === '_' && isLetter(text, i + 1));
}

/** A letter or a digit. */
function isLetter(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  if (code < 128)
    return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
  return /[\p{L}\p{N}]/u.test(text.charAt(i));
}
