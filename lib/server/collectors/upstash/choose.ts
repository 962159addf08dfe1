import 'server-only';
import type { UpstashTarget } from '@/lib/server/config/types.ts';
import { grantError, NOT_HERE } from './errors.ts';
import { short } from './facts.ts';
import type { Database } from './schema.ts';

/** More names than this are counted, not listed. */
const MAX_NAMES = 10;

/** The database that the config means: by id, by name, or the only one. Throws a `ScrapeError` that lists what there is. */
export function chooseDatabase(databases: readonly Database[], target: UpstashTarget): Database {
  const wanted = target.database;
  if (wanted === null) {
    const [only, ...others] = databases;
    if (only !== undefined && others.length === 0) return only;
    if (only === undefined) throw grantError(target, `this account has no Redis database; ${NOT_HERE}`);
    throw grantError(
      target,
      `this account has ${databases.length} databases (${namesOf(databases)}); set database to the name or id of one`,
    );
  }
  const byId = databases.find(({ database_id }) => database_id === wanted);
  if (byId !== undefined) return byId;
  const [first, ...more] = databases.filter(({ database_name }) => database_name === wanted);
  if (first === undefined) throw noSuchDatabase(databases, target);
  if (more.length === 0) return first;
  throw grantError(
    target,
    `${more.length + 1} databases of this account are named ${short(wanted)}; set database to the id of one, as the console shows it`,
  );
}

/** The fault of a database that the account does not have. */
export function noSuchDatabase(databases: readonly Database[], target: UpstashTarget) {
  const there = databases.length === 0 ? 'it has none' : `it has ${namesOf(databases)}`;
  return grantError(
    target,
    `this account has no database ${short(target.database)}; ${there}; correct database, or take a key of the team that owns it; ${NOT_HERE}`,
  );
}

function namesOf(databases: readonly Database[]): string {
  const names = databases.slice(0, MAX_NAMES).map(({ database_name }) => short(database_name) || 'unnamed');
  const more = databases.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

/** True for what can only be an id, so that no list has to be read. */
export function isDatabaseId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
