import 'server-only';
import type { AppTarget } from '@/lib/server/config/types.ts';
import { openSafeHttp } from '@/lib/server/http/safe-fetch.ts';
import type { Collector } from '../collector.ts';
import { parseAnswers } from './parse.ts';
import { readApp } from './read.ts';
import { WorkerWatch } from './workers.ts';

export { type Binding, type Discovery, discoverMapping } from './mapping.ts';

const INTERVAL_SECONDS = 15;
const TIMEOUT_SECONDS = 5;

/** Reads one machine: its metrics page, its health endpoint, or both. */
export const app: Collector<AppTarget> = {
  kind: 'app',
  open(target, { count }) {
    const http = openSafeHttp({ trust: 'config', onConnect: () => count('connect') });
    const watch = new WorkerWatch();
    const timeoutSeconds = target.timeoutSeconds ?? TIMEOUT_SECONDS;
    const normalSeconds = target.intervalSeconds ?? INTERVAL_SECONDS;
    return {
      async collect({ signal, nowMs }) {
        const answers = await readApp(target, http, count, { signal, deadlineMs: timeoutSeconds * 1_000 });
        return parseAnswers(answers, target, watch, nowMs);
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
};
