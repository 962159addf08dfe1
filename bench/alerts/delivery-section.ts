import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMPTY_ALERTS, stepAlerts } from '../../lib/core/alerts/alert-book.ts';
import { NO_FLEET } from '../../lib/core/alerts/facts/fleet.ts';
import { NO_LIMITS } from '../../lib/core/alerts/facts/limits.ts';
import type { AlertFacts } from '../../lib/core/alerts/facts.ts';
import { ALERT_RULES } from '../../lib/core/alerts/rules/rule.ts';
import { DEFAULT_ALERT_SETTINGS } from '../../lib/core/alerts/settings.ts';
import type { Scope } from '../../lib/core/model/target.ts';
import { Secret } from '../../lib/server/config/secret.ts';
import type { AlertNotices } from '../../lib/server/engine/alert-notices.ts';
import { NotifyStep } from '../../lib/server/notify/notify-step.ts';
import { openSqliteStore } from '../../lib/server/store/sqlite/sqlite-store.ts';
import { type HttpReceiver, openHttpReceiver } from '../../test/receivers/http-receiver.ts';
import { quantileOf } from '../verdict/format.ts';
import type { Section } from '../verdict/plan.ts';

const SCOPE: Scope = { app: 'harbor', environment: 'production' };
const MOST_P99_MS = 5_000;
const SOURCE = {
  kind: 'redis',
  name: 'cache',
  failures: 2,
  errorKind: 'network',
  error: 'no answer',
} as const;
const SETTINGS = { ...DEFAULT_ALERT_SETTINGS, off: ALERT_RULES.filter((rule) => rule !== 'source_down') };

/** From the look that decides to the request that stands at the receiver: the store, the line and the channel are the real ones. */
export async function deliverySection({ sends }: { sends: number }): Promise<Section> {
  const dir = await mkdtemp(join(tmpdir(), 'afterwatch-send-'));
  const receiver = await openHttpReceiver();
  try {
    const delays = await measureDelays(dir, receiver, sends);
    const p99 = quantileOf(delays, 0.99);
    const ms = (value: number | null) => (value === null ? 'never' : `${value.toFixed(0)} ms`);
    return {
      gates: [
        {
          name: 'from decision to send, 99 of 100',
          measured: ms(p99),
          gate: `≤ ${MOST_P99_MS / 1_000} s`,
          holds: p99 !== null && p99 <= MOST_P99_MS,
        },
      ],
      tables: [
        {
          title: 'From decision to send',
          note: 'One alert after the other fires: from the look that decides, over the durable write of its notice and of its message, to the request at a receiver of signed webhooks on the same machine.',
          head: ['alerts', 'half within', '99 of 100 within', 'slowest'],
          rows: [[String(sends), ms(quantileOf(delays, 0.5)), ms(p99), ms(quantileOf(delays, 1))]],
        },
      ],
    };
  } finally {
    await receiver.close();
    await rm(dir, { recursive: true, force: true });
  }
}

async function measureDelays(dir: string, receiver: HttpReceiver, sends: number): Promise<(number | null)[]> {
  const store = await openSqliteStore({
    dir,
    workerPath: join(process.cwd(), 'dist/store-worker.mjs'),
    retention: { samplesDays: 30, blocksDays: 90, hourlyDays: 730 },
    now: () => Date.now(),
  });
  let book = EMPTY_ALERTS;
  let tell: (scope: Scope) => void = () => undefined;
  const alerts: AlertNotices = {
    current: () => book,
    onNotice: (run) => {
      tell = run;
      return () => undefined;
    },
  };
  const notify = new NotifyStep({
    config: {
      targets: [],
      publicUrl: null,
      bind: { host: '127.0.0.1', port: 3000 },
      notify: {
        heartbeat: null,
        receivers: [
          {
            ...{ kind: 'webhook', name: 'local', address: receiver.address, severity: 'info' },
            topics: ['alerts'],
            url: new Secret(`${receiver.origin}/in`),
            secrets: [new Secret('whsec_c2VjcmV0IG9mIGEgbWVhc3VyZQ==')],
          },
        ],
      },
    },
    store,
    clock: { wallMs: () => Date.now() },
    watches: {
      get: async () => null,
      linesNow: () => new Map(),
      onChange: () => () => undefined,
      reminded: async () => null,
    },
    deploys: { get: async () => null },
    alerts,
    poller: { statuses: () => [] },
    log: { info: () => undefined, warn: () => undefined },
    pauseMs: 0,
  });
  await notify.run(Date.now());
  const delays: (number | null)[] = [];
  try {
    for (let i = 0; i < sends; i += 1) {
      const subject = `harbor/production/redis/cache-${i}`;
      const beganMs = performance.now();
      const nowMs = Date.now();
      for (const atMs of [nowMs - 1, nowMs]) book = stepAlerts(book, downFacts(subject, atMs), SETTINGS);
      await store.putState({ [`alerts/${SCOPE.app}/${SCOPE.environment}`]: book });
      const seen = receiver.seen.length;
      tell(SCOPE);
      delays.push(await arrival(receiver, seen, beganMs));
    }
  } finally {
    await notify.stop();
    await store.close();
  }
  return delays;
}

function downFacts(id: string, nowMs: number): AlertFacts {
  return {
    nowMs,
    ...{ mode: null, responses: null, deploy: null, series: [], claims: [] },
    ...{ limits: NO_LIMITS, fleet: NO_FLEET },
    sources: [{ ...SOURCE, id, state: 'down' }],
  };
}

const GIVE_UP_MS = 10_000;

/** Ms from `beganMs` until one more message has come; null when none does. */
async function arrival(receiver: HttpReceiver, seen: number, beganMs: number): Promise<number | null> {
  while (performance.now() - beganMs < GIVE_UP_MS) {
    if (receiver.seen.length > seen) return performance.now() - beganMs;
    await new Promise((done) => setTimeout(done, 1));
  }
  return null;
}
