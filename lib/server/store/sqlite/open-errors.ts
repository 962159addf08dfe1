import 'server-only';
import { codeOf, StoreOpenError, StoreWriteError, textOf } from '../main/errors.ts';
import { lockedText, StoreLockedError } from './lock.ts';

/** What a failed start means and what to do, in one sentence. */
export function openError(dir: string, file: string, error: unknown): Error {
  if (error instanceof StoreLockedError) return error;
  const code = codeOf(error);
  const cause = { cause: error };
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new StoreLockedError(lockedText(dir, null), cause);
  }
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB') || code === 'DamagedRowError') {
    return new StoreOpenError(
      `store: ${file} is damaged and was left as it is; restore a backup, or move the file away to start empty`,
      cause,
    );
  }
  if (code === 'NewerSchemaError') return new StoreOpenError(`store: ${file}: ${textOf(error)}`, cause);
  return new StoreOpenError(`store: ${file} cannot be opened: ${reason(code, textOf(error))}`, cause);
}

/** What a failed write means and what to do. */
export function writeError(dir: string, error: unknown): StoreWriteError {
  return new StoreWriteError(
    `store: nothing is being kept: ${reason(codeOf(error), textOf(error))} (folder ${dir})`,
    { cause: error },
  );
}

function reason(code: string, text: string): string {
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC') return 'the disk is full; free some space';
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS') {
    return 'the disk or file is read-only; allow writing to it';
  }
  if (code === 'EACCES' || code === 'EPERM' || code.startsWith('SQLITE_PERM')) {
    return 'no permission; let this user write to the folder';
  }
  // The driver gives no code when the connection itself fails, only SQLite's number at the end of its text.
  if (code.startsWith('SQLITE_CANTOPEN') || text.includes('Unable to open connection'))
    return 'the file cannot be opened; check the folder and its rights';
  if (code.startsWith('SQLITE_IOERR')) return `the disk reports an error (${text}); check the disk`;
  if (code === 'EMFILE') return 'too many open files; raise the limit of open files';
  return text;
}
