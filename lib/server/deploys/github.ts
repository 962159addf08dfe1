import 'server-only';
import { z } from 'zod';
import type { Scope } from '@/lib/core/model/target.ts';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { parseZonedMs } from './instant.ts';
import { MAX_SUMMARY_BYTES, type NewDeploy } from './new-deploy.ts';
import { namesRelease } from './release-name.ts';

/** What we rely on in GitHub's deliveries (REST API version 2022-11-28); all else may come and go. */
const text = z.string();
const deploymentStatusSchema = z.looseObject({
  deployment_status: z.looseObject({
    state: text,
    created_at: text,
    environment_url: text.nullish(),
    log_url: text.nullish(),
  }),
  deployment: z.looseObject({
    sha: text,
    ref: text,
    environment: text,
    created_at: text,
    description: text.nullish(),
    /** Whatever the pipeline put there: an object, or text. */
    payload: z.unknown(),
  }),
});
const releaseSchema = z.looseObject({
  action: text,
  release: z.looseObject({
    tag_name: text,
    name: text.nullish(),
    body: text.nullish(),
    html_url: text.nullish(),
    published_at: text.nullish(),
    draft: z.boolean(),
  }),
});

const part = z.string().min(1).max(64);
/** Which hook signs, and where its deliveries belong: what stands in the address that is given to GitHub. */
export const hookQuerySchema = z.object({
  hook: part
    .optional()
    .meta({ description: 'Id of the hook whose secret signs; may be left out where there is one' }),
  app: part.optional(),
  environment: part.optional(),
  from: part
    .optional()
    .meta({ description: 'How GitHub calls that environment, where its name is another one' }),
});
export type HookPlace = Omit<z.output<typeof hookQuerySchema>, 'hook'>;

/** A deploy to register, or in a few words why there is none. */
export type ReadDelivery = { deploy: NewDeploy } | { ignored: string };

/** A deployment that waited this long for somebody began much later than it was asked for. */
const LONGEST_MS = 2 * HOUR_MS;

/** What a delivery tells. A delivery whose shape we do not know is ignored, and says so. */
export function readDelivery(
  event: string,
  payload: unknown,
  place: HookPlace,
  scopes: readonly Scope[],
): ReadDelivery {
  switch (event) {
    case 'ping':
      return { ignored: 'pong' };
    case 'deployment_status':
      return readDeploymentStatus(payload, place, scopes);
    case 'release':
      return readRelease(payload, place);
    default:
      return { ignored: 'only deployment_status and release are read' };
  }
}

function readDeploymentStatus(payload: unknown, place: HookPlace, scopes: readonly Scope[]): ReadDelivery {
  const parsed = deploymentStatusSchema.safeParse(payload);
  if (!parsed.success) return { ignored: 'the shape of this deployment_status is not known' };
  const { deployment, deployment_status: status } = parsed.data;
  if (status.state !== 'success') return { ignored: `state ${word(status.state)}: only success is read` };
  const environment = environmentOf(deployment.environment, place, scopes);
  if (environment === null)
    return { ignored: `environment ${word(deployment.environment)} is not the one of this hook` };
  const endMs = parseZonedMs(status.created_at);
  const begunMs = parseZonedMs(deployment.created_at);
  const summary = summaryIn(deployment.payload) ?? '';
  const description = line(deployment.description);
  const isSpan = begunMs !== null && endMs !== null && begunMs <= endMs && endMs - begunMs <= LONGEST_MS;
  return {
    deploy: {
      release: namesRelease(deployment.ref) ? deployment.ref : deployment.sha.slice(0, 40),
      app: place.app,
      environment,
      summary: cut(summary),
      ...(summary === '' && description !== null ? { title: description } : {}),
      ...(endMs === null ? {} : { time: isSpan ? begunMs : endMs, end: endMs }),
      links: [status.environment_url, status.log_url].flatMap(linkOf),
    },
  };
}

function readRelease(payload: unknown, place: HookPlace): ReadDelivery {
  const parsed = releaseSchema.safeParse(payload);
  if (!parsed.success) return { ignored: 'the shape of this release is not known' };
  const { action, release } = parsed.data;
  if (action !== 'published' || release.draft)
    return { ignored: `action ${word(action)}: only published is read` };
  const time = parseZonedMs(release.published_at ?? '');
  const title = line(release.name);
  return {
    deploy: {
      release: line(release.tag_name) ?? 'release',
      app: place.app,
      environment: place.environment,
      summary: cut(release.body ?? ''),
      ...(title === null ? {} : { title }),
      ...(time === null ? {} : { time }),
      links: [release.html_url].flatMap(linkOf),
    },
  };
}

/** A preview is no deploy of production: its name must be that of the hook, or of an environment that is watched. */
function environmentOf(given: string, place: HookPlace, scopes: readonly Scope[]): string | null {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const wanted = place.from ?? place.environment;
  if (wanted !== undefined) {
    const only = place.environment ?? (scopes.length === 1 ? scopes[0]?.environment : undefined);
    return same(given, wanted) ? (only ?? given) : null;
  }
  const fits = scopes.find(
    ({ app, environment }) => same(environment, given) && (place.app === undefined || place.app === app),
  );
  return fits?.environment ?? null;
}

/** `{"summary": "…"}` in the payload of a deployment, also when it was sent as text. */
function summaryIn(payload: unknown): string | null {
  const given = typeof payload === 'string' ? parseJson(payload) : payload;
  if (typeof given !== 'object' || given === null) return null;
  const { summary } = given as { summary?: unknown };
  return typeof summary === 'string' ? summary : null;
}

function parseJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return null;
  }
}

/** Whole lines of as much as a summary may hold. */
function cut(summary: string): string {
  const bytes = Buffer.from(summary);
  if (bytes.length <= MAX_SUMMARY_BYTES) return summary;
  const kept = bytes.subarray(0, MAX_SUMMARY_BYTES - 4).toString('utf8');
  return kept.slice(0, Math.max(0, kept.lastIndexOf('\n')));
}

/** One line of at most 120 signs; null for nothing. */
function line(given: string | null | undefined): string | null {
  const plain = (given ?? '')
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, 120);
  return plain === '' ? null : plain;
}

function linkOf(given: string | null | undefined): string[] {
  return given != null && given.length <= 500 && /^https?:\/\//.test(given) && URL.canParse(given)
    ? [given]
    : [];
}

/** A word of theirs, safe to send back. */
function word(given: string): string {
  return given.replace(/[^\w ./-]/g, '').slice(0, 40);
}
