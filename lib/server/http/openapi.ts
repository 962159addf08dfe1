import 'server-only';
import { z } from 'zod';
import { findingSchema } from '@/lib/core/claims/document.ts';
import {
  historyNamesSchema,
  historyPartSchema,
  namesAnswerSchema,
  partAnswerSchema,
} from '@/lib/core/history/part.ts';
import { incidentJsonSchema } from '@/lib/core/incidents/incident-json.ts';
import { deploySchema, heldClaimSchema } from '@/lib/core/model/deploy.ts';
import { verdictAnswerSchema } from '@/lib/core/watch/verdict-answer.ts';
import { newHookSchema, newTokenSchema } from '../auth/tokens/token-schema.ts';
import { restoreQuerySchema, restoreStateQuerySchema, restoreStateSchema } from '../backup/restore-query.ts';
import { hookQuerySchema } from '../deploys/github.ts';
import { newDeploySchema } from '../deploys/new-deploy.ts';
import { listQuerySchema, toldQuerySchema } from '../deploys/read-told.ts';
import { exportSamplesSchema } from '../history/export-query.ts';
import { exportQuerySchema } from '../incidents/export-query.ts';
import {
  maintenanceAnswerSchema,
  maintenanceQuerySchema,
  newMaintenanceSchema,
} from '../maintenance/schema.ts';
import { newBadgeSchema } from '../notify/badge-schema.ts';
import { verdictQuerySchema } from '../notify/verdict-query.ts';
import { logsQuerySchema } from './logs-query.ts';
import { seriesQuerySchema } from './series-query.ts';

type Json = Readonly<Record<string, unknown>>;

/** One method of one route. */
export interface RouteDoc {
  path: string;
  method: 'get' | 'post' | 'delete';
  summary: string;
  /** Who may ask: anybody, a token of this scope, or only the person of this server. `signed`: a signature does as well. */
  access: 'anybody' | 'read' | 'ingest' | 'deploy' | 'owner' | 'signed';
  query?: z.ZodType;
  /** By content type; null for a body that no schema of ours describes. */
  body?: Readonly<Record<string, z.ZodType | null>>;
  /** By status; null where the answer is no JSON of ours. */
  answers: Readonly<Record<number, readonly [what: string, schema: z.ZodType | null]>>;
}

const line = deploySchema.pick({ id: true, release: true, kind: true, startMs: true, endMs: true }).extend({
  rolled: deploySchema.shape.rolled,
  title: deploySchema.shape.title,
  origin: deploySchema.shape.origin,
  sign: deploySchema.shape.sign,
  claims: z.object({ confirmed: z.number(), all: z.number() }),
  auditErrors: z.number(),
});
const scope = z.object({ app: z.string(), environment: z.string() });
const told = z.object({
  id: z.string(),
  url: z.string(),
  release: z.string(),
  app: z.string(),
  environment: z.string(),
  merged: z.boolean(),
  claims: z.array(heldClaimSchema),
  audit: z.array(findingSchema),
  redactions: z.number(),
});
const token = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAtMs: z.number(),
  lastUsedAtMs: z.number().nullable(),
});
const hook = z.object({ id: z.string(), name: z.string(), createdAtMs: z.number() });
const badge = z.object({
  id: z.string(),
  name: z.string(),
  app: z.string(),
  environment: z.string(),
  createdAtMs: z.number(),
});
const revoked = z.object({ revoked: z.string() });
const open = z.looseObject({});

