import 'server-only';
import type { Notice } from '@/lib/core/model/scrape.ts';
import { cleanText } from '../app/clean-text.ts';
import type { FlyMachine } from './machines.ts';
import type { GraphqlAnswer } from './schema.ts';

/** What the deploying client said of a release: no verdict on its health, and `running` for ever when it was killed. */
export const RELEASE_STATUSES = ['running', 'complete', 'failed', 'interrupted', 'unknown'] as const;
export type ReleaseStatus = (typeof RELEASE_STATUSES)[number];

export interface FlyRelease {
  version: number;
  status: ReleaseStatus;
  /** When its record was made, before any machine changed. */
  createdMs: number;
  description: string;
  /** The image with its tag; a change of secrets keeps it. Null when not told. */
  imageRef: string | null;
}

type App = NonNullable<NonNullable<GraphqlAnswer['data']>['app']>;

/** Newest first; a release without a readable time is left out. */
export function readReleases({ releasesUnprocessed }: App): FlyRelease[] {
  const nodes = releasesUnprocessed?.nodes ?? [];
  return nodes
    .flatMap((node): FlyRelease[] => {
      const createdMs = Date.parse(node?.createdAt ?? '');
      if (node === null || Number.isNaN(createdMs)) return [];
      const status = RELEASE_STATUSES.find((one) => one === node.status.toLowerCase()) ?? 'unknown';
      const description = cleanText(node.description ?? '', 120);
      const imageRef = cleanText(node.imageRef ?? '', 160);
      return [{ version: node.version, status, createdMs, description, imageRef: imageRef || null }];
    })
    .sort((a, b) => b.version - a.version);
}

/**
 * The slug under which metrics lie. `personal` stands for whoever holds the token, which an organisation's token has
 * nobody for: then the true slug is taken.
 */
export function organizationOf({ organization }: App): string | null {
  const slug = organization?.slug ?? null;
  return slug === 'personal' ? (organization?.rawSlug ?? slug) : slug;
}

const STUCK_MS = 30 * 60_000;

/** Says when the newest release's own word is not to be believed. */
export function releaseNotices(
  releases: readonly FlyRelease[],
  machines: readonly FlyMachine[],
  nowMs: number,
): Notice[] {
  const [newest] = releases;
  if (newest === undefined || newest.status !== 'running' || nowMs - newest.createdMs < STUCK_MS) return [];
  const on = machines.filter(({ release }) => release === `v${newest.version}`).length;
  return [
    {
      code: 'release_status_stale',
      text: `Release v${newest.version} is still called running after ${Math.round((nowMs - newest.createdMs) / 60_000)} min; the client that deployed it has probably died. ${on} of ${machines.length} machines run it.`,
    },
  ];
}
