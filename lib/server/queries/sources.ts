import 'server-only';
import type { ScrapeErrorKind } from '@/lib/core/model/scrape.ts';
import type { SourceKind } from '@/lib/core/model/target.ts';
import type { SourceView } from '@/lib/core/model/view.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import type { TargetStatus } from '../poller/target-poller.ts';
import type { Runtime } from '../runtime.ts';
import type { CounterFall } from '../store/store.ts';
import { readObserver } from './observer.ts';

/** A counter that fell is told for this long after. */
const FALL_SHOWN_MS = HOUR_MS;

/** One row a target, in the order of the config. */
export function readSources(
  runtime: Runtime,
  statuses: readonly TargetStatus[],
  nowMs: number,
): SourceView[] {
  const falls = runtime.store.lastFalls(statuses.map(({ id }) => id));
  return statuses.map((status) => {
    const { id, target, state, history, lastError, facts, notices } = status;
    const fall = falls.find(({ series, atMs }) => series.targetId === id && nowMs - atMs < FALL_SHOWN_MS);
    return {
      id,
      kind: target.kind,
      name: target.name,
      address: target.address,
      state,
      ageMs: history.lastOkAtMs === null ? null : Math.max(0, nowMs - history.lastOkAtMs),
      lagMs: null,
      intervalMs: history.intervalMs,
      lastError,
      fix:
        history.failures > 0 && history.lastErrorKind !== null
          ? fixFor(target.kind, history.lastErrorKind)
          : null,
      notices: [...notices.map(({ text }) => text), ...(fall === undefined ? [] : [fallText(fall)])],
      version: facts.version ?? null,
      costToday: runtime.ledger.today(id),
      observer: readObserver(runtime, status),
    };
  });
}

function fallText({ series, atMs, countedAs }: CounterFall): string {
  const labels = Object.values(series.labels);
  const name = labels.length === 0 ? series.metric : `${series.metric} ${labels.join(', ')}`;
  const counted = countedAs === 'glitch' ? 'nothing was added' : 'it was counted as a restart';
  return `Counter ${name} went backwards at ${formatClock(atMs)} without a restart: ${counted}. Several processes behind one address, or a reset by hand?`;
}

/** What a person can do about a failing source. The error text itself says what was seen. */
export function fixFor(kind: SourceKind, error: ScrapeErrorKind): string {
  switch (error) {
    case 'timeout':
      return 'Check that it is up and that this host may reach it, or raise its timeout.';
    case 'network':
      return 'Check address, port and network rules from this host.';
    case 'auth':
      return 'Check user and password in its URL, then use Poll now: after a refused login we ask once an hour.';
    case 'grant':
      return 'Run npm run -s afterwatch -- doctor: it prints the command that grants what is missing.';
    case 'limit':
      return 'Nothing to do if it passes; else raise the limit or the interval.';
    case 'quota':
      return 'Raise the plan or wait for the next period. We ask once an hour until then.';
    case 'http':
      return 'Open the address from this host and check path and token.';
    case 'parse':
      return kind === 'app'
        ? 'Open the address: it must serve Prometheus text, OpenMetrics or JSON.'
        : 'Check that the address is the server itself and not something in front of it.';
    case 'asleep':
      return 'Nothing to do: it is visited again when others use it.';
    case 'unseen':
      return 'Set NEON_API_KEY, or check the key of its Neon source.';
    case 'budget':
      return 'Nothing to do: it goes on at midnight UTC. A longer interval costs less.';
    case 'internal':
      return 'Please report this with the log line of the same time.';
    default:
      return error satisfies never;
  }
}
