/** A fixed number in [0, 1) for a seed, a name and a position: the same on every machine and at every call. */
export function hash01(seed: number, key: number, position: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(key + 0x7f4a7c15, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15) ^ (position | 0), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 13), 0x297a2d39);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return ((h ^ (h >>> 14)) >>> 0) / 4_294_967_296;
}

/** A number for a name, so that each flow has its own noise. */
export function keyOf(name: string): number {
  let key = 2_166_136_261;
  for (let i = 0; i < name.length; i += 1) key = Math.imul(key ^ name.charCodeAt(i), 16_777_619);
  return key >>> 0;
}

/** `length` lower-case hex digits that belong to a seed and a name. */
export function hexOf(seed: number, name: string, length: number): string {
  let text = '';
  for (let i = 0; i < length; i += 1) {
    text += Math.floor(hash01(seed, keyOf(name), i) * 16).toString(16);
  }
  return text;
}

/** Steps of chance: within each step the rate is lifted or lowered by up to `share`. */
const STEPS = [
  { seconds: 23, share: 0.25 },
  { seconds: 67, share: 0.3 },
  { seconds: 190, share: 0.25 },
] as const;
/** Slow swings on top of them. */
const SWINGS = [
  { seconds: 11 * 60, share: 0.1 },
  { seconds: 41 * 60, share: 0.1 },
] as const;

/**
 * Integral in seconds of a noise between −1 and 1 with mean 0, from a fixed origin to `atSeconds`. Being an integral
 * in closed form, a counter that holds it can be read at any time without a walk through the past.
 */
export function noiseIntegral(seed: number, key: number, atSeconds: number): number {
  let sum = 0;
  for (const [i, { seconds, share }] of STEPS.entries()) {
    const step = Math.floor(atSeconds / seconds);
    const inside = atSeconds / seconds - step;
    const from = hash01(seed, key + i, step);
    const to = hash01(seed, key + i, step + 1);
    sum += share * seconds * (from + (to - from) * inside);
  }
  for (const [i, { seconds, share }] of SWINGS.entries()) {
    const turn = 2 * Math.PI * (atSeconds / seconds + hash01(seed, key + 100 + i, 0));
    sum -= (share * seconds * Math.cos(turn)) / (2 * Math.PI);
  }
  return sum;
}

/** A gauge between 0 and 1 that wanders, with a new aim every `everyMs`. */
export function wobble(seed: number, name: string, atMs: number, everyMs: number): number {
  const key = keyOf(name);
  const step = Math.floor(atMs / everyMs);
  const inside = atMs / everyMs - step;
  const from = hash01(seed, key, step);
  return from + (hash01(seed, key, step + 1) - from) * inside;
}
