'use client';

import { type ClaimView, countClaims } from '@/lib/core/model/claim.ts';
import { ClaimsPanel } from './claims-panel.tsx';

interface IncidentClaimsProps {
  release: string;
  claims: readonly ClaimView[];
  /** The page of the deploy; null while there is none. */
  href: string | null;
  asOfMs: number;
}

/** What the deploy of an incident promised, as it stands now. Nothing where it promised nothing that is measured. */
export function IncidentClaims({ release, claims, href, asOfMs }: Readonly<IncidentClaimsProps>) {
  if (claims.length === 0) return null;
  const isOver = claims.every(({ provisional }) => !provisional);
  return (
    <ClaimsPanel
      watch={{
        ...{ release, claims, href },
        counts: countClaims(claims),
        nowMs: asOfMs,
        endMs: isOver ? asOfMs : Number.POSITIVE_INFINITY,
      }}
    />
  );
}
