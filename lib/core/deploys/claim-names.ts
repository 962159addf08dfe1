import type { ParsedClaim } from '../claims/document.ts';

/** What fits beside the controls of a small chart. */
const MOST_CHARACTERS = 19;

/**
 * What a claim is measured by, as people call it: `Redis GETs`, `Database queries`, `429 responses`, `Redis GETs, limiter`.
 * Null while no metric is bound.
 */
export function metricTitle({ metric, labels }: Pick<ParsedClaim, 'metric' | 'labels'>): string | null {
  if (metric === null) return null;
  const { cmd, status, ...rest } = labels;
  let words = metric
    .replace(/^app_/, '')
    .replace(/_total$|_usd_per_day$/, '')
    .replace(/_(seconds|bytes)(?=_|$)/, '')
    .replaceAll('_', ' ')
    .replace(/^redis\b/, 'Redis')
    .replace(/^db\b/, 'database')
    .replace(/^http (?=responses|latency)/, '');
  if (cmd !== undefined)
    words = words
      .replace(/ ?commands$/, '')
      .trimEnd()
      .concat(` ${cmd.toUpperCase()}s`);
  if (status !== undefined) words = `${status} ${words}`;
  const narrowed = [words, ...Object.values(rest)].join(', ').trim();
  return `${narrowed.charAt(0).toUpperCase()}${narrowed.slice(1)}`;
}

/**
 * Short names for a few texts, to stand over their charts: what comes before the numbers (`Redis GETs`), the whole text
 * where two would be called the same, and a count where even that is the same. As many as texts, no two alike.
 */
export function shortNames(texts: readonly string[]): readonly string[] {
  const short = texts.map((text) =>
    cut(text.split(/:\s|\s[→(]|\s(?=\d)/)[0]?.trim() || text.trim() || 'A claim'),
  );
  const named = short.map((name, i) => (isAlone(short, name) ? name : cut(texts[i]?.trim() || name)));
  const used = new Set(named.filter((name) => isAlone(named, name)));
  return named.map((name) => {
    if (isAlone(named, name)) return name;
    let count = 1;
    while (used.has(`${name} (${count})`)) count += 1;
    const own = `${name} (${count})`;
    used.add(own);
    return own;
  });
}

function isAlone(names: readonly string[], name: string): boolean {
  return names.filter((one) => one === name).length === 1;
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= MOST_CHARACTERS
    ? text
    : `${characters
        .slice(0, MOST_CHARACTERS - 1)
        .join('')
        .trimEnd()}…`;
}
