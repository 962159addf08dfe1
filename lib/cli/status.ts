import { formatSinceOrigin } from '@/lib/core/units/clock.ts';
import { formatAge, formatDuration } from '@/lib/core/units/duration.ts';
import { formatMoney } from '@/lib/core/units/money.ts';
import { type Command, type CommandIo, EXIT, type ExitCode } from './command.ts';
import { fetchStatus, type StatusBody, type StatusSource } from './fetch-status.ts';
import { alignColumns, plainText } from './text.ts';

const HELP = `usage: afterwatch status [--json]

State of every source, Redis mode, firing alerts and the current watch of a
running Afterwatch.

  AFTERWATCH_URL     its address (default http://127.0.0.1:3000)
  AFTERWATCH_TOKEN   its token, or AFTERWATCH_TOKEN_FILE; needed when it has a password

exit codes
  0  fine: nothing fires and every source was read (asleep counts as read)
  1  an alert fires
  2  can't tell: nothing fires, but a source cannot be read or is late, or none has been read yet
  3  no connection, refused, or wrong usage`;

/** States that do not keep us from telling. `starting` is one while another source has been read. */
const READ_STATES: readonly string[] = ['ok', 'asleep'];

export const status: Command = {
  help: HELP,
  run: runStatus,
};

async function runStatus({ json }: { json: boolean }, io: CommandIo): Promise<ExitCode> {
  const answer = await fetchStatus(io);
  if ('fault' in answer) {
    io.err(`afterwatch status: ${answer.fault}`);
    return EXIT.noConnection;
  }
  if (json) io.out(JSON.stringify(answer.raw));
  else for (const line of statusLines(answer.body)) io.out(line);
  return judge(answer.body).code;
}

/** The exit code and why. A firing alert outranks a source that cannot be read. */
export function judge({ sources, alerts }: StatusBody): { code: ExitCode; words: string } {
  if (alerts.length > 0) return { code: EXIT.firing, words: `${alerts.length} firing` };
  const unread = sources.filter(({ state }) => !READ_STATES.includes(state));
  const failing = unread.filter(({ state }) => state !== 'starting');
  if (failing.length > 0) {
    return {
      code: EXIT.cannotTell,
      words: `can't tell: ${failing.map((s) => `${s.id} is ${s.state}`).join(', ')}`,
    };
  }
  if (unread.length === sources.length) {
    return { code: EXIT.cannotTell, words: "can't tell: no source has been read yet" };
  }
  return { code: EXIT.fine, words: 'fine' };
}

function statusLines(body: StatusBody): string[] {
  const { commands, connects, queries, requests, usdToday } = body.observer;
  const money = usdToday === null ? '' : `, ${formatMoney(usdToday)} at list price`;
  return [
    plainText(judge(body).words),
    '',
    ...alertLines(body.alerts),
    ...modeLines(body.mode),
    ...watchLines(body.watch),
    ...alignColumns([['SOURCE', 'STATE', 'LAST READ'], ...body.sources.map(sourceRow)]),
    ...body.sources.flatMap(troubleLines),
    '',
    `watching has cost ${commands} commands, ${connects} connects, ${queries} queries and ${requests} requests today (UTC)${money}`,
  ];
}

function alertLines(alerts: StatusBody['alerts']): string[] {
  const lines = alerts.flatMap(({ title, detail }) =>
    title === undefined ? [] : [plainText(`firing: ${title}`), ...(detail ? [`  ${plainText(detail)}`] : [])],
  );
  return lines.length === 0 ? [] : [...lines, ''];
}

function modeLines(mode: StatusBody['mode']): string[] {
  if (mode === null) return [];
  const since = mode.sinceMs === null ? '' : ` for ${formatDuration(Date.now() - mode.sinceMs)}`;
  const evidence = mode.evidence === '' ? '' : ` (${mode.quality}: ${mode.evidence})`;
  return [plainText(`Redis mode: ${mode.mode}${since}${evidence}`), ''];
}

function watchLines(watch: StatusBody['watch']): string[] {
  if (watch === null) return [];
  const { release, state, reason, provisional, met, of, override, origin, ends } = watch;
  const plain = (word: string) => word.replaceAll('_', ' ').replace('cant', 'can’t');
  const standing = `${plain(state)}${reason === null ? (provisional ? ', provisional' : '') : `: ${plain(reason)}`}`;
  const said = override === null ? standing : `${plain(override)} by hand (measured: ${standing})`;
  const at = formatSinceOrigin(Math.min(Date.now(), Date.parse(ends)), Date.parse(origin));
  return [plainText(`watch: ${release} ${said}, ${met} of ${of} claims met, ${at}`), ''];
}

function sourceRow({ id, state, ageSeconds }: StatusSource): string[] {
  return [
    plainText(id),
    plainText(state),
    plainText(formatAge(ageSeconds === null ? null : ageSeconds * 1_000)),
  ];
}

function troubleLines({ id, state, lastError, fix }: StatusSource): string[] {
  if (READ_STATES.includes(state) || lastError === null) return [];
  return ['', plainText(`${id}: ${lastError}`), ...(fix ? [`  to do: ${plainText(fix)}`] : [])];
}
