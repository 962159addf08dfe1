import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { valueText } from '@/lib/core/units/format-value.ts';
import { type BackupHeader, readBackupHeader } from '@/lib/server/store/packed/dump-file.ts';
import { streamServer } from './ask-server.ts';
import { checkBackupFile, describeBackup } from './backup-file.ts';
import { type Command, type CommandIo, EXIT, type ExitCode } from './command.ts';
import { fileFault } from './file-fault.ts';
import { sayMisused } from './keeper.ts';
import { Progress } from './progress.ts';
import { plainText } from './text.ts';

const HELP = `usage: afterwatch backup FILE [--force] [--json]

Writes all that a running Afterwatch keeps to one file, as of one moment: samples,
deploys, verdicts, incidents. The server goes on watching meanwhile. FILE appears
only when it is whole and checked; until then its bytes lie in FILE.part.

Not in it: passwords, sessions, tokens, secrets of hooks, links of badges and shares,
and the configuration.

  --force   replaces a FILE that is there

  AFTERWATCH_URL     address of the server (default http://127.0.0.1:3000)
  AFTERWATCH_TOKEN   the token that it was started with, or AFTERWATCH_TOKEN_FILE;
                     made tokens may not

exit codes
  0  written
  1  the server said no
  2  the file could not be written
  3  no connection, cut off, or wrong usage`;

export const backup: Command = {
  help: HELP,
  run: async ({ json, words }, io) => {
    const [file, ...more] = words.filter((word) => word !== '--force');
    if (file === undefined || file === '' || more.length > 0 || file.startsWith('--'))
      return sayMisused('backup', 'it takes one FILE', io);
    const path = resolve(io.cwd, file);
    if (existsSync(path) && !words.includes('--force')) {
      io.err(plainText(`afterwatch backup: ${file} is there already; name another, or add --force`));
      return EXIT.unreadable;
    }
    const part = `${path}.part`;
    try {
      const code = await fetchTo(part, io);
      if (code !== null) return code;
      const { header, bytes } = await checkBackupFile(part);
      await rename(part, path);
      io.err(plainText(`wrote ${file}: ${valueText(bytes, 'bytes')}, ${describeBackup(header)}`));
      if (json) io.out(JSON.stringify({ file, bytes, ...header }));
      return EXIT.fine;
    } catch (error) {
      io.err(plainText(`afterwatch backup: ${file}: ${fileFault(error)}`));
      return EXIT.unreadable;
    } finally {
      await rm(part, { force: true });
    }
  },
};

/** Null when everything that the server sent lies in `part`; else the exit code, said already. Throws faults of the disk. */
async function fetchTo(part: string, io: CommandIo): Promise<ExitCode | null> {
  const answer = await streamServer(io, '/api/backup');
  if ('fault' in answer) {
    io.err(`afterwatch backup: ${answer.fault}`);
    return answer.refused ? EXIT.mend : EXIT.noConnection;
  }
  const progress = new Progress(io);
  const pieces = answer.pieces[Symbol.asyncIterator]();
  await rm(part, { force: true });
  const file = await open(part, 'wx', 0o600);
  try {
    let header: BackupHeader | null = null;
    for (let bytes = 0; ; ) {
      const next = await pieces.next().catch((error: unknown) => ({ error }));
      if ('error' in next) {
        progress.clear();
        io.err(plainText(`afterwatch backup: ${fileFault(next.error)}; nothing was written`));
        return EXIT.noConnection;
      }
      if (next.done === true) break;
      header ??= readBackupHeader(next.value);
      bytes += next.value.length;
      await file.writeFile(next.value);
      progress.show(
        'backup',
        bytes / (header?.storeBytes || Number.POSITIVE_INFINITY),
        valueText(bytes, 'bytes'),
      );
    }
    await file.sync();
    return null;
  } finally {
    await file.close();
    await pieces.return?.();
    progress.clear();
  }
}
