/** The kinds of source that this version can read. One folder under `lib/server/collectors` each. */
export const SOURCE_KINDS = [
  'redis',
  'upstash',
  'postgres',
  'neon',
  'app',
  'fly',
  'prometheus',
  'logs',
] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** What makes two targets the same one: all four parts together. */
export interface TargetIdentity {
  app: string;
  environment: string;
  kind: SourceKind;
  /** Unique within app, environment and kind. For a machine: its name or `host:port`. */
  name: string;
}

/** `app/environment/kind/name`; the parts hold no `/` (config refuses it, machine names are rewritten). */
export type TargetId = string;

/** The one spelling of a target's identity, used as key everywhere. */
export function targetId({ app, environment, kind, name }: TargetIdentity): TargetId {
  return `${app}/${environment}/${kind}/${name}`;
}

/** The scope that a screen shows: one app in one environment. */
export interface Scope {
  app: string;
  environment: string;
}

export const DEFAULT_SCOPE: Scope = { app: 'default', environment: 'production' };

/** The scopes of targets (or of anything that has one), each once, in the order in which they first come. */
export function scopesOf(targets: readonly Scope[]): Scope[] {
  const seen = new Map(
    targets.map(({ app, environment }) => [`${app}/${environment}`, { app, environment }]),
  );
  return [...seen.values()];
}
