import { MINUS, NBSP } from '../units/decimal.ts';

/** From this on a change is said as so many times what it was. */
const TIMES_FROM_PCT = 300;

/** A percentage without its sign as people say it: `96.7 %`, `25 %`, `4.2 %`. Near 100 % the tenths tell. */
export function percentText(percent: number): string {
  return `${digits(Math.abs(percent))}${NBSP}%`;
}

function digits(size: number): string {
  if (size >= 99.95 && size < 100) return trim(size.toFixed(2));
  return size < 99.95 ? trim(size.toFixed(1)) : String(Math.round(size));
}

function trim(text: string): string {
  return text.replace(/\.?0+$/, '');
}

/** `96.7 % lower`, `3.4 times as much`, `unchanged`. */
export function levelText(percent: number): string {
  if (isUnchanged(percent)) return 'unchanged';
  if (percent >= TIMES_FROM_PCT) return `${times(percent)} times as much`;
  return `${percentText(percent)} ${percent < 0 ? 'lower' : 'higher'}`;
}

/** `Falls by 96.7 %`, `Rises to 3.4 times as much`, `Is unchanged`. */
export function changeText(percent: number): string {
  if (isUnchanged(percent)) return 'Is unchanged';
  if (percent >= TIMES_FROM_PCT) return `Rises to ${times(percent)} times as much`;
  return `${percent < 0 ? 'Falls' : 'Rises'} by ${percentText(percent)}`;
}

/** The signed form, for what stands beside a word: `−3 %`. */
export function signedText(percent: number): string {
  if (isUnchanged(percent)) return `0${NBSP}%`;
  return `${percent < 0 ? MINUS : '+'}${percentText(percent)}`;
}

/** The ends of an interval in words: `between 96.1 and 97.2 % lower`, `between 3 % lower and 12 % higher`. */
export function betweenText([low, high]: readonly [number, number]): string {
  if (high <= 0 && low < 0) return joined(high, low, 'lower');
  if (low >= 0 && high > 0 && high < TIMES_FROM_PCT) return joined(low, high, 'higher');
  const [from, to] = [levelText(low), levelText(high)];
  return from === to ? from : `between ${from} and ${to}`;
}

function joined(near: number, far: number, word: string): string {
  const [from, to] = [digits(Math.abs(near)), digits(Math.abs(far))];
  return from === to ? `${to}${NBSP}% ${word}` : `between ${from} and ${to}${NBSP}% ${word}`;
}

function isUnchanged(percent: number): boolean {
  return Math.abs(percent) < 0.05;
}

function times(percent: number): string {
  const factor = 1 + percent / 100;
  return factor < 10 ? trim(factor.toFixed(1)) : String(Math.round(factor));
}

/** `one event`, `12 events`, `no event`. */
export function eventsText(events: number): string {
  const count = Math.round(events);
  if (count === 0) return 'no event';
  return count === 1 ? 'one event' : `${countText(count)} events`;
}

/** A whole number with its thousands apart: `69,423`. */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A sentence that goes on inside another, and the other way round. */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
