import 'server-only';
import type { AlertNotice } from '@/lib/core/alerts/notice.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import type { Config } from '../config/types.ts';
import type { AlertNotices } from '../engine/alert-notices.ts';
import type { Log } from '../log/index.ts';
import { alertMessage, alertMessageId } from './alert-messages.ts';
import type { Outbox } from './outbox.ts';

/** What fired so long ago, when nobody was told yet, is no news. */
const NEWS_MS = DAY_MS;

export interface AlertNewsDeps {
  config: Pick<Config, 'publicUrl' | 'bind' | 'targets'>;
  alerts: Pick<AlertNotices, 'current'>;
  log: Pick<Log, 'warn'>;
}

/** Puts in line what is new of the alerts of a scope; gives how many messages that made. */
export async function takeAlertNews(
  { config, alerts, log }: AlertNewsDeps,
  outbox: Outbox,
  scope: Scope,
  nowMs: number,
): Promise<number> {
  const current = alerts.current(scope);
  if (current === null) return 0;
  const { noticed, notices } = current;
  const idOf = (n: number) => {
    const notice = notices.find((one) => one.n === n);
    return notice === undefined ? null : alertMessageId(scope, notice);
  };
  return outbox.takeNotices(scope, { noticed, idOf }, nowMs, (from) => {
    const fresh = from === null ? stillNews(notices, nowMs) : notices.filter(({ n }) => n > from);
    const missed = from === null ? 0 : noticed - from - fresh.length;
    if (missed > 0) log.warn({ ...scope, missed }, 'notices of alerts were lost: more came than are kept');
    return fresh.map((notice) => alertMessage(config, scope, notice));
  });
}

/** Where nothing was ever told, or it is not known what was: what fires now. */
function stillNews(notices: readonly AlertNotice[], nowMs: number): readonly AlertNotice[] {
  const over = new Set(notices.flatMap((notice) => (notice.what === 'resolved' ? [nameOf(notice)] : [])));
  return notices.filter((notice) => notice.firedAtMs > nowMs - NEWS_MS && !over.has(nameOf(notice)));
}

function nameOf({ alertId, firedAtMs }: AlertNotice): string {
  return `${alertId} ${firedAtMs}`;
}
