import { anytimeLowerRate, anytimeUpperRate, COUNT_ALPHA } from './count-route.ts';
import { WARM_UPS_MS } from './sum-track.ts';

/** What was counted since T₀ and a warm-up, and the rate per hour that it shows. */
export interface CountWindow {
  warmUpMs: number;
  events: number;
  /** Weighed by how busy their clock time usually is. */
  hours: number;
  rate: number;
  /** φ. */
  dispersion: number;
  /** Anytime interval of the rate. */
  low: number;
  high: number;
  /** The interval that so many events in so many hours would have. */
  rateAt: (events: number, hours: number) => { low: number; high: number };
}

/** Running sums of one window. */
export interface Tally {
  warmUpMs: number;
  fromBlock: number;
  blocks: number;
  events: number;
  hours: number;
  squares: number;
  products: number;
  hourSquares: number;
}

export function newTally(warmUpMs: number, fromBlock: number): Tally {
  return { warmUpMs, fromBlock, blocks: 0, events: 0, hours: 0, squares: 0, products: 0, hourSquares: 0 };
}

/** Adds one block to a window, in place. */
export function addTo(tally: Tally, events: number, hours: number): void {
  tally.blocks += 1;
  tally.events += events;
  tally.hours += hours;
  tally.squares += events ** 2;
  tally.products += events * hours;
  tally.hourSquares += hours ** 2;
}

/** The window as it stands. With a warm-up left out its error is shared with the other starts that were tried. */
export function windowOf(tally: Tally, claimed: number, centrePerHour: number): CountWindow {
  const { warmUpMs, events, hours, squares, products, hourSquares } = tally;
  const rate = hours > 0 ? events / hours : 0;
  const strayed = squares - 2 * rate * products + rate ** 2 * hourSquares;
  // One burst after the deploy must not look like a rate that rose: what varies more is known less.
  const dispersion = Math.max(claimed, events > 0 ? strayed / events : 0);
  const alpha = warmUpMs === 0 ? COUNT_ALPHA : COUNT_ALPHA / WARM_UPS_MS.length;
  const rateAt = (count: number, time: number) => ({
    low: anytimeLowerRate({ events: count, hours: time }, dispersion, centrePerHour, alpha),
    high: anytimeUpperRate({ events: count, hours: time }, dispersion, centrePerHour, alpha),
  });
  return { warmUpMs, events, hours, rate, dispersion, ...rateAt(events, hours), rateAt };
}
