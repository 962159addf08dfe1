import { derivedApp } from './app.ts';
import { derivedCost } from './cost.ts';
import { derivedDb } from './db.ts';
import type { DerivedEntry } from './entry.ts';
import { derivedHttp } from './http.ts';
import { derivedRedis } from './redis.ts';

export { type DerivedEntry, inputsOf } from './entry.ts';
export { type DerivedLine, evaluateDerived } from './evaluate.ts';
export type { InputSeries } from './processes.ts';

/** Every metric that is worked out from others, defined once, with its formula. */
export const DERIVED = {
  ...derivedRedis,
  ...derivedApp,
  ...derivedHttp,
  ...derivedDb,
  ...derivedCost,
};

export type DerivedName = keyof typeof DERIVED;

/** The entry of a derived metric, or null when there is none of this name. */
export function findDerived(name: string): DerivedEntry | null {
  return Object.hasOwn(DERIVED, name) ? DERIVED[name as DerivedName] : null;
}
