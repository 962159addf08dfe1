import { auditSummary, auditTogether } from '@/lib/core/claims/audit/audit.ts';
import type { ClaimsDocument, Finding, ReadSummary } from '@/lib/core/claims/document.ts';
import { readSummary } from '@/lib/core/claims/index.ts';
import { readInput } from './claims-input.ts';
import { documentLines, findingLines } from './claims-table.ts';
import { type Command, type CommandIo, EXIT, type ExitCode } from './command.ts';
import { plainText } from './text.ts';

const HELP = `usage: afterwatch claims FILE.md [FILE…] [--json]

Reads what deploy summaries promise: claims with their numbers, checks, next
steps, rollback commands; and recomputes what can be recomputed. Asks no server
and keeps nothing. FILE is Markdown or plain text; - reads stdin. Several files
are audited together too: baselines, targets and rollbacks that disagree.

--json prints one object, or for several files an array of them and
{"together":{"audit":[…]}} at its end. docs/claims.md says what all of it means.

exit codes
  0  every file was read, whatever was found in it
  2  a file could not be read; the others were
  3  wrong usage`;

export const claims: Command = { help: HELP, run: runClaims };

type Read =
  | { file: string; summary: ReadSummary; document: ClaimsDocument }
  | { file: string; error: string };

async function runClaims(
  { json, words }: { json: boolean; words: readonly string[] },
  io: CommandIo,
): Promise<ExitCode> {
  const fault = misuse(words);
  if (fault !== null) {
    io.err(`afterwatch claims: ${fault}; try afterwatch claims --help`);
    return EXIT.usage;
  }
  const reads: Read[] = [];
  for (const file of words.filter((word) => word !== '--')) reads.push(await readOne(file, io));
  const together = reads.length > 1 ? auditTogether(reads.filter((read) => 'summary' in read)) : null;

  if (json) io.out(JSON.stringify(jsonOf(reads, together)));
  else for (const line of tableOf(reads, together)) io.out(line);
  const unread = reads.filter((read) => 'error' in read);
  for (const { file, error } of unread) io.err(plainText(`afterwatch claims: ${file}: ${error}`));
  return unread.length > 0 ? EXIT.unreadable : EXIT.fine;
}

/** What is wrong with the words; null when nothing is. */
function misuse(words: readonly string[]): string | null {
  const end = words.indexOf('--');
  const flags = words.filter(
    (word, index) => word.startsWith('-') && word !== '-' && (end === -1 || index < end),
  );
  if (flags.length > 0) return 'takes files, --json and --help';
  const files = words.filter((word) => word !== '--');
  if (files.length === 0) return 'needs a FILE, or - for stdin';
  return files.filter((file) => file === '-').length > 1 ? 'can read stdin once only' : null;
}

async function readOne(file: string, io: CommandIo): Promise<Read> {
  const input = await readInput(file, io);
  if ('error' in input) return { file, error: input.error };
  try {
    const summary = readSummary(input.text);
    const { deploy, claims, checks, followUps, rollback, redactions } = summary;
    const audit = auditSummary(summary);
    return { file, summary, document: { deploy, claims, checks, followUps, rollback, audit, redactions } };
  } catch (error) {
    // A slip of the reader in one file must not cost what was read of the others.
    return {
      file,
      error: `it could not be understood (${error instanceof Error ? error.name : 'failed'}); please report it`,
    };
  }
}

function jsonOf(reads: readonly Read[], together: readonly Finding[] | null): unknown {
  const documents = reads.map((read) =>
    'error' in read ? { file: read.file, error: read.error } : { file: read.file, ...read.document },
  );
  return together === null ? documents[0] : [...documents, { together: { audit: together } }];
}

function tableOf(reads: readonly Read[], together: readonly Finding[] | null): string[] {
  const documents = reads.flatMap((read) =>
    'error' in read ? [] : [documentLines(read.file, read.document)],
  );
  const last =
    together === null || together.length === 0 ? [] : [['All files together', '', ...findingLines(together)]];
  return [...documents, ...last].flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}
