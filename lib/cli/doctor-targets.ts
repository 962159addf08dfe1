import type { CollectResult, Notice, ScrapeErrorKind } from '@/lib/core/model/scrape.ts';
import { type SourceState, sourceState } from '@/lib/core/model/source-state.ts';
import { targetId } from '@/lib/core/model/target.ts';
import { type CollectorSession, type ObserverAct, ScrapeError } from '@/lib/server/collectors/collector.ts';
import { type OpenSession, sessionOpener } from '@/lib/server/collectors/index.ts';
import type { Target } from '@/lib/server/config/types.ts';
import type { Verdict } from './doctor-machine.ts';

/** What one visit to one target found. */
export interface TargetReport {
  id: string;
  address: string;
  verdict: Verdict;
  state: SourceState;
  /** What was read, or why nothing was. */
  text: string;
  notices: string[];
  /** Codes of the notices. */
  codes: string[];
  /** Commands for an admin that would mend something, as the collector knows them. */
  commands: string[];
}

const AT_ONCE = 8;
/** A collector that ignores its signal is cut off this long after its deadline. */
const GRACE_MS = 500;
/** The command, and a remark in brackets that must not be pasted with it. */
const COMMAND = /; as an admin run: (.+?)(?: \(([^()]+)\))?$/;
const PLURALS = { command: 'commands', connect: 'connects', query: 'queries', request: 'requests' } as const;
/** Without these rights numbers are missing; the other commands only make numbers better. */
const GRANT = /^(?:GRANT|ACL SETUSER|ALTER ROLE)\b/;

/** Visits each target once, some at a time, and closes every connection again. In the order of the config. */
export async function visitTargets(targets: readonly Target[]): Promise<TargetReport[]> {
  const reports: TargetReport[] = [];
  const open = sessionOpener(targets);
  const queue = [...targets.entries()];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, target] = next;
      reports[index] = await visitTarget(target, open);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return reports;
}

async function visitTarget(target: Target, open: OpenSession): Promise<TargetReport> {
  const sent = new Map<ObserverAct, number>();
  const count = (act: ObserverAct, times = 1) => void sent.set(act, (sent.get(act) ?? 0) + times);
  if (target.kind === 'logs') return reportPushed(target);
  const startedMs = performance.now();
  let session: CollectorSession | null = null;
  try {
    session = open(target, { count });
    const result = await collectOnce(session);
    return reportGood(target, result, performance.now() - startedMs, sent);
  } catch (error) {
    return reportBad(target, error);
  } finally {
    await closeSoon(session);
  }
}

async function collectOnce(session: CollectorSession): Promise<CollectResult> {
  const deadlineMs = session.pace().timeoutSeconds * 1_000;
  const signal = AbortSignal.timeout(deadlineMs);
  let timer: NodeJS.Timeout | undefined;
  const cut = new Promise<never>((_, refuse) => {
    const error = new ScrapeError('timeout', `gave no answer within ${deadlineMs / 1_000} s`);
    timer = setTimeout(() => refuse(error), deadlineMs + GRACE_MS);
  });
  try {
    return await Promise.race([session.collect({ signal, nowMs: Date.now() }), cut]);
  } finally {
    clearTimeout(timer);
  }
}

/** Closes a session, and does not wait for one that hangs: the process ends soon anyway. */
async function closeSoon(session: CollectorSession | null): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((done) => {
    timer = setTimeout(done, GRACE_MS);
  });
  await Promise.race([session?.close().catch(() => undefined), enough]);
  clearTimeout(timer);
}

function reportGood(
  target: Target,
  { samples, facts, notices }: CollectResult,
  durationMs: number,
  sent: ReadonlyMap<ObserverAct, number>,
): TargetReport {
  const cost = [...sent].map(([act, times]) => `${times} ${times === 1 ? act : PLURALS[act]}`);
  const version = facts.version === undefined ? '' : `${facts.version}, `;
  const text = `${version}${samples.length} samples in ${Math.round(durationMs)} ms, sent ${cost.join(', ') || 'nothing'}`;
  const commands = commandsOf(notices.map((notice) => notice.text));
  const lacksGrant = commands.some((command) => GRANT.test(command));
  const verdict = lacksGrant ? 'mend' : notices.length > 0 ? 'warning' : 'ok';
  return { ...head(target), verdict, state: 'ok', text, ...noticeParts(notices), commands };
}

/** Lines come to the running server and never to this process. */
function reportPushed(target: Target): TargetReport {
  const text = 'nothing to visit: lines are sent to the running server, and status tells whether they come';
  return { ...head(target), verdict: 'ok', state: 'ok', text, notices: [], codes: [], commands: [] };
}

function reportBad(target: Target, error: unknown): TargetReport {
  const isKnown = error instanceof ScrapeError;
  const kind: ScrapeErrorKind = isKnown ? error.kind : 'internal';
  const text = isKnown ? error.message : `${target.kind}: ${target.name} could not be read: a fault of ours`;
  const state = sourceState(
    {
      intervalMs: 0,
      lastOkAtMs: null,
      lastScrapeAtMs: 0,
      failures: 1,
      lastErrorKind: kind,
    },
    0,
  );
  return {
    ...head(target),
    verdict: 'mend',
    state,
    text: withoutCommand(text),
    notices: [],
    codes: [],
    commands: commandsOf([text]),
  };
}

function head(target: Target): Pick<TargetReport, 'id' | 'address'> {
  return { id: targetId(target), address: target.address };
}

function noticeParts(notices: readonly Notice[]): Pick<TargetReport, 'notices' | 'codes'> {
  return { notices: notices.map(({ text }) => withoutCommand(text)), codes: notices.map(({ code }) => code) };
}

function commandsOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => {
    const [, command, remark] = COMMAND.exec(text) ?? [];
    if (command === undefined) return [];
    return [remark === undefined ? command : `${command} -- ${remark}`];
  });
}

/** The text without its command, which is printed on a line of its own. */
function withoutCommand(text: string): string {
  return text.replace(COMMAND, '');
}
