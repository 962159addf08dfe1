import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { valueText } from '@/lib/core/units/format-value.ts';
import { MAX_PART_BYTES, restoreStateSchema } from '@/lib/server/backup/restore-query.ts';
import type { BackupHeader } from '@/lib/server/store/packed/dump-file.ts';
import { askServer, type ServerAnswer, type ServerQuestion } from './ask-server.ts';
import { checkBackupFile, describeBackup } from './backup-file.ts';
import { type Command, type CommandIo, EXIT, type ExitCode } from './command.ts';
import { fileFault } from './file-fault.ts';
import { sayMisused } from './keeper.ts';
import { Progress } from './progress.ts';
import { plainText } from './text.ts';

const HELP = `usage: afterwatch restore FILE [--yes] [--json]

Puts a backup in the place of all that a running Afterwatch keeps, and has it begin
anew over that. The file is checked here and on the server before anything is
touched; then everything is replaced at once, or nothing. What was kept before is
gone: make a backup of it first. It does not matter which database the backup came
from: this is also how to move from SQLite to PostgreSQL and back.

Stays as it is: passwords, sessions, tokens, secrets of hooks, links of badges and
shares, and the configuration.

  --yes   does not ask

  AFTERWATCH_URL     address of the server (default http://127.0.0.1:3000)
  AFTERWATCH_TOKEN   the token that it was started with, or AFTERWATCH_TOKEN_FILE;
                     made tokens may not

exit codes
  0  restored
  1  the server said no; nothing was changed
  2  FILE is no whole backup, or nobody said yes; nothing was changed
  3  no connection, or wrong usage`;

const WORDS = 'replace everything';
const WAIT_MS = 60_000;
/** The server begins anew meanwhile, and may be busy: neither is the end. */
const TRIES = 60;
const TRY_AGAIN_MS = 1_000;

const receivedSchema = z.object({ received: z.number() });

export const restore: Command = {
  help: HELP,
  run: async ({ json, words }, io) => {
    const [file, ...more] = words.filter((word) => word !== '--yes');
    if (file === undefined || file === '' || more.length > 0 || file.startsWith('--'))
      return sayMisused('restore', 'it takes one FILE', io);
    const path = resolve(io.cwd, file);
    let known: { header: BackupHeader; bytes: number };
    try {
      known = await checkBackupFile(path);
    } catch (error) {
      io.err(plainText(`afterwatch restore: ${file}: ${fileFault(error)}`));
      return EXIT.unreadable;
    }
    io.err(plainText(`${file}: ${valueText(known.bytes, 'bytes')}, ${describeBackup(known.header)}`));
    if (!words.includes('--yes') && !(await confirmed(io))) {
      io.err('afterwatch restore: nothing was changed');
      return EXIT.unreadable;
    }
    const upload = randomBytes(16).toString('hex');
    const fault = await sendFile(path, known.bytes, upload, io);
    if (fault !== null) {
      io.err(plainText(`afterwatch restore: ${fault.fault}; nothing was changed`));
      return fault.refused ? EXIT.mend : EXIT.noConnection;
    }
    return replace(upload, { json, file }, io);
  },
};

async function confirmed(io: CommandIo): Promise<boolean> {
  io.err('Everything that the server keeps now is replaced by it. Make a backup of that first.');
  io.err(`Type “${WORDS}” to go on:`);
  let text = '';
  for await (const piece of io.stdin ?? []) {
    text += Buffer.from(piece).toString('utf8');
    if (/\n/.test(text) || text.length > 200) break;
  }
  return text.split('\n')[0]?.trim() === WORDS;
}

type Fault = Extract<ServerAnswer, { fault: string }>;

/** Null when all of it has arrived. */
async function sendFile(path: string, bytes: number, upload: string, io: CommandIo): Promise<Fault | null> {
  const progress = new Progress(io);
  const file = await open(path, 'r');
  try {
    for (let at = 0; at < bytes; ) {
      const part = Buffer.alloc(Math.min(MAX_PART_BYTES, bytes - at));
      const { bytesRead } = await file.read(part, 0, part.length, at);
      const answer = await askOften(io, {
        method: 'POST',
        path: `/api/restore?upload=${upload}&offset=${at}`,
        bytes: part.subarray(0, bytesRead),
        waitMs: WAIT_MS,
      });
      if ('fault' in answer) return answer;
      const received = receivedSchema.safeParse(answer.raw).data?.received ?? null;
      if (received !== at + bytesRead || bytesRead === 0)
        return { fault: `${answer.origin} did not take all that was sent`, refused: true, status: 200 };
      at = received;
      progress.show('sending', at / bytes, valueText(at, 'bytes'));
    }
    return null;
  } finally {
    progress.clear();
    await file.close();
  }
}

async function replace(
  upload: string,
  { json, file }: { json: boolean; file: string },
  io: CommandIo,
): Promise<ExitCode> {
  let question: ServerQuestion = {
    method: 'POST',
    path: `/api/restore?upload=${upload}&replace=everything`,
  };
  io.err('sent; the server checks it, then replaces everything');
  for (;;) {
    const answer = await askOften(io, { ...question, waitMs: WAIT_MS });
    if ('fault' in answer) {
      const unknown = question.method === 'GET' && answer.status === 404;
      const why = unknown ? 'the server was started anew and does not know how it came out' : answer.fault;
      io.err(plainText(`afterwatch restore: ${why}; look at its pages and its log`));
      return answer.refused && !unknown ? EXIT.mend : EXIT.noConnection;
    }
    const told = restoreStateSchema.safeParse(answer.raw).data;
    if (told === undefined) {
      io.err(`afterwatch restore: ${answer.origin} gave no answer that we can read`);
      return EXIT.noConnection;
    }
    if (told.state === 'failed') {
      io.err(plainText(`afterwatch restore: ${told.message}`));
      return EXIT.mend;
    }
    if (told.state === 'done') {
      io.err(plainText(`restored ${file}; the server has begun anew over it`));
      if (json) io.out(JSON.stringify({ file, restored: told.backup }));
      return EXIT.fine;
    }
    question = { method: 'GET', path: `/api/restore?upload=${upload}` };
  }
}

/** Asks again while the server is starting, busy, or away for a moment. Every question of a restore may be asked twice. */
async function askOften(io: CommandIo, question: ServerQuestion): Promise<ServerAnswer> {
  for (let tried = 1; ; tried++) {
    const answer = await askServer(io, question);
    const passes =
      'fault' in answer && (answer.status === 503 || answer.status === 429 || isAway(answer, question));
    if (!passes || tried >= TRIES) return answer;
    await wait(TRY_AGAIN_MS);
  }
}

/** Only once everything was sent: before that nobody wants to wait for a server that is not there. */
function isAway({ status }: Fault, { method }: ServerQuestion): boolean {
  return status === null && method === 'GET';
}
