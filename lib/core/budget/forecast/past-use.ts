import type { LimitQuestion } from './forecast-limit.ts';

/** Points to draw, at most. */
const MOST_POINTS = 120;

/**
 * What was used by when, `[ms, used]`, from the beginning of the period, or of the history where that is later, to now.
 * It ends at what is used now; what gaps of the history must hold is spread over them.
 */
export function pastUse({
  used,
  history: { startMs, stepMs, increments },
  nowMs,
  startsMs = null,
}: Pick<LimitQuestion, 'used' | 'history' | 'nowMs' | 'startsMs'>): readonly (readonly [number, number])[] {
  const first = startsMs === null ? 0 : Math.max(0, Math.ceil((startsMs - startMs) / stepMs));
  const steps = increments.slice(first);
  if (steps.length === 0) return [[nowMs, used]];
  const fromMs = startMs + first * stepMs;
  const beganInside = startsMs !== null && startsMs >= startMs;
  const known = steps.reduce<number>((sum, step) => sum + Math.max(0, step ?? 0), 0);
  const gaps = steps.filter((step) => step === null).length;
  // Where the period began before the history, what was used until then is what the history does not hold.
  const rest = Math.max(0, used - known);
  const perGap = beganInside && gaps > 0 ? rest / gaps : 0;
  const scale = known > used && known > 0 ? used / known : 1;
  let sum = beganInside ? (gaps > 0 ? 0 : rest) : rest;
  const stride = Math.max(1, Math.ceil(steps.length / MOST_POINTS));
  const points: (readonly [number, number])[] = [[beganInside ? startsMs : fromMs, beganInside ? 0 : sum]];
  for (const [i, step] of steps.entries()) {
    sum += step === null ? perGap : Math.max(0, step) * scale;
    const atMs = fromMs + (i + 1) * stepMs;
    if ((i + 1) % stride === 0 && atMs < nowMs) points.push([atMs, Math.min(used, sum)]);
  }
  points.push([nowMs, used]);
  return points;
}
