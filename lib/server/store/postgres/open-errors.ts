import 'server-only';
import { codeOf, isAway, StoreOpenError, StoreWriteError, textOf } from '../main/errors.ts';

/** `host:port/database` of an address: never its user or password. */
export function placeName(url: string): string {
  if (!URL.canParse(url)) return 'the database';
  const { hostname, port, pathname } = new URL(url);
  return `${hostname || 'localhost'}:${port || '5432'}${pathname}`;
}

/** What a failed start means and what to do, in one sentence. */
export function openError(url: string, error: unknown): StoreOpenError {
  return new StoreOpenError(`store: ${placeName(url)} cannot be used: ${reason(error)}`, { cause: error });
}

/** What a failed write means and what to do. */
export function writeError(url: string, error: unknown): StoreWriteError {
  const what = isAway(error) ? 'can’t be reached or written to' : 'keeps nothing of what is written';
  return new StoreWriteError(`store: ${placeName(url)} ${what}: ${reason(error)}`, { cause: error });
}

function reason(error: unknown): string {
  const code = codeOf(error);
  const text = textOf(error);
  if (code === 'FENCED' || code === 'NewerSchemaError') return text;
  if (code === '28P01' || code === '28000')
    return 'it refuses the user or password; check AFTERWATCH_DATABASE_URL';
  if (code === '3D000')
    return 'there is no database of that name; create it, or check AFTERWATCH_DATABASE_URL';
  if (code === '42501') return 'the role may not do that; make it the owner of the database or of its schema';
  if (code === '53100') return 'its disk is full; free some space';
  if (code === '53300') return 'it has no free connection; raise max_connections, or put a pooler in front';
  if (code === '25006') return 'it is read-only, a replica perhaps; name the primary';
  if (code.startsWith('57P')) return `it is shutting down or starting (${text}); it is tried again by itself`;
  if (code === 'ECONNREFUSED') return 'nothing listens there; is it running?';
  if (code === 'ENOTFOUND') return 'the name has no DNS entry; check the spelling';
  if (code === '57014')
    return 'it took too long for one statement, and ended it; it is tried again by itself';
  if (
    code === 'TIMEOUT' ||
    code === 'LINK' ||
    code === 'CONNECTION' ||
    /timeout|terminated|ECONNRESET/i.test(text)
  )
    return `it gives no answer (${text}); it is tried again by itself`;
  return text;
}
