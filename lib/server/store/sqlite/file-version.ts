import 'server-only';
import { closeSync, openSync, readSync } from 'node:fs';
import { NewerSchemaError } from '../packed/newer-schema.ts';
import { SCHEMA_VERSION } from '../packed/schema-version.ts';

/** Where SQLite keeps `user_version` in its file: four bytes, the highest first. */
const VERSION_AT = 60;

/** Looks at the file before any driver does, which would write beside it. Throws `NewerSchemaError`. */
export function refuseNewerFile(file: string): void {
  const bytes = Buffer.alloc(4);
  const fd = openSync(file, 'r');
  try {
    if (readSync(fd, bytes, 0, bytes.length, VERSION_AT) < bytes.length) return;
  } finally {
    closeSync(fd);
  }
  const found = bytes.readUInt32BE(0);
  if (found > SCHEMA_VERSION) throw new NewerSchemaError(found, SCHEMA_VERSION);
}