/** Every route, in the order of docs/api.md. */
export const ROUTE_DOCS: readonly RouteDoc[] = [
  {
    ...{ path: '/api/query', method: 'get', access: 'read', query: seriesQuerySchema },
    summary: 'Buckets of every series of a metric',
    answers: { 200: ['Series and their gaps', open], 404: ['No such metric; suggestions', null] },
  },
  {
    ...{ path: '/api/export', method: 'get', access: 'read', query: exportSamplesSchema },
    summary: 'Raw samples as CSV or OpenMetrics; with format=series what there is to export',
    answers: {
      200: ['The samples', null],
      404: ['No such metric or target; suggestions', null],
      429: ['Two exports are running', null],
    },
  },
  {
    ...{ path: '/api/import', method: 'post', access: 'owner' },
    summary: 'Takes a part of an import: 5-minute blocks of some series; again without a change',
    body: { 'application/json': historyPartSchema },
    answers: { 200: ['What became of it, in blocks', partAnswerSchema] },
  },
  {
    ...{ path: '/api/import/names', method: 'post', access: 'owner' },
    summary: 'Says which targets and metrics of an import are unknown here; writes nothing',
    body: { 'application/json': historyNamesSchema },
    answers: { 200: ['Faults, and between which times blocks are taken', namesAnswerSchema] },
  },
  {
    ...{ path: '/api/status', method: 'get', access: 'read' },
    summary: 'State of every source, mode, alerts and the cost of watching',
    answers: { 200: ['The state', open] },
  },
  {
    ...{ path: '/api/deploys', method: 'get', access: 'read', query: listQuerySchema },
    summary: 'Deploys of one app, newest first',
    answers: {
      200: [
        'Deploys',
        z.object({
          scope,
          scopes: z.array(scope),
          deploys: z.array(line),
          all: z.number(),
          asOfMs: z.number(),
        }),
      ],
    },
  },
  {
    ...{ path: '/api/deploys', method: 'post', access: 'signed', query: toldQuerySchema },
    summary: 'Registers a deploy and reads the promises of its summary',
    body: { 'application/json': newDeploySchema, 'text/markdown': z.string() },
    answers: {
      201: ['A new deploy', told],
      200: ['One that was known: told again, or told of before', told],
      409: ['The Idempotency-Key was used for another request', null],
      413: ['More than 64 KB', null],
    },
  },
  {
    ...{ path: '/api/deploys/{id}', method: 'get', access: 'read' },
    summary: 'One deploy with its neighbours in time',
    answers: {
      200: [
        'The deploy',
        z.object({
          asOfMs: z.number(),
          deploy: deploySchema,
          previous: line.nullable(),
          next: line.nullable(),
          together: z.array(findingSchema),
        }),
      ],
      404: ['None of that id', null],
    },
  },
  {
    ...{ path: '/api/deploys/{id}/verdict', method: 'get', access: 'read', query: verdictQuerySchema },
    summary: 'Whether a deploy did what it promised; the id may be a release, or latest',
    answers: {
      200: ['The verdict as it stands, or after the wait', verdictAnswerSchema],
      404: ['None of that id or release', null],
      429: ['Too many requests wait', null],
    },
  },
  {
    ...{ path: '/api/incidents/{id}/export', method: 'get', access: 'read', query: exportQuerySchema },
    summary: 'An incident as a file: Markdown, JSON (described here) or the CSV of its charts',
    answers: { 200: ['The file', incidentJsonSchema], 404: ['None of that id', null] },
  },
  {
    ...{ path: '/api/badge/{token}', method: 'get', access: 'anybody' },
    summary: 'How the newest watch of an app stands, as an SVG; the token ends in .svg',
    answers: { 200: ['The badge', null], 404: ['No such badge, also as an SVG', null] },
  },
  {
    ...{ path: '/api/badges', method: 'get', access: 'owner' },
    summary: 'Badges without their tokens',
    answers: { 200: ['Badges', z.object({ badges: z.array(badge) })] },
  },
  {
    ...{ path: '/api/badges', method: 'post', access: 'owner' },
    summary: 'Makes a badge; its token is told only now',
    body: { 'application/json': newBadgeSchema },
    answers: { 200: ['The badge', badge.extend({ token: z.string() })] },
  },
  {
    ...{ path: '/api/badges/{id}', method: 'delete', access: 'owner' },
    summary: 'Withdraws a badge',
    answers: { 200: ['Done', revoked], 404: ['None of that id', null] },
  },
  {
    ...{ path: '/api/maintenance', method: 'get', access: 'read', query: maintenanceQuerySchema },
    summary: 'Maintenance windows that run or are to come',
    answers: { 200: ['Windows', z.object({ maintenance: z.array(maintenanceAnswerSchema) })] },
  },
  {
    ...{ path: '/api/maintenance', method: 'post', access: 'deploy' },
    summary: 'Plans a time in which alerts are not told',
    body: { 'application/json': newMaintenanceSchema },
    answers: { 201: ['The window', maintenanceAnswerSchema] },
  },
  {
    ...{ path: '/api/maintenance/{id}', method: 'delete', access: 'deploy' },
    summary: 'Ends a maintenance window, or calls it off',
    answers: { 200: ['Done', z.object({ ended: z.string() })], 404: ['None of that id', null] },
  },
  {
    ...{ path: '/api/hooks/github', method: 'post', access: 'signed', query: hookQuerySchema },
    summary: 'Deliveries of GitHub: deployment_status (success) and release (published)',
    body: { 'application/json': null, 'application/x-www-form-urlencoded': null },
    answers: {
      201: ['A new deploy', told],
      200: ['One that was known', told],
      202: ['Nothing to read, and why', z.object({ ignored: z.string() })],
      413: ['More than 1 MB', null],
    },
  },
  {
    ...{ path: '/api/hooks', method: 'get', access: 'owner' },
    summary: 'Hooks without their secrets',
    answers: { 200: ['Hooks', z.object({ hooks: z.array(hook) })] },
  },
  {
    ...{ path: '/api/hooks', method: 'post', access: 'owner' },
    summary: 'Makes the secret of a hook, which is told only now',
    body: { 'application/json': newHookSchema },
    answers: { 200: ['The hook', hook.extend({ secret: z.string() })] },
  },
  {
    ...{ path: '/api/hooks/{id}', method: 'delete', access: 'owner' },
    summary: 'Forgets a hook',
    answers: { 200: ['Done', revoked], 404: ['None of that id', null] },
  },
  {
    ...{ path: '/api/health', method: 'get', access: 'anybody' },
    summary: 'Liveness',
    answers: { 200: ['It lives', z.looseObject({ status: z.string() })] },
  },
  {
    ...{ path: '/api/ready', method: 'get', access: 'anybody' },
    summary: 'Readiness',
    answers: { 200: ['It serves', open], 503: ['It is starting', null] },
  },
  {
    ...{ path: '/api/metrics', method: 'get', access: 'read' },
    summary: 'Own and derived metrics as Prometheus text',
    answers: { 200: ['Prometheus text', null] },
  },
  {
    ...{ path: '/api/logs', method: 'post', access: 'ingest', query: logsQuerySchema },
    summary: 'Takes log lines and counts them',
    body: { 'application/x-ndjson': null, 'application/json': null, 'text/plain': null },
    answers: {
      200: ['Counted', z.object({ counted: z.number(), refused: z.record(z.string(), z.number()) })],
      413: ['More than 5 MB or 10,000 lines', null],
    },
  },
  {
    ...{ path: '/api/logs', method: 'get', access: 'read', query: logsQuerySchema },
    summary: 'The last matching lines of each source that keeps text',
    answers: { 200: ['Lines', open] },
  },
  {
    ...{ path: '/api/tokens', method: 'get', access: 'owner' },
    summary: 'Tokens without their text',
    answers: { 200: ['Tokens', z.object({ tokens: z.array(token) })] },
  },
  {
    ...{ path: '/api/tokens', method: 'post', access: 'owner' },
    summary: 'Makes a token, which is told only now',
    body: { 'application/json': newTokenSchema },
    answers: { 200: ['The token', token.extend({ token: z.string() })] },
  },
  {
    ...{ path: '/api/tokens/{id}', method: 'delete', access: 'owner' },
    summary: 'Revokes a token',
    answers: { 200: ['Done', revoked], 404: ['None of that id', null] },
  },
  {
    ...{ path: '/api/backup', method: 'get', access: 'owner' },
    summary: 'All that is kept as one file, as of one moment, without credentials',
    answers: { 200: ['The file', null], 429: ['A backup or a restore goes on', null] },
  },
  {
    ...{ path: '/api/restore', method: 'post', access: 'owner', query: restoreQuerySchema },
    summary: 'Takes a part of a backup; with replace=everything puts it in the place of all there is',
    body: { 'application/octet-stream': null },
    answers: {
      200: [
        'What has come, or how it stands',
        z.union([z.object({ received: z.number() }), restoreStateSchema]),
      ],
      429: ['A restore goes on', null],
    },
  },
  {
    ...{ path: '/api/restore', method: 'get', access: 'owner', query: restoreStateQuerySchema },
    summary: 'How a restore stands, at its end or after 20 s',
    answers: { 200: ['How it stands', restoreStateSchema], 404: ['None of that upload', null] },
  },
  {
    ...{ path: '/api/openapi.json', method: 'get', access: 'read' },
    summary: 'This description',
    answers: { 200: ['OpenAPI 3.1', open] },
  },
];

