import type { RedisMode } from '../model/redis-mode.ts';
import { CONSEQUENCES, type ConsequenceId, type ConsequenceView } from '../model/suspension.ts';
import { formatDelta } from '../units/format-delta.ts';
import { rateText } from '../units/format-rate.ts';
import { valueText } from '../units/format-value.ts';
import { billedText, partsText } from './arriving.ts';
import { localCaches, type MachineLoad, memory } from './machine-consequences.ts';
import { inferred, measured, type NowAndBefore, type Told, unavailable } from './told.ts';

/** What arrives at a Redis that is suspended, per minute, without ours. */
export interface ArrivingFact {
  perMinute: number;
  parts: readonly { what: string; perMinute: number }[];
  usdPerDay: number | null;
}

/** All that the consequences are told from. Rates per second; null where nothing tells, never 0. */
export interface ConsequenceFacts {
  mode: RedisMode;
  machines: readonly MachineLoad[];
  limiter: { failedOpen: number; isPartial: boolean } | null;
  cacheHits: NowAndBefore;
  jobsDropped: number | null;
  queries: NowAndBefore;
  arriving: ArrivingFact | null;
}

const WHAT: Record<ConsequenceId, string> = {
  rate_limits: 'Rate limits',
  limiter: 'Limiter',
  shared_cache: 'Shared cache',
  local_cache: 'Local caches',
  memory: 'Memory',
  jobs: 'Jobs',
  database: 'Database',
  billed: 'Still billed',
};

/** What it means that Redis is out of use, one line each. What does not apply is left out; what nothing tells says so. */
export function consequencesOf(facts: ConsequenceFacts): ConsequenceView[] {
  return CONSEQUENCES.flatMap((id) => {
    const told = tell(id, facts);
    return told === null ? [] : [{ id, what: WHAT[id], ...told }];
  });
}

function tell(id: ConsequenceId, facts: ConsequenceFacts): Told | null {
  switch (id) {
    case 'rate_limits':
      return rateLimits(facts);
    case 'limiter':
      return limiter(facts);
    case 'shared_cache':
      return sharedCache(facts);
    case 'local_cache':
      return localCaches(facts.machines);
    case 'memory':
      return memory(facts.machines);
    case 'jobs':
      return jobs(facts);
    case 'database':
      return database(facts);
    case 'billed':
      return facts.mode === 'suspended_by_us' ? billed(facts) : null;
    default:
      return id satisfies never;
  }
}

/** Limits that are counted in Redis: machines without it count by themselves, those with it count together. */
export function rateLimits({
  mode,
  machines,
}: {
  mode: RedisMode;
  machines: readonly { mode: RedisMode }[];
}): Told {
  const count = (which: RedisMode) => machines.filter((machine) => machine.mode === which).length;
  if (mode === 'suspended_by_provider' || mode === 'quota_exhausted') {
    return unavailable(
      'nothing tells what the limiter does while Redis refuses',
      'it may count on each machine, or let everything pass: see the limiter',
    );
  }
  const [off, silent] = [count('suspended_by_us'), count('unknown')];
  if (off === 0) return unavailable('nothing tells on which machines Redis is off', 'no machine says so');
  const times = off + Math.min(1, count('active'));
  const isOpen = silent > 0;
  const whys = `${off === 1 ? '1 machine counts' : `${off} machines count`} alone${
    count('active') > 0 ? ', the others share their counts' : ''
  }${isOpen ? `; ${silent === 1 ? '1 machine tells' : `${silent} machines tell`} nothing` : ''}`;
  if (times === 1 && !isOpen) return inferred('as you set them: one machine counts', whys);
  return inferred(`up to ${times}×${isOpen ? ' or more of' : ''} what you set`, whys);
}

function limiter({ limiter: told }: ConsequenceFacts): Told {
  const why = 'app_limiter_decisions_total, last hour';
  if (told === null) {
    return unavailable('nothing tells what it lets pass', 'no machine tells app_limiter_decisions_total now');
  }
  if (told.failedOpen > 0) {
    return measured(`lets ${rateText(told.failedOpen, 'requests', 'h')} through unchecked`, why);
  }
  return told.isPartial
    ? unavailable('no request was seen let through unchecked, but a machine is silent', why)
    : measured('no request was let through unchecked in the last hour', why);
}

function sharedCache({ mode, cacheHits }: ConsequenceFacts): Told {
  const cold = mode === 'mixed' ? 'not used where Redis is off' : 'not used, and cold when Redis comes back';
  const { now, before } = cacheHits;
  if (now === null) return inferred(cold, 'hits are not counted now: app_cache_lookups_total would tell');
  const hits = `hit ratio ${valueText(now, 'ratio')}`;
  const was = before === null ? '' : `, was ${valueText(before, 'ratio')}`;
  return measured(`${cold}; ${hits}${was}`, `app_cache_lookups_total, ${COMPARED}`);
}

function jobs({ jobsDropped }: ConsequenceFacts): Told {
  if (jobsDropped === null) {
    return unavailable('nothing tells of dropped jobs', 'no machine tells app_jobs_dropped_total now');
  }
  const why = 'app_jobs_dropped_total, last hour';
  return jobsDropped > 0
    ? measured(`${rateText(jobsDropped, 'events', 'h')} dropped`, why)
    : measured('none dropped', why);
}

function database({ queries: { now, before } }: ConsequenceFacts): Told {
  if (now === null)
    return unavailable('nothing tells how hard it is asked', 'its queries are not counted now');
  const text = `${rateText(now, 'queries', 'h')} queries`;
  if (before === null) return measured(text, 'last hour; nothing is known of before');
  return measured(
    `${text}, ${rateText(before, 'queries', 'h')} before (${formatDelta(before, now, 'queries')})`,
    COMPARED,
  );
}

/** What now is held against. */
const COMPARED =
  'last hour against the same hour of the last day before, or against the hour before where nothing else is known';

/** Less than this is a stray client. Per minute. */
const STRAY_PER_MINUTE = 1;

function billed({ arriving }: ConsequenceFacts): Told {
  if (arriving === null) {
    return unavailable(
      'nothing counts what arrives at Redis',
      'neither Redis nor its provider tells commands now',
    );
  }
  const why = 'commands that Redis counted over 15 min, without ours';
  if (arriving.perMinute < STRAY_PER_MINUTE) return measured('nothing but our own visits arrives', why);
  return measured(billedText(arriving.perMinute, arriving.usdPerDay, partsText(arriving.parts)), why);
}
