import 'server-only';
import { z } from 'zod';
import { readHttpAddress, readPostgresAddress, readRedisAddress } from './address.ts';
import { alertsSchema } from './alerts-schema.ts';
import { flySchema, neonSchema, prometheusSchema, upstashSchema } from './api-schema.ts';
import { budgetSchema, pricesSchema } from './budget-schema.ts';
import { logsSchema } from './logs-schema.ts';
import { notifySchema } from './notify-schema.ts';
import { parseRatePerSecond } from './rate.ts';
import { address, labels, MAX_TEXT, name, scope, sourceName, visits } from './schema-parts.ts';

// The config file, key by key. docs/afterwatch.schema.json is made from these, descriptions included, so each says what
// an editor should show. No message may hold a received value. Patterns that a `${NAME}` reference would fail are
// refinements, which stay out of the editor's schema: it sees the file before references are resolved, and reads a
// pattern without Unicode classes.

const flag = choice({ true: true, false: false }, 'must be true or false');

/** A boolean or text, so that a reference can give it. */
function choice<T>(choices: Readonly<Record<string, T>>, message: string) {
  return z.union([z.boolean(), z.string()], { error: message }).transform((value, context) => {
    const found = Object.hasOwn(choices, String(value)) ? choices[String(value)] : undefined;
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

const DAYS: Readonly<Record<string, number>> = { d: 1, w: 7, y: 365 };

const days = (what: string) =>
  z
    .string({ error: 'must be days, weeks or years, such as 30d, 12w or 2y' })
    .transform((text, context) => {
      const [, count = '', unit = ''] = /^(\d{1,4})([dwy])$/.exec(text) ?? [];
      const total = Number(count) * (DAYS[unit] ?? 0);
      if (total >= 1 && total <= 3_650) return total;
      context.addIssue({ code: 'custom', message: 'must be 1d to 10y, such as 30d, 12w or 2y' });
      return z.NEVER;
    })
    .describe(what);

export const redisSchema = z
  .strictObject({
    kind: z.literal('redis'),
    name: sourceName,
    ...scope,
    url: address(
      readRedisAddress,
      `redis:// or rediss:// with credentials; best a reference such as \${REDIS_URL}.`,
    ),
    metered: choice<'auto' | boolean>(
      { auto: 'auto', true: true, false: false },
      'must be auto, true or false',
    )
      .describe('Whether commands are billed. `auto` finds out; `true` visits seldom, on a fixed beat.')
      .optional(),
    plan: z
      .enum(['fixed', 'payg'])
      .describe('`fixed` turns metering off; `payg` pays by command.')
      .optional(),
    ...visits,
  })
  .describe('A Redis or Valkey, read by INFO.');

export const postgresSchema = z
  .strictObject({
    kind: z.literal('postgres'),
    name: sourceName,
    ...scope,
    url: address(
      readPostgresAddress,
      `postgres:// or postgresql:// with credentials; best \${DATABASE_URL}.`,
    ),
    ...visits,
  })
  .describe('A Postgres, read by its statistics views; a role with pg_monitor is enough.');

export const machineSchema = z.strictObject({
  name: name('Name of the machine. Default: host:port of its address.').optional(),
  url: address(readHttpAddress, 'Address of its metrics page.').optional(),
  health: z
    .string()
    .max(MAX_TEXT, 'is too long for a URL')
    .describe('Address of its health page, or a path on the same machine.')
    .optional(),
});

export const mappingSchema = z.strictObject({
  metric: z.string().max(200).describe('Name of ours, from docs/metrics.md.'),
  from: z
    .string()
    .max(200, 'is longer than 200 characters')
    .refine((text) => /^[a-zA-Z_:][a-zA-Z0-9_:.]*$/.test(text), 'must be the name of a metric family')
    .describe('Name of the family on the machine’s page.'),
  labels: labels('Our label → their label, or a constant written as `=value`.').optional(),
  scale: z
    .number({ error: 'must be a number' })
    .refine((value) => value !== 0, 'must not be 0')
    .describe('Multiplies the raw value: 0.001 turns milliseconds into seconds. Default: 1.')
    .optional(),
});

export const appSchema = z
  .strictObject({
    kind: z.literal('app'),
    name: sourceName,
    ...scope,
    machines: z
      .union([
        z.string(),
        z
          .array(z.union([z.string(), machineSchema]))
          .min(1)
          .max(500),
      ])
      .describe('Each machine’s metrics page: a list, or one text with commas between the addresses.'),
    health: z
      .string()
      .max(MAX_TEXT)
      .refine((text) => /^\/(?!\/)[^\s#]*$/.test(text), 'must be a path that begins with /')
      .describe('Path of the health page on each machine.')
      .optional(),
    token: z
      .string()
      .min(1, 'is empty')
      .max(MAX_TEXT)
      .refine(
        (text) => /^[\x21-\x7e]+$/.test(text),
        'holds a character that cannot be sent as a bearer token',
      )
      .describe(`Bearer token for metrics and health; best a reference such as \${METRICS_TOKEN}.`)
      .optional(),
    metrics: z.array(mappingSchema).max(200).describe('Where our metrics are found on the page.').optional(),
    ...visits,
  })
  .describe('Machines of an app that serve Prometheus or JSON metrics.');

export const goalSchema = z
  .strictObject({
    metric: z.string().max(200).describe('A counter, from docs/metrics.md.'),
    ...scope,
    labels: labels('Only series with these labels, such as { cmd: get }.').optional(),
    atMost: rate('Draws a line that the rate should stay under, such as 24K/h.').optional(),
    atLeast: rate('Draws a line that the rate should stay over.').optional(),
  })
  .describe('A target line on a chart.');

function rate(what: string) {
  const help = 'must be a rate with its window, such as 24K/h, 50,816/day, 1.5M/week, 200/s or 10/min';
  return z
    .string({ error: help })
    .max(64, help)
    .refine((text) => parseRatePerSecond(text) !== null, help)
    .describe(what);
}

export const retentionSchema = z
  .strictObject({
    samples: days('How long every sample is kept. Default: 30d.').optional(),
    blocks: days('How long 5-minute blocks are kept. Default: 90d.').optional(),
    hourly: days('How long hourly sums are kept. Default: 2y.').optional(),
  })
  .describe('How long data are kept.');

const PORT_HELP = 'must be a port from 1 to 65535';

export const portSchema = z
  .union([z.int(PORT_HELP).min(1, PORT_HELP).max(65_535, PORT_HELP), z.string()], { error: PORT_HELP })
  .transform((value, context) => {
    const port = /^\d{1,5}$/.test(String(value)) ? Number(value) : 0;
    if (port >= 1 && port <= 65_535) return port;
    context.addIssue({ code: 'custom', message: PORT_HELP });
    return z.NEVER;
  })
  .describe('Port to listen on; the variable PORT wins. Default: 3000.');

export const hostSchema = z
  .string()
  .refine((text) => /^[A-Za-z0-9.:_-]{1,253}$/.test(text), 'must be a host name or address')
  .describe(
    'Address to listen on; the variable HOST wins. Default: 127.0.0.1. Others need AFTERWATCH_PASSWORD.',
  );

export const serverSchema = z
  .strictObject({
    host: hostSchema.optional(),
    port: portSchema.optional(),
    publicUrl: address(readHttpAddress, 'The address people open; base of links.').optional(),
    allowInsecureHttp: flag
      .describe(
        'Allows a plain http publicUrl beyond this machine. Passwords then cross the network in clear.',
      )
      .optional(),
  })
  .describe('How this server is reached.');

export const fileSchema = z
  .strictObject({
    app: name('App of all sources and goals that name none. Default: default.').optional(),
    environment: name('Environment of all sources and goals that name none. Default: production.').optional(),
    sources: z
      .array(
        z.discriminatedUnion('kind', [
          redisSchema,
          upstashSchema,
          postgresSchema,
          neonSchema,
          appSchema,
          flySchema,
          prometheusSchema,
          logsSchema,
        ]),
      )
      .max(200)
      .describe('What is read.')
      .optional(),
    goals: z.array(goalSchema).max(200).describe('Target lines on charts.').optional(),
    alerts: alertsSchema.optional(),
    notify: notifySchema.optional(),
    retention: retentionSchema.optional(),
    prices: pricesSchema.optional(),
    budget: budgetSchema.optional(),
    server: serverSchema.optional(),
  })
  .describe(`Configuration of Afterwatch. Any text may hold \${NAME} or \${NAME:-default}.`);

export const SOURCE_SCHEMAS = {
  redis: redisSchema,
  upstash: upstashSchema,
  postgres: postgresSchema,
  neon: neonSchema,
  app: appSchema,
  fly: flySchema,
  prometheus: prometheusSchema,
  logs: logsSchema,
};
