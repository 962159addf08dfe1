const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'this user may not read or write it',
  EPERM: 'this user may not read or write it',
  EISDIR: 'it is a folder; name a file in it',
  ENOSPC: 'the disk is full; free some space',
  EROFS: 'the disk is read-only',
};

/** What went wrong with a file, in words; the error's own where it is none of the usual ones. */
export function fileFault(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return FAULTS[code] ?? error.message;
}
