import 'server-only';
import { z } from 'zod';

/** Lasting states of a machine, as fly.io/docs/machines/machine-states names them. */
const LASTING = ['created', 'started', 'stopped', 'suspended', 'failed'] as const;
const CHANGING: ReadonlySet<string> = new Set([
  'creating',
  'starting',
  'stopping',
  'restarting',
  'suspending',
  'destroying',
  'updating',
  'replacing',
]);
/** These have gone, or never came. */
const GONE: ReadonlySet<string> = new Set(['destroyed', 'replaced', 'migrated']);

export const MACHINE_STATES = [...LASTING, 'changing', 'unknown'] as const;
export type MachineState = (typeof MACHINE_STATES)[number];

/** Null for a machine that is no more; `unknown` for a word that we do not know, never the healthy one. */
export function machineState(word: string): MachineState | null {
  if (GONE.has(word)) return null;
  if (CHANGING.has(word)) return 'changing';
  if (word === 'launch_failed') return 'failed';
  return LASTING.find((state) => state === word) ?? 'unknown';
}

const text = z.string();
const exitSchema = z.looseObject({
  exit_code: z.number().nullish(),
  guest_exit_code: z.number().nullish(),
  oom_killed: z.boolean().nullish(),
  requested_stop: z.boolean().nullish(),
});
const eventSchema = z.looseObject({
  type: text,
  status: text.nullish(),
  /** Unix ms. */
  timestamp: z.number(),
  request: z
    .looseObject({
      exit_event: exitSchema.nullish(),
      MonitorEvent: z.looseObject({ exit_event: exitSchema.nullish() }).nullish(),
    })
    .nullish(),
});
/** Values of `env` are compared and classified, and never kept: they may be credentials. */
const configSchema = z.looseObject({
  env: z.record(z.string(), z.string()).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  metrics: z
    .looseObject({ port: z.number().nullish(), path: text.nullish(), https: z.boolean().nullish() })
    .nullish(),
});

/** A machine of `GET /v1/apps/{app}/machines`. While its host does not answer, `config` is missing. */
export const machineSchema = z.looseObject({
  id: text.min(1),
  name: text.nullish(),
  state: text,
  region: text.nullish(),
  private_ip: text.nullish(),
  created_at: text.nullish(),
  host_status: text.nullish(),
  cordoned: z.boolean().nullish(),
  image_ref: z.looseObject({ tag: text.nullish(), digest: text.nullish() }).nullish(),
  config: configSchema.nullish(),
  incomplete_config: configSchema.nullish(),
  checks: z.array(z.looseObject({ name: text, status: text })).nullish(),
  events: z.array(eventSchema).nullish(),
});
export const machinesSchema = z.array(machineSchema);
export type RawMachine = z.infer<typeof machineSchema>;
export type RawEvent = z.infer<typeof eventSchema>;

/** `GET /v1/apps/{app}/secrets`: names and digests; there is no way to read a value. */
export const secretsSchema = z.looseObject({
  secrets: z.array(
    z.looseObject({
      name: text,
      digest: text.nullish(),
      created_at: text.nullish(),
      updated_at: text.nullish(),
    }),
  ),
});

/** The error body of the Machines API. */
export const errorSchema = z.looseObject({ error: z.string() });

/** The one query that is sent. People's names and addresses are not asked for. */
export const RELEASES_QUERY = `query($name: String!) {
  app(name: $name) {
    name
    organization { slug rawSlug }
    releasesUnprocessed(first: 10) {
      nodes { version status stable reason description imageRef createdAt }
    }
  }
}`;

const releaseSchema = z.looseObject({
  version: z.number(),
  /** A free word of the deploying client, which may have died since. */
  status: text,
  description: text.nullish(),
  reason: text.nullish(),
  imageRef: text.nullish(),
  createdAt: text,
});
export const graphqlSchema = z.looseObject({
  data: z
    .looseObject({
      app: z
        .looseObject({
          organization: z.looseObject({ slug: text, rawSlug: text.nullish() }).nullish(),
          releasesUnprocessed: z
            .looseObject({ nodes: z.array(releaseSchema.nullable()).nullish() })
            .nullish(),
        })
        // Null beside an error; an answer without it is none of this API.
        .nullable(),
    })
    .nullish(),
  errors: z
    .array(
      z.looseObject({
        message: text,
        extensions: z.looseObject({ code: text.nullish() }).nullish(),
      }),
    )
    .nullish(),
});
export type GraphqlAnswer = z.infer<typeof graphqlSchema>;
