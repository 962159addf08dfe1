import 'server-only';
import type { AlertFacts } from '@/lib/core/alerts/facts.ts';
import { readClaimFacts } from './claims.ts';
import { readDeployFacts } from './deploy.ts';
import type { FactReader } from './fact-reader.ts';
import { readFleetFacts } from './fleet.ts';
import { readLimitFacts } from './limits.ts';
import { readModeFacts } from './mode.ts';
import { readResponseFacts } from './responses.ts';
import { readSeriesFacts } from './series.ts';
import { readSourceFacts } from './sources.ts';

/** The parts of the facts that are read, each by a reader of its own. */
export type FactPart = Exclude<keyof AlertFacts, 'nowMs'>;

export const FACT_READERS: { readonly [P in FactPart]: FactReader<AlertFacts[P]> } = {
  mode: readModeFacts,
  sources: readSourceFacts,
  responses: readResponseFacts,
  deploy: readDeployFacts,
  series: readSeriesFacts,
  claims: readClaimFacts,
  limits: readLimitFacts,
  fleet: readFleetFacts,
};
