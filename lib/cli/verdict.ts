import { parseArgs } from 'node:util';
import { effectText } from '@/lib/core/units/format-claim.ts';
import { prComment } from '@/lib/core/watch/pr-comment.ts';
import { standingState, type VerdictAnswer } from '@/lib/core/watch/verdict-answer.ts';
import { STATE_NAMES, standingText } from '@/lib/core/watch/verdict-text.ts';
import { awaitVerdict, exitOf, readWait, type VerdictAsked } from './await-verdict.ts';
import { type Command, type CommandIo, EXIT, type ExitCode } from './command.ts';
import { alignColumns, plainText } from './text.ts';

const HELP = `usage: afterwatch verdict ID [--wait LENGTH] [--app A] [--environment E]
                          [--comment] [--json]

Whether a deploy did what it promised. ID is its id, its release, or latest: the
newest deploy that is watched.

  --wait       waits until its promises are kept or not kept, its watch is over,
               or so long: 90s, 30m, 24h. Outlives a restart of the server
  --app, --environment   where a release or latest could be of several
  --comment    prints the body of a comment for its pull request, in Markdown;
               its hidden first line tells it from other comments

  AFTERWATCH_URL     address of the server (default http://127.0.0.1:3000)
  AFTERWATCH_TOKEN   a token with scope read, or AFTERWATCH_TOKEN_FILE

exit codes; a verdict that a person put over the measured one counts
  0  met or mostly met, also while it may still change
  1  missed, worse, failing or relapsed
  2  anything else: on its way, undecided, can't tell, nothing watched
  3  no such deploy, no connection, refused, or wrong usage`;

const OPTIONS = {
  wait: { type: 'string' },
  app: { type: 'string' },
  environment: { type: 'string' },
  comment: { type: 'boolean' },
} as const;

export const verdict: Command = { help: HELP, run: runVerdict };

async function runVerdict(
  { json, words }: { json: boolean; words: readonly string[] },
  io: CommandIo,
): Promise<ExitCode> {
  const asked = readAsked(words);
  if (typeof asked === 'string') {
    io.err(plainText(`afterwatch verdict: ${asked}; try afterwatch verdict --help`));
    return EXIT.usage;
  }
  const read = await awaitVerdict(io, 'verdict', asked);
  if ('fault' in read) {
    io.err(plainText(`afterwatch verdict: ${read.fault}`));
    return EXIT.noConnection;
  }
  if (json) io.out(JSON.stringify(read.raw));
  else if (asked.comment) io.out(prComment(read.answer).trimEnd());
  else for (const line of verdictLines(read.answer)) io.out(line);
  return exitOf(read.answer);
}

/** What was asked for, or what is wrong with it. */
function readAsked(words: readonly string[]): (VerdictAsked & { comment: boolean }) | string {
  try {
    const { values, positionals } = parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
    const [id, ...more] = positionals;
    if (id === undefined || id.trim() === '' || id.length > 200 || more.length > 0)
      return 'takes one ID: an id, a release, or latest';
    const waitMs = values.wait === undefined ? 0 : readWait(values.wait);
    if (typeof waitMs === 'string') return waitMs;
    return { id, waitMs, app: values.app, environment: values.environment, comment: values.comment ?? false };
  } catch {
    return 'takes one ID and the flags that the help lists';
  }
}

/** A verdict as lines for a person. */
export function verdictLines(answer: VerdictAnswer): string[] {
  const { deploy, sentence, override, notChecked, claims, endsAt, closed } = answer;
  const state = standingState(answer);
  const standing =
    state === null
      ? 'nothing watched'
      : override === null
        ? standingText({ ...answer, state })
        : `${STATE_NAMES[state]}, says ${override.by}: ${override.reason}`;
  const rows = alignColumns(
    claims.map((claim) => [
      `  ${standingText(claim)}`,
      plainText(effectText(claim) ?? '–'),
      plainText(claim.text),
    ]),
  );
  const lines = rows.flatMap((row, index) => [row, `    ${plainText(claims[index]?.why ?? '')}`]);
  return [
    plainText(`${deploy.release}: ${standing}`),
    plainText(sentence),
    ...(lines.length === 0 ? [] : ['', ...lines]),
    ...(notChecked.length === 0
      ? []
      : ['', ...notChecked.map(({ why }) => plainText(`not checked: ${why}`))]),
    '',
    ...(endsAt === null || closed ? [] : [`watched until ${endsAt}`]),
    plainText(deploy.url),
  ];
}
