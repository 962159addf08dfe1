import { setImmediate as nextTurn } from 'node:timers/promises';
import { BackupFile, type BackupHeader } from '@/lib/server/store/packed/dump-file.ts';

/** Reads a backup to its end. Throws `BackupFault` with one clear text when it is not whole. */
export async function checkBackupFile(path: string): Promise<{ header: BackupHeader; bytes: number }> {
  const file = new BackupFile(path);
  try {
    for (const _ of file.frames()) await nextTurn();
    return { header: file.header, bytes: file.bytes };
  } finally {
    file.close();
  }
}

/** `of 2026-04-09T17:54Z, from sqlite, by version 0.1.0`. */
export function describeBackup({ madeAtMs, engine, version }: BackupHeader): string {
  return `of ${new Date(madeAtMs).toISOString().slice(0, 16)}Z, from ${engine}, by version ${version}`;
}
