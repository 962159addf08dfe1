import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { MARK_KINDS } from '@/lib/core/model/view.ts';
import { askServer } from './ask-server.ts';
import { awaitVerdict, exitOf, readWait } from './await-verdict.ts';
import { readInput } from './claims-input.ts';
import { type Command, type CommandIo, EXIT, type ExitCode } from './command.ts';
import { plainText } from './text.ts';
import { verdictLines } from './verdict.ts';

const HELP = `usage: afterwatch deploy --file FILE.md [--release R] [--time ISO] [--app A]
                         [--environment E] [--kind K] [--title T] [--link URL]… [--key KEY]
                         [--wait LENGTH] [--json]

Tells a running Afterwatch of a deploy. Its promises are read out of the summary
and wait to be confirmed on the page, whose address is printed.

  --file         the summary, Markdown or plain text of at most 64 KB; - reads
                 stdin. May be left out where --release says what was deployed
  --release      version or commit; taken from the summary when left out
  --time         when its first machine changed: ISO with a zone, or Unix ms;
                 taken from the summary when left out, else now
  --app, --environment   needed where the server watches several
  --kind         ${MARK_KINDS.join(', ')}; code when left out
  --key          names this request: sent again it changes nothing. Made from
                 what is sent when left out
  --wait         then waits for the verdict, so long at most (30m, 24h), prints
                 it and exits as the command verdict does. Its promises must be
                 confirmed on the page meanwhile

  AFTERWATCH_URL     address of the server (default http://127.0.0.1:3000)
  AFTERWATCH_TOKEN   a token with scope deploy, with --wait read as well; or
                     AFTERWATCH_TOKEN_FILE

exit codes
  0  registered, also when it was known before
  1  the server said no
  2  the file could not be read
  3  no connection, refused, or wrong usage
with --wait, once it is registered
  0  met or mostly met   1  missed, worse, failing or relapsed   2  anything else`;

const OPTIONS = {
  file: { type: 'string' },
  release: { type: 'string' },
  time: { type: 'string' },
  app: { type: 'string' },
  environment: { type: 'string' },
  kind: { type: 'string' },
  title: { type: 'string' },
  link: { type: 'string', multiple: true },
  key: { type: 'string' },
  wait: { type: 'string' },
} as const;

const answerSchema = z.looseObject({
  id: z.string(),
  url: z.string(),
  release: z.string(),
  app: z.string(),
  environment: z.string(),
  merged: z.boolean(),
  claims: z.array(z.looseObject({})),
  audit: z.array(z.looseObject({ severity: z.string(), message: z.string() })),
  redactions: z.number(),
});
type Answer = z.output<typeof answerSchema>;

export const deploy: Command = { help: HELP, run: runDeploy };

async function runDeploy(
  { json, words }: { json: boolean; words: readonly string[] },
  io: CommandIo,
): Promise<ExitCode> {
  const flags = readFlags(words);
  if (typeof flags === 'string') {
    io.err(`afterwatch deploy: ${flags}; try afterwatch deploy --help`);
    return EXIT.usage;
  }
  const { file, key, link, wait, ...told } = flags;
  const input = file === undefined ? { text: '' } : await readInput(file, io);
  if ('error' in input) {
    io.err(plainText(`afterwatch deploy: ${file}: ${input.error}`));
    return EXIT.unreadable;
  }
  const body = { ...told, summary: input.text, ...(link === undefined ? {} : { links: link }) };
  const answer = await askServer(io, {
    method: 'POST',
    path: '/api/deploys',
    body,
    headers: { 'idempotency-key': key ?? keyOf(body), 'x-afterwatch-client': 'cli' },
  });
  if ('fault' in answer) {
    io.err(`afterwatch deploy: ${answer.fault}`);
    return answer.refused ? EXIT.mend : EXIT.noConnection;
  }
  const parsed = answerSchema.safeParse(answer.raw);
  if (!parsed.success) {
    io.err(
      `afterwatch deploy: ${answer.origin} gave no answer that we can read: is it an Afterwatch of this version?`,
    );
    return EXIT.noConnection;
  }
  // With --json one object is printed, so it waits for the verdict too.
  if (json && wait === undefined) io.out(JSON.stringify(parsed.data));
  else if (!json) for (const line of linesOf(parsed.data)) io.out(line);
  return wait === undefined ? EXIT.fine : waitFor(parsed.data, wait, json, io);
}

async function waitFor(told: Answer, wait: string, json: boolean, io: CommandIo): Promise<ExitCode> {
  const waitMs = readWait(wait);
  if (typeof waitMs === 'string') return EXIT.usage;
  const read = await awaitVerdict(io, 'deploy', { id: told.id, waitMs });
  if ('fault' in read) {
    if (json) io.out(JSON.stringify(told));
    io.err(plainText(`afterwatch deploy: it is registered, but there is no verdict: ${read.fault}`));
    return EXIT.noConnection;
  }
  if (json) io.out(JSON.stringify({ ...told, verdict: read.raw }));
  else for (const line of ['', ...verdictLines(read.answer)]) io.out(line);
  return exitOf(read.answer);
}

type Values = { [name in Exclude<keyof typeof OPTIONS, 'link'>]?: string } & { link?: string[] };

/** The flags, or what is wrong with them. What they hold is judged by the server. */
function readFlags(words: readonly string[]): Values | string {
  let values: { [name in keyof Values]?: Values[name] | undefined };
  try {
    values = parseArgs({ args: [...words], options: OPTIONS, allowPositionals: false }).values;
  } catch {
    return 'takes --file FILE.md and the flags that the help lists';
  }
  if (values.file === undefined && values.release === undefined) return 'needs a --file or a --release';
  if (values.key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(values.key))
    return '--key takes 1 to 255 signs without spaces';
  if (values.wait !== undefined) {
    const waitMs = readWait(values.wait);
    if (typeof waitMs === 'string') return waitMs;
  }
  const known: readonly string[] = MARK_KINDS;
  if (values.kind !== undefined && !known.includes(values.kind))
    return `--kind takes one of ${MARK_KINDS.join(', ')}`;
  // A flag that was not given is left out, not sent as undefined.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Values;
}

/** The same command run again is the same request: a pipeline may repeat its step. */
function keyOf(body: object): string {
  return `cli-${createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 40)}`;
}

function linesOf({ release, app, environment, merged, claims, audit, redactions, url }: Answer): string[] {
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  const found = [
    count(claims.length, 'claim'),
    count(audit.length, 'audit finding'),
    ...(redactions === 0 ? [] : [`${count(redactions, 'secret')} taken out`]),
  ];
  return [
    plainText(
      `${merged ? 'added to' : 'registered'} ${release} of ${app}/${environment}: ${found.join(', ')}`,
    ),
    ...audit.filter(({ severity }) => severity === 'error').map(({ message }) => `  ${plainText(message)}`),
    plainText(url),
  ];
}
