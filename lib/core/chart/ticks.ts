const LEADS = [1, 2, 2.5, 5, 10] as const;

/** The smallest of 1, 2, 2.5, 5 × 10ⁿ that cuts `span` into at most `maxSteps` steps. `span` > 0. */
export function niceStep(span: number, maxSteps: number, wholeOnly = false): number {
  const rough = span / maxSteps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = LEADS.find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  const step = lead * power;
  return wholeOnly ? Math.max(1, Math.ceil(step)) : step;
}

/** Multiples of a nice step inside `[min, max]`, ascending; at most `maxSteps + 1` of them. */
export function niceTicks(min: number, max: number, maxSteps: number, wholeOnly = false): number[] {
  if (!(max > min)) return [min];
  const step = niceStep(max - min, maxSteps, wholeOnly);
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  const ticks: number[] = [];
  // toPrecision takes the dust off 3 × 0.1; adding 0 turns −0 into 0.
  for (let n = first; n <= last; n++) ticks.push(Number((n * step).toPrecision(12)) + 0);
  return ticks;
}
