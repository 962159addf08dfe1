import { ACT_FIELDS, type Acts, NO_ACTS } from '@/lib/core/budget/acts.ts';
import type { CollectResult, ScrapeErrorKind } from '@/lib/core/model/scrape.ts';
import { type SourceState, sourceState } from '@/lib/core/model/source-state.ts';
import { targetId } from '@/lib/core/model/target.ts';
import { actsText } from '@/lib/core/sources/cost.ts';
import { type Mend, readMends, withoutCommand } from '@/lib/core/sources/mend.ts';
import { type CollectorSession, type CountAct, ScrapeError } from '@/lib/server/collectors/collector.ts';
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
  /** Rights that are missing, in words. */
  missing: string[];
  /** Commands for an admin that would mend something. */
  commands: string[];
  /** What to do where no command does it, such as making a key in a console. */
  steps: string[];
}

const AT_ONCE = 8;
/** A collector that ignores its signal is cut off this long after its deadline. */
const GRACE_MS = 500;
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
  const sent: Acts = { ...NO_ACTS };
  const count: CountAct = (act, times = 1) => {
    sent[ACT_FIELDS[act]] += times;
  };
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
  { samples, facts, notices, leftAlone = null }: CollectResult,
  durationMs: number,
  sent: Acts,
): TargetReport {
  const version = facts.version === undefined ? '' : `${facts.version}, `;
  const text = `${version}${samples.length} samples in ${Math.round(durationMs)} ms, sent ${actsText(sent)}`;
  const mends = readMends({ kind: target.kind, error: null, notices });
  const lacksGrant = mends.some(({ weight }) => weight === 'grant');
  const verdict = lacksGrant ? 'mend' : notices.length > 0 ? 'warning' : 'ok';
  return {
    ...head(target),
    verdict,
    state: leftAlone === null ? 'ok' : leftAlone === 'asleep' ? 'asleep' : 'unknown',
    text: leftAlone === null ? text : `left alone, sent ${actsText(sent)}`,
    notices: notices.map((notice) => withoutCommand(notice.text)),
    codes: notices.map(({ code }) => code),
    ...mendParts(mends),
  };
}

/** Lines come to the running server and never to this process. */
function reportPushed(target: Target): TargetReport {
  const text = 'nothing to visit: lines are sent to the running server, and status tells whether they come';
  return { ...head(target), verdict: 'ok', state: 'ok', text, notices: [], codes: [], ...mendParts([]) };
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
    ...mendParts(readMends({ kind: target.kind, error: { kind, message: text }, notices: [] })),
  };
}

function head(target: Target): Pick<TargetReport, 'id' | 'address'> {
  return { id: targetId(target), address: target.address };
}

function mendParts(mends: readonly Mend[]): Pick<TargetReport, 'missing' | 'commands' | 'steps'> {
  const of = (kind: Mend['kind']) =>
    mends
      .filter((mend) => mend.kind === kind)
      .map(({ text, remark }) => (remark === null ? text : `${text} -- ${remark}`));
  const missing = mends.filter(({ weight }) => weight === 'grant').map((mend) => mend.missing);
  return { missing: [...new Set(missing)], commands: of('run'), steps: of('step') };
}
