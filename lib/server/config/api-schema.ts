import 'server-only';
import { z } from 'zod';
import { readHttpAddress } from './address.ts';
import { address, labels, MAX_TEXT, name, scope, secretText, sourceName, visits } from './schema-parts.ts';

// Sources that are read through a provider's API. As in schema.ts: descriptions are what an editor shows, and no message
// may hold a received value.

const apiUrl = (what: string) => address(readHttpAddress, what).optional();

export const upstashSchema = z
  .strictObject({
    kind: z.literal('upstash'),
    name: sourceName,
    ...scope,
    email: z
      .string()
      .max(320, 'is too long for an address')
      .refine((text) => /^[^\s@:]+@[^\s@:]+$/.test(text), 'must be the e-mail address of the account')
      .describe('E-mail address of the account that made the key.'),
    apiKey: secretText(`Management API key, read-only where possible; best \${UPSTASH_API_KEY}.`),
    database: name('Id or name of the database. Left out, the only one of the account.').optional(),
    apiUrl: apiUrl('Base of the Developer API. Default: https://api.upstash.com/v2.'),
    ...visits,
  })
  .describe('A database of a native Upstash account, read by the Developer API.');

export const neonSchema = z
  .strictObject({
    kind: z.literal('neon'),
    name: sourceName,
    ...scope,
    apiKey: secretText(`API key, best one of the project only; best \${NEON_API_KEY}.`),
    project: z
      .string()
      .refine(
        (text) => /^[a-z0-9-]{1,64}$/.test(text),
        'must be the id of a project, such as quiet-sea-12345678',
      )
      .describe('Id of the project. Left out, the only one that the key sees.')
      .optional(),
    apiUrl: apiUrl('Base of the API. Default: https://console.neon.tech/api/v2.'),
    ...visits,
  })
  .describe('A project at Neon, read by its API; reading never wakes a compute.');

const path = (what: string) =>
  z
    .string()
    .max(MAX_TEXT, 'is too long for a path')
    .refine((text) => /^\/(?!\/)[^\s#]*$/.test(text), 'must be a path that begins with /')
    .describe(what);

/** Each machine of the app by itself, as they come and go. */
export const flyMachinesSchema = z
  .strictObject({
    url: address(
      readHttpAddress,
      'Public address of the app, for a watcher outside its private network: Fly’s proxy is told which machine to choose. Left out, each machine is read by its name on the private network.',
    ).optional(),
    port: z
      .int('must be a port from 1 to 65535')
      .min(1, 'must be a port from 1 to 65535')
      .max(65_535, 'must be a port from 1 to 65535')
      .describe('Port of the metrics page on the private network. Left out, that of [metrics] in fly.toml.')
      .optional(),
    path: path(
      'Path of the metrics page. Left out, that of [metrics] in fly.toml, else /metrics.',
    ).optional(),
    health: path('Path of the health page. Left out, none is read.').optional(),
    token: secretText(`Bearer token for metrics and health; best \${METRICS_TOKEN}.`).optional(),
    ...visits,
  })
  .describe(
    'Reads each machine’s own metrics too; machines are found by themselves, and parked ones are left alone.',
  );

export const flySchema = z
  .strictObject({
    kind: z.literal('fly'),
    name: sourceName,
    ...scope,
    token: secretText(`Read-only token, with or without its FlyV1 word; best \${FLY_API_TOKEN}.`),
    flyApp: z
      .string()
      .refine((text) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(text), 'must be the name of a Fly app')
      .describe('Name of the app on Fly.'),
    organization: z
      .string()
      .refine((text) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(text), 'must be the slug of an organization')
      .describe('Slug of its organization. Left out, asked from the API.')
      .optional(),
    machines: flyMachinesSchema.optional(),
    machinesUrl: apiUrl('Base of the Machines API. Default: https://api.machines.dev.'),
    graphqlUrl: apiUrl('Address of the GraphQL API. Default: https://api.fly.io/graphql.'),
    prometheusUrl: apiUrl('Base of the managed Prometheus. Default: https://api.fly.io/prometheus.'),
    ...visits,
  })
  .describe('An app on Fly: machines, releases, secrets’ digests and managed Prometheus.');

export const promQuerySchema = z.strictObject({
  metric: z.string().max(200).describe('Name of ours, from docs/metrics.md.'),
  query: z
    .string()
    .min(1, 'is empty')
    .max(2_000, 'is longer than 2,000 characters')
    .describe('PromQL that gives the raw counter or gauge, one series per set of labels.'),
  labels: labels('Our label → their label, or a constant written as `=value`.').optional(),
  scale: z
    .number({ error: 'must be a number' })
    .refine((value) => value !== 0, 'must not be 0')
    .describe('Multiplies the raw value: 0.001 turns milliseconds into seconds. Default: 1.')
    .optional(),
});

export const prometheusSchema = z
  .strictObject({
    kind: z.literal('prometheus'),
    name: sourceName,
    ...scope,
    url: address(readHttpAddress, 'Base under which /api/v1/query lies.'),
    token: secretText('Bearer token.').optional(),
    user: z
      .string()
      .max(256)
      .refine((text) => /^[\x21-\x39\x3b-\x7e]+$/.test(text), 'must be a name without : or space')
      .describe('User of basic authentication; needs a password.')
      .optional(),
    password: secretText('Password of basic authentication.').optional(),
    match: labels('Only series with these labels are read, such as { namespace: shop }.').optional(),
    queries: z
      .array(promQuerySchema)
      .max(100)
      .describe('Queries beyond the common exporters, which are found by themselves.')
      .optional(),
    ...visits,
  })
  .describe('Any engine that answers PromQL: Prometheus, Mimir, Thanos, VictoriaMetrics.');
