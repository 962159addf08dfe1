import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { namesAnswerSchema } from '@/lib/core/history/part.ts';
import { parseDurationMs } from '@/lib/core/time/named-range.ts';
import { errorCode } from '@/lib/server/config/variables.ts';
import { askServer } from './ask-server.ts';
import { type Command, type CommandIo, EXIT, type ExitCode } from './command.ts';
import { checkFile, type FileFacts, guessFormat, IMPORT_FORMATS, type ImportFile } from './import-file.ts';
import { importKey } from './import-state.ts';
import { Progress } from './progress.ts';
import { sendFile } from './send-file.ts';
import { plainText } from './text.ts';

const HELP = `usage: afterwatch import FILE [--format F] [--target ID] [--metric NAME]
                         [--label NAME=VALUE]… [--interval LENGTH] [--check]
                         [--json]

Gives a running Afterwatch numbers from before its first visit. They stand beside
what it measured, as an imported file, and fill only what it did not measure.
The whole file is read before anything is sent: a line that cannot be read, an
unknown metric or an unknown target is told of, with its line, and nothing is
imported. Run again it changes nothing; cut off, it goes on where it was.

  --format     ${IMPORT_FORMATS.join(', ')}; by name and content when left out.
               csv: columns time, target, metric, labels, value as \`export\`
               writes them, or just time and value. prometheus: its text format
               with a time on each line
  --target     id of the source (app/environment/kind/name), where the file does
               not say it
  --metric     metric, where the file does not say it; names are in
               docs/metrics.md
  --label      added to every series; may be given several times
  --interval   how often it was measured, such as 15s; worked out from the file
               when left out
  --check      reads the file and asks the server, but sends nothing

  AFTERWATCH_URL     address of the server (default http://127.0.0.1:3000)
  AFTERWATCH_TOKEN   the token that the server was started with; or
                     AFTERWATCH_TOKEN_FILE

exit codes
  0  imported, or fit to be
  1  the file, or the server, said no; nothing was changed, or what stands above
  2  the file could not be read
  3  no connection, refused, or wrong usage`;

const OPTIONS = {
  format: { type: 'string' },
  target: { type: 'string' },
  metric: { type: 'string' },
  label: { type: 'string', multiple: true },
  interval: { type: 'string' },
  check: { type: 'boolean' },
} as const;

const importCommand: Command = { help: HELP, run: runImport };

export { importCommand as import };

interface Flags {
  path: string;
  /** Null: to be guessed. */
  format: ImportFile['format'] | null;
  defaults: ImportFile['defaults'];
  check: boolean;
}

async function runImport(
  { json, words }: { json: boolean; words: readonly string[] },
  io: CommandIo,
): Promise<ExitCode> {
  const flags = readFlags(words);
  if (typeof flags === 'string') {
    io.err(`afterwatch import: ${flags}; try afterwatch import --help`);
    return EXIT.usage;
  }
  const progress = new Progress(io);
  const path = resolve(io.cwd, flags.path);
  let file: ImportFile;
  let facts: FileFacts;
  try {
    file = { path, format: flags.format ?? (await guessFormat(path)), defaults: flags.defaults };
    facts = await checkFile(file, (share, rows) =>
      progress.show('checking', share, `${countOf(rows, 'row')}`),
    );
  } catch (error) {
    progress.clear();
    io.err(plainText(`afterwatch import: ${flags.path}: ${whyUnreadable(error)}`));
    return EXIT.unreadable;
  }
  progress.clear();
  if (facts.faults.length > 0) return tellFaults(flags.path, facts, io);
  if (facts.rows === 0) {
    io.err(plainText(`afterwatch import: ${flags.path}: it has no row with a time and a value`));
    return EXIT.mend;
  }
  const refused = await askNames(facts, io);
  if (refused !== null) return refused;
  if (flags.check) {
    io.err(`${countOf(facts.rows, 'sample')} of ${countOf(facts.series, 'series')} can be imported`);
    if (json) io.out(JSON.stringify({ checked: true, ...summaryOf(flags.path, facts) }));
    return EXIT.fine;
  }
  const key = importKey([facts.hash, file.format, file.defaults, io.env.AFTERWATCH_URL ?? '']);
  const sent = await sendFile(file, facts, { key, io, progress });
  progress.clear();
  if ('fault' in sent) {
    io.err(plainText(`afterwatch import: ${sent.fault}`));
    io.err(`${countOf(sent.parts, 'part')} of the file are in; the same command goes on from there`);
    return sent.refused ? EXIT.mend : EXIT.noConnection;
  }
  if (sent.tooOld > 0)
    io.err(
      `${countOf(sent.tooOld, 'block')} of 5 minutes left out: they are older than the server keeps blocks`,
    );
  io.err(
    `imported ${countOf(facts.rows, 'sample')} of ${countOf(facts.series, 'series')} as ${countOf(sent.blocks, 'block')} of 5 minutes`,
  );
  if (json) io.out(JSON.stringify({ ...summaryOf(flags.path, facts), ...sent }));
  return EXIT.fine;
}

