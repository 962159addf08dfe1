import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { alertsSchema, http429Schema } from './alerts-schema.ts';
import { flySchema, neonSchema, prometheusSchema, promQuerySchema, upstashSchema } from './api-schema.ts';
import { budgetSchema, pricesSchema } from './budget-schema.ts';
import { editorSchemaText } from './editor-schema.ts';
import { loadConfig } from './load-config.ts';
import { logPatternSchema, logsSchema } from './logs-schema.ts';
import { notifySchema } from './notify-schema.ts';
import { heartbeatSchema, RECEIVER_SCHEMAS, webhookSchema } from './receiver-schemas.ts';
import {
  appSchema,
  fileSchema,
  goalSchema,
  machineSchema,
  mappingSchema,
  postgresSchema,
  redisSchema,
  retentionSchema,
  serverSchema,
} from './schema.ts';
import { inputOf } from './test-input.ts';

const page = readFileSync(new URL('../../../docs/configure.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);

describe('docs/configure.md', () => {
  it('holds examples that are sound as they stand', () => {
    const env = {
      REDIS_URL: 'rediss://u:pw@cache:6379',
      DATABASE_URL: 'postgres://u:pw@db/app',
      METRICS_TOKEN: 'token',
      WEBHOOK_SECRET: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
      SLACK_URL: 'https://hooks.slack.com/services/T0/B0/x',
      HEARTBEAT_URL: 'https://beat.example.com/x',
      APP_METRICS_URLS: 'http://a/metrics, http://b/metrics',
    };
    expect(examples).toHaveLength(3);
    for (const text of examples) expect(loadConfig(inputOf(text, env)).warnings).toEqual([]);
  });

  it('names every key', () => {
    const schemas = [
      fileSchema,
      redisSchema,
      upstashSchema,
      postgresSchema,
      neonSchema,
      appSchema,
      flySchema,
      prometheusSchema,
      promQuerySchema,
      logsSchema,
      logPatternSchema,
      machineSchema,
      mappingSchema,
      goalSchema,
      alertsSchema,
      http429Schema,
      notifySchema,
      webhookSchema,
      heartbeatSchema,
      ...Object.values(RECEIVER_SCHEMAS),
      retentionSchema,
      pricesSchema,
      pricesSchema.shape.upstash_command.unwrap(),
      budgetSchema,
      serverSchema,
    ];
    for (const key of schemas.flatMap((schema) => Object.keys(schema.shape))) {
      expect(page, key).toMatch(new RegExp(`[\`{ ]${key}[\`,}:]`));
    }
  });
});

describe('docs/notify.md', () => {
  const text = readFileSync(new URL('../../../docs/notify.md', import.meta.url), 'utf8');
  const parts = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, part = '']) => part);

  it('holds lines that are sound as they stand, for each kind of receiver', () => {
    const env = {
      SLACK_URL: 'https://hooks.slack.com/services/T0/B0/x',
      DISCORD_URL: 'https://discord.com/api/webhooks/1/x',
      WEBHOOK_SECRET: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
      WEBHOOK_SECRET_NEXT: 'another-secret-of-24-signs',
      PAGERDUTY_KEY: 'A'.repeat(32),
      SMTP_URL: 'smtps://user:pw@mail.example.com:465',
      HEARTBEAT_URL: 'https://beat.example.com/x',
    };
    const kinds = parts.flatMap((part) => {
      const config = loadConfig(inputOf(`sources: [{kind: redis, url: "redis://cache:6379"}]\n${part}`, env));
      expect(config.warnings, part).toEqual([]);
      return config.notify.receivers.map(({ kind }) => kind);
    });
    expect(new Set(kinds)).toEqual(new Set(Object.keys(RECEIVER_SCHEMAS)));
  });
});

describe('the schema for editors', () => {
  const schema = z.fromJSONSchema(JSON.parse(editorSchemaText()));
  const accepts = (text: string) => schema.safeParse(parse(text)).success;

  it('accepts the examples, and a reference wherever a text or number may stand', () => {
    for (const text of examples) expect(accepts(text), text).toBe(true);
    const references = [
      `app: "\${A}"`,
      `server: {host: "\${H}", port: "\${P}", publicUrl: "\${U}", allowInsecureHttp: "\${B}"}`,
      `sources: [{kind: redis, name: "\${N}", url: "\${U}", metered: "\${M}", interval: "\${I}"}]`,
      `sources: [{kind: app, machines: "\${M}", health: "\${H}", token: "\${T}"}]`,
    ];
    for (const text of references) expect(accepts(text), text).toBe(true);
  });

  it('marks unknown keys, missing keys and values of the wrong type', () => {
    const wrong = [
      'ap: x',
      'sources: [{kind: redis}]',
      'sources: [{kind: redis, url: x, uri: y}]',
      'sources: [{kind: memcached, url: x}]',
      'server: {port: 99999}',
      'goals: [{metric: 5, atMost: 1/s}]',
    ];
    for (const text of wrong) expect(accepts(text), text).toBe(false);
  });
});
