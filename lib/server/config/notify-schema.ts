import 'server-only';
import { z } from 'zod';
import { NOTICE_TOPICS } from '@/lib/core/model/receiver.ts';
import { readHttpAddress, readSmtpAddress } from './address.ts';
import type { Reporter } from './issues.ts';
import { heartbeatSchema, receiverSchema, webhookSchema } from './receiver-schemas.ts';
import type { NotifySettings, Receiver } from './receivers.ts';
import { Secret } from './secret.ts';
import type { Path } from './yaml-file.ts';

const PAGERDUTY_URL = 'https://events.pagerduty.com';
const EVERY_SECONDS = 60;

export const notifySchema = z
  .strictObject({
    receivers: z.array(receiverSchema).max(20, 'must be at most 20 receivers').optional(),
    webhook: webhookSchema.optional(),
    heartbeat: heartbeatSchema.optional(),
  })
  .describe('Whom to tell of alerts, decided verdicts and what is due.');

type Written = z.output<typeof receiverSchema>;

/** Whom to tell, as written; nobody where nothing is. The webhook of earlier versions is a receiver of that name. */
export function toNotify(
  { receivers = [], webhook, heartbeat }: z.output<typeof notifySchema>,
  reporter: Reporter,
): NotifySettings {
  const written: { at: Path; one: Written }[] = receivers.map((one, i) => ({
    at: ['notify', 'receivers', i],
    one,
  }));
  if (webhook !== undefined)
    written.unshift({ at: ['notify', 'webhook'], one: { kind: 'webhook', ...webhook } });
  const names = new Set<string>();
  const found = written.map(({ at, one }) => {
    const receiver = toReceiver(one);
    if (names.has(receiver.name))
      reporter.report(
        at,
        `is a second receiver named ${receiver.name}; give each a name of its own with \`name\``,
      );
    names.add(receiver.name);
    return receiver;
  });
  return { receivers: found, heartbeat: heartbeat === undefined ? null : toHeartbeat(heartbeat) };
}

function toReceiver(one: Written): Receiver {
  const common = {
    name: one.name ?? one.kind,
    topics: one.topics ?? (one.kind === 'pagerduty' ? (['alerts'] as const) : NOTICE_TOPICS),
    severity: one.severity ?? 'info',
  };
  switch (one.kind) {
    case 'slack':
    case 'discord':
      return { kind: one.kind, ...common, ...addressOf(one.url) };
    case 'webhook': {
      const [first, ...more] = typeof one.secret === 'string' ? [one.secret] : one.secret;
      const secrets = [new Secret(first ?? ''), ...more.map((text) => new Secret(text))] as const;
      return { kind: 'webhook', ...common, ...addressOf(one.url), secrets: [...secrets] };
    }
    case 'pagerduty':
      return {
        kind: 'pagerduty',
        ...common,
        ...addressOf(one.url ?? PAGERDUTY_URL),
        routingKey: new Secret(one.routingKey),
      };
    case 'email': {
      const read = readSmtpAddress(one.url);
      const shown = read.ok ? read.address.address : '';
      return {
        kind: 'email',
        ...common,
        url: new Secret(one.url),
        address: shown,
        from: one.from,
        to: one.to,
      };
    }
    default:
      return one satisfies never;
  }
}

function toHeartbeat({ url, every }: z.output<typeof heartbeatSchema>): NotifySettings['heartbeat'] {
  return { ...addressOf(url), everyMs: Math.round((every ?? EVERY_SECONDS) * 1_000) };
}

/** The address itself is what some services guard: it is kept like a secret, and only its host is shown. */
function addressOf(url: string): { url: Secret; address: string } {
  const read = readHttpAddress(url);
  return { url: new Secret(url), address: read.ok ? read.address.address : '' };
}
