import type { Unit } from '../metrics/catalogue/entry.ts';
import {
  type Formatted,
  NBSP,
  NO_DATA,
  onLadder,
  type Rung,
  roundToThree,
  threeDigits,
  withSign,
} from './decimal.ts';
import { formatDuration } from './duration.ts';
import { formatMoney } from './money.ts';

const COUNT_RUNGS: readonly Rung[] = [
  { factor: 1, suffix: '' },
  { factor: 1e3, suffix: 'K' },
  { factor: 1e6, suffix: 'M' },
  { factor: 1e9, suffix: 'B' },
  { factor: 1e12, suffix: 'T' },
];
const BYTE_RUNGS: readonly Rung[] = [
  { factor: 1, suffix: `${NBSP}B` },
  { factor: 1e3, suffix: `${NBSP}kB` },
  { factor: 1e6, suffix: `${NBSP}MB` },
  { factor: 1e9, suffix: `${NBSP}GB` },
  { factor: 1e12, suffix: `${NBSP}TB` },
];
const SECOND_RUNGS: readonly Rung[] = [
  { factor: 1e-6, suffix: `${NBSP}µs` },
  { factor: 1e-3, suffix: `${NBSP}ms` },
  { factor: 1, suffix: `${NBSP}s` },
];

/** Three digits of a value that is not null; whole counts below a thousand are written whole (`12`, not `12.0`). */
export function formatFinite(value: number, unit: Unit, whole: 'as_is' | 'three_digits'): Formatted {
  const magnitude = Math.abs(value);
  const short = whole === 'as_is' && Number.isInteger(magnitude) && magnitude < 1_000;
  switch (unit) {
    case 'ratio':
      return withSign(value, { text: threeDigits(magnitude * 100), suffix: `${NBSP}%` });
    case 'seconds': {
      if (magnitude === 0) return { text: '0', suffix: `${NBSP}s` };
      // 59.97 s would round to `60.0 s`: from there on it is written as a duration.
      if (roundToThree(magnitude) >= 60) {
        return withSign(value, { text: formatDuration(Math.round(magnitude) * 1_000), suffix: '' });
      }
      return withSign(value, onLadder(magnitude, SECOND_RUNGS));
    }
    case 'bytes':
      if (short) return withSign(value, { text: String(magnitude), suffix: `${NBSP}B` });
      return withSign(value, onLadder(magnitude, BYTE_RUNGS));
    case 'usd':
      return { text: formatMoney(value), suffix: '' };
    case 'commands':
    case 'queries':
    case 'transactions':
    case 'requests':
    case 'responses':
    case 'connections':
    case 'keys':
    case 'lookups':
    case 'events':
    case 'errors':
    case 'rows':
    case 'locks':
    case 'restarts':
    case 'samples':
    case 'processes':
    case 'state':
      if (short) return withSign(value, { text: String(magnitude), suffix: '' });
      return withSign(value, onLadder(magnitude, COUNT_RUNGS));
    default:
      return unit satisfies never;
  }
}

/**
 * A value in its base unit with three significant digits: `94.8 %`, `38.2 MB`, `12.3 ms`, `1.93K`.
 * Null (and anything that is no number) is `–`: missing is not zero.
 */
export function formatValue(value: number | null, unit: Unit): Formatted {
  if (value === null || !Number.isFinite(value)) return { text: NO_DATA, suffix: '' };
  return formatFinite(value, unit, 'as_is');
}

/** `text + suffix` of {@link formatValue}, for sentences. */
export function valueText(value: number | null, unit: Unit): string {
  const { text, suffix } = formatValue(value, unit);
  return text + suffix;
}

/** Label of an axis tick: as {@link formatValue}, without trailing zeros (`2.5K`, `0`, `100 %`). */
export function tickText(value: number, unit: Unit): string {
  const { text, suffix } = formatValue(value, unit);
  // Cents are written in pairs.
  if (unit === 'usd') return text.replace(/\.00$/, '');
  return (text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text) + suffix;
}

const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** The number in full where there is room for it: `733,412`; below a thousand three digits. Null: `–`. */
export function exactText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NO_DATA;
  if (Math.abs(value) < 999.5) return withSignText(value, threeDigits(Math.abs(value)));
  return withSignText(value, GROUPED.format(Math.abs(value)));
}

function withSignText(value: number, magnitude: string): string {
  return withSign(value, { text: magnitude, suffix: '' }).text;
}
