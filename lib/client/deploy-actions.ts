import {
  confirmClaims,
  readDeploy,
  readDeploys,
  readForecasts,
  registerDeploy,
  saveClaims,
} from '@/lib/actions/deploys.ts';
import type { ParsedClaim } from '@/lib/core/claims/document.ts';
import type { Deploy, HeldClaim } from '@/lib/core/model/deploy.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { ActionResult, MarkKind } from '@/lib/core/model/view.ts';
import type { ClaimForecastView } from '@/lib/core/model/watch.ts';
import type { DeploysView, DeployView } from '@/lib/server/queries/deploys.ts';

/** A deploy as the page hands it over: registered and confirmed in one. */
export interface DeployInput extends Scope {
  release?: string;
  kind: MarkKind;
  /** T₀. */
  time: number;
  /** Secrets are out. */
  summary: string;
  /** As the person left them; `removed` ones too. */
  claims: HeldClaim[];
  confirm: true;
  /** The same for every try of one hand-over, so that a second try makes no second deploy. */
  key: string;
}

/** The reads and writes behind the pages of deploys; passed in, so that a test can answer in the server's place. */
export interface DeployActions {
  readDeploys: (input: Scope & { kinds?: MarkKind[] }) => Promise<ActionResult<DeploysView>>;
  readDeploy: (input: { id: string }) => Promise<ActionResult<DeployView>>;
  /** Each claim is answered under its own id. */
  readForecasts: (
    input: Scope & { claims: ParsedClaim[] },
  ) => Promise<ActionResult<readonly ClaimForecastView[]>>;
  registerDeploy: (input: DeployInput) => Promise<ActionResult<{ id: string; how: 'new' | 'merged' }>>;
  saveClaims: (input: { id: string; claims: HeldClaim[] }) => Promise<ActionResult<Deploy>>;
  confirmClaims: (input: { id: string; claims?: HeldClaim[] }) => Promise<ActionResult<Deploy>>;
}

/** The real server actions behind deploys. */
export const deployActions: DeployActions = {
  readDeploys,
  readDeploy,
  readForecasts,
  registerDeploy,
  saveClaims,
  confirmClaims,
};
