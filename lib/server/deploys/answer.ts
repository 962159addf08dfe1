import 'server-only';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import type { Runtime } from '../runtime.ts';

/** What whoever tells of a deploy is told of it. */
export interface ToldAnswer {
  id: string;
  /** Page of the deploy. */
  url: string;
  release: string;
  app: string;
  environment: string;
  /** True when it was known before, noticed or told, and this was added to it. */
  merged: boolean;
  claims: Deploy['claims'];
  audit: NonNullable<Deploy['document']>['audit'];
  /** How many secrets were taken out of the summary. */
  redactions: number;
}

/** The answer to a sender; links begin with the public address, else with the name that the sender used. */
export function answerOf(
  { config }: Pick<Runtime, 'config'>,
  deploy: Deploy,
  how: 'new' | 'merged' | 'replay',
  host: string | null,
): ToldAnswer {
  const base = config.publicUrl?.origin ?? `http://${host ?? 'localhost'}`;
  return {
    id: deploy.id,
    url: `${base}/deploys/${deploy.id}`,
    release: deploy.release,
    app: deploy.app,
    environment: deploy.environment,
    merged: how === 'merged',
    claims: deploy.claims,
    audit: deploy.document?.audit ?? [],
    redactions: deploy.document?.redactions ?? 0,
  };
}
