import 'server-only';

/** Names from `known` that someone who wrote `word` may have meant, nearest first, at most `limit`. */
export function suggest(word: string, known: readonly string[], limit = 3): string[] {
  const wanted = word.slice(0, 80).toLowerCase();
  if (wanted === '') return [];
  const scored = known.map((name) => ({ name, score: scoreOf(wanted, name.toLowerCase()) }));
  return scored
    .filter(({ score }) => score < 1)
    .sort((a, b) => a.score - b.score || a.name.localeCompare(b.name, 'en'))
    .slice(0, limit)
    .map(({ name }) => name);
}

/** `; did you mean a or b?`, or nothing when no known name is near. */
export function didYouMean(word: string, known: readonly string[], limit = 2): string {
  const near = suggest(word, known, limit);
  return near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
}

/** 0 is equal, 1 and more is unlike: edits relative to length, or shared words for long names such as metrics. */
function scoreOf(wanted: string, name: string): number {
  const allowed = Math.max(1, Math.floor(Math.max(wanted.length, name.length) / 3));
  const edits = editDistance(wanted, name);
  if (edits <= allowed) return edits / (allowed + 1);
  const words = new Set(name.split(/[^a-z0-9]+/));
  const asked = wanted.split(/[^a-z0-9]+/).filter((word) => word.length > 2);
  const shared = asked.filter((word) => words.has(word)).length;
  return shared >= 2 ? 0.9 + 0.09 / shared : 1;
}

/** Fewest insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replaced, at(last, j) + 1, at(row, j - 1) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, at(beforeLast, j - 2) + 1);
      }
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