/** Names that the server does not know are told of before anything is sent. Null when it knows all. */
async function askNames(facts: FileFacts, io: CommandIo): Promise<ExitCode | null> {
  const body = { targets: facts.targets, metrics: facts.metrics };
  const answer = await askServer(io, { method: 'POST', path: '/api/import/names', body });
  if ('fault' in answer) {
    io.err(plainText(`afterwatch import: ${answer.fault}`));
    return answer.refused ? EXIT.mend : EXIT.noConnection;
  }
  const told = namesAnswerSchema.safeParse(answer.raw);
  if (!told.success) {
    io.err(
      `afterwatch import: ${answer.origin} gave no answer that we can read: is it an Afterwatch of this version?`,
    );
    return EXIT.noConnection;
  }
  const faults = [...told.data.faults];
  if ((facts.lastMs ?? 0) > told.data.untilMs)
    faults.push('its last sample lies in the future of the server');
  if (faults.length === 0) return null;
  for (const fault of faults) io.err(plainText(`afterwatch import: ${fault}`));
  io.err('nothing was imported');
  return EXIT.mend;
}

function tellFaults(name: string, { faults, moreFaults }: FileFacts, io: CommandIo): ExitCode {
  for (const { line, fault } of faults) io.err(plainText(`${name}:${line}: ${fault}`));
  if (moreFaults > 0) io.err(`and ${countOf(moreFaults, 'fault')} more`);
  io.err('nothing was imported');
  return EXIT.mend;
}

function summaryOf(file: string, { rows, series, firstMs, lastMs }: FileFacts) {
  return { file, rows, series, firstMs, lastMs };
}

function readFlags(words: readonly string[]): Flags | string {
  let parsed: ReturnType<typeof parseWords>;
  try {
    parsed = parseWords(words);
  } catch {
    return 'takes one FILE and the flags that the help lists';
  }
  const { values, positionals } = parsed;
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) return 'takes one FILE';
  const format = IMPORT_FORMATS.find((one) => one === values.format) ?? null;
  if (values.format !== undefined && format === null)
    return `--format takes one of ${IMPORT_FORMATS.join(', ')}`;
  const labels: Record<string, string> = {};
  for (const pair of values.label ?? []) {
    const at = pair.indexOf('=');
    if (at < 1) return '--label takes NAME=VALUE';
    labels[pair.slice(0, at)] = pair.slice(at + 1);
  }
  const intervalMs = values.interval === undefined ? null : parseDurationMs(values.interval);
  if (values.interval !== undefined && (intervalMs === null || intervalMs === 0))
    return '--interval takes a length such as 15s or 5m';
  const { target = null, metric = null, check = false } = values;
  return { path, format, check, defaults: { target, metric, labels, intervalMs } };
}

function parseWords(words: readonly string[]) {
  return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder; name a file in it',
};

function whyUnreadable(error: unknown): string {
  const code = errorCode(error);
  return UNREADABLE[code] ?? (error instanceof Error ? error.message : 'it cannot be read');
}

function countOf(count: number, noun: string): string {
  const text = count.toLocaleString('en-US');
  return `${text} ${noun}${count === 1 || noun.endsWith('series') ? '' : 's'}`;
}
