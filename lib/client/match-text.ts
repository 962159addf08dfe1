/** Lower case, without accents. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * How well `title` answers what was typed; null when it does not. Every typed word must begin a word of the title (best),
 * stand inside one, or have its letters in order within the title; earlier and closer counts more.
 */
export function matchText(typed: string, title: string): number | null {
  const text = plain(title);
  let score = 0;
  for (const word of plain(typed).split(/\s+/).filter(Boolean)) {
    const found = scoreWord(word, text);
    if (found === null) return null;
    score += found;
  }
  return score;
}

function scoreWord(word: string, text: string): number | null {
  const at = text.indexOf(word);
  if (at === 0) return 100;
  if (at > 0) {
    const begins = text.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word));
    return (begins ? 80 : 40) - Math.min(20, at / 4);
  }
  // Letters in order: only within few more letters than were typed, else everything fits everything.
  let from = text.indexOf(word[0] ?? '');
  const first = from;
  for (const letter of word) {
    from = text.indexOf(letter, from);
    if (from === -1) return null;
    from++;
  }
  const spread = from - first - word.length;
  return word.length < 2 || spread > word.length ? null : 20 - spread;
}

/** The items that fit, best first; in their own order where they fit equally well, and all of them when nothing is typed. */
export function filterByText<T>(
  items: readonly T[],
  typed: string,
  textOf: (item: T) => string,
): readonly T[] {
  if (typed.trim() === '') return items;
  return items
    .flatMap((item) => {
      const score = matchText(typed, textOf(item));
      return score === null ? [] : [{ item, score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}
