import { MINUS, NBSP, NO_DATA } from './decimal.ts';

const PARTS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/**
 * A span of time as its two largest parts: `4 s`, `2 h 36 m`, `3 d 4 h`. Rounded down, so 59.9 s is `59 s` and
 * an age never claims more than has passed. Null or not finite gives `–`.
 */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return NO_DATA;
  const span = Math.abs(ms);
  const first = PARTS.findIndex(([, size]) => span >= size);
  if (first === -1) return `0${NBSP}s`;
  let rest = span;
  const words: string[] = [];
  for (const [name, size] of PARTS.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) words.push(`${count}${NBSP}${name}`);
  }
  return `${ms < 0 ? MINUS : ''}${words.join(NBSP)}`;
}

/** How long ago: `4 s ago`; a clock that runs ahead of ours still gives `0 s ago`. Null: `never`. */
export function formatAge(ageMs: number | null): string {
  return ageMs === null ? 'never' : `${formatDuration(Math.max(0, ageMs))} ago`;
}