const ACCESS_WORDS: Record<RouteDoc['access'], string> = {
  anybody: 'For anybody.',
  read: 'For people, and tokens with scope read.',
  ingest: 'For tokens with scope ingest.',
  deploy: 'For tokens with scope deploy.',
  owner: 'For people and the token of this server; no made token may.',
  signed: 'For tokens with scope deploy, or signed with the secret of a hook.',
};
const FAILURES: Json = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: { code: { type: 'string' }, message: { type: 'string' } },
    },
  },
};

/** The routes as an OpenAPI 3.1 document, from the schemas by which requests are judged. */
export function describeApi(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const doc of ROUTE_DOCS) paths[doc.path] = { ...paths[doc.path], [doc.method]: operationOf(doc) };
  return {
    openapi: '3.1.0',
    info: { title: 'Afterwatch', version: '1' },
    security: [{ bearer: [] }, {}],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        signature: { type: 'apiKey', in: 'header', name: 'X-Afterwatch-Signature' },
      },
      schemas: { Failure: FAILURES },
    },
  };
}

function operationOf({ summary, access, query, body, answers, path }: RouteDoc): Json {
  const failure = { content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } } };
  const responses = Object.entries(answers).map(([status, [description, schema]]) => {
    if (schema !== null) return [status, { description, content: jsonContent(schema, 'output') }];
    return [status, Number(status) >= 400 ? { description, ...failure } : { description }];
  });
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string' } },
  }));
  const inHeader =
    path === '/api/deploys' && body !== undefined
      ? [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', maxLength: 255 } }]
      : [];
  return {
    summary,
    description: ACCESS_WORDS[access],
    ...(access === 'anybody' ? { security: [{}] } : {}),
    ...(access === 'signed' ? { security: [{ bearer: [] }, { signature: [] }] } : {}),
    parameters: [...inPath, ...inHeader, ...(query === undefined ? [] : parametersOf(query))],
    ...(body === undefined ? {} : { requestBody: { required: true, content: bodyOf(body) } }),
    responses: { ...Object.fromEntries(responses), default: { description: 'A failure', ...failure } },
  };
}

function bodyOf(body: NonNullable<RouteDoc['body']>): Json {
  const content = Object.entries(body).map(([type, schema]) => [
    type,
    schema === null ? {} : { schema: schemaOf(schema, 'input') },
  ]);
  return Object.fromEntries(content);
}

function parametersOf(query: z.ZodType): Json[] {
  const { properties = {}, required = [] } = z
    .looseObject({
      properties: z.record(z.string(), open).optional(),
      required: z.array(z.string()).optional(),
    })
    .parse(schemaOf(query, 'input'));
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: 'query', required: required.includes(name), schema },
  }));
}

function jsonContent(schema: z.ZodType, io: 'input' | 'output'): Json {
  return { 'application/json': { schema: schemaOf(schema, io) } };
}

/** What a sender writes (`input`) or a reader gets (`output`); the dialect is that of OpenAPI 3.1. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
