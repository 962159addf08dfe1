import 'server-only';
import type { AppTarget } from '@/lib/server/config/types.ts';
import { openSafeHttp } from '@/lib/server/http/safe-fetch.ts';
import {
  answerDeadlineMs,
  type Collector,
  type CollectorSession,
  type CountAct,
  ScrapeError,
} from '../collector.ts';
import { isFrom } from '../fly/discover.ts';
import type { KeepAway } from '../fly/machine-states.ts';
import { parseAnswers } from './parse.ts';
import { readApp } from './read.ts';
import { RouteMemory } from './routes.ts';
import { WorkerWatch } from './workers.ts';

export { type Binding, type Discovery, discoverMapping } from './mapping.ts';

const INTERVAL_SECONDS = 15;
const TIMEOUT_SECONDS = 5;

/** An id as Fly gives it; a host name says nothing about which machine it is. */
const FLY_ID = /^[0-9a-f]{14}$/;

/** Throws when another machine of Fly has answered than the one that was asked: its counters are not ours. */
function refuseAnother({ name, machine }: AppTarget, told: string | undefined): void {
  if (machine === undefined || told === undefined || !FLY_ID.test(told)) return;
  if (isFrom(machine.id, told) !== false) return;
  throw new ScrapeError(
    'parse',
    `app: ${name} was asked and machine ${told} answered; check what lies between us and Fly: the header fly-force-instance-id has to pass`,
  );
}

/** Why a machine is not to be asked now; null when it may be. */
export type KeepsAway = (target: AppTarget, nowMs: number) => KeepAway | null;

/** Reads one machine: its metrics page, its health endpoint, or both. One that does not run is left alone. */
export const app = {
  kind: 'app',
  open(target: AppTarget, { count, keepAway }: { count: CountAct; keepAway?: KeepsAway }): CollectorSession {
    const http = openSafeHttp({ trust: 'config', onConnect: () => count('connect') });
    const watch = new WorkerWatch();
    const routes = new RouteMemory();
    const timeoutSeconds = target.timeoutSeconds ?? TIMEOUT_SECONDS;
    const normalSeconds = target.intervalSeconds ?? INTERVAL_SECONDS;
    return {
      async collect({ signal, nowMs }) {
        const away = keepAway?.(target, nowMs) ?? null;
        if (away !== null) {
          const { leftAlone, state, text } = away;
          return {
            samples: [],
            start: null,
            facts: { state },
            notices: [{ code: 'left_alone', text }],
            leftAlone,
          };
        }
        const answers = await readApp(target, http, count, {
          signal,
          deadlineMs: answerDeadlineMs(timeoutSeconds),
        });
        const result = parseAnswers(answers, target, watch, nowMs, routes);
        refuseAnother(target, result.facts.machine);
        return result;
      },
      pace: () => ({
        normalSeconds,
        denseSeconds: Math.min(normalSeconds, INTERVAL_SECONDS),
        fixedBeat: false,
        timeoutSeconds,
      }),
      close: () => http.close(),
    };
  },
} satisfies Collector<AppTarget>;
