import 'server-only';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { FROZEN_CHARTS, SHARE_KINDS, type ShareLine, type ShareSubject } from '@/lib/core/model/share.ts';

/** What a share is found again by in the lists of a page. */
const subjectSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('incident'), incidentId: z.string() }),
  z.object({ kind: z.literal('deploy'), deployId: z.string() }),
  z.object({
    kind: z.literal('chart'),
    app: z.string(),
    environment: z.string(),
    chart: z.enum(FROZEN_CHARTS),
    range: z.object({ startMs: z.number(), endMs: z.number() }),
  }),
]);

/** A share in the index. The token is not in it: who reads the store cannot open a link. */
export const shareRowSchema = z.object({
  id: z.string(),
  hash: z.string(),
  kind: z.enum(SHARE_KINDS),
  subject: subjectSchema,
  title: z.string(),
  madeMs: z.number(),
  madeBy: z.string(),
  expiresMs: z.number(),
  revoked: z.object({ atMs: z.number(), by: z.string() }).nullable(),
  /** False once the copy was deleted; the row stays, so that the link is still known as one that was. */
  hasCopy: z.boolean(),
});
export type ShareRow = z.output<typeof shareRowSchema>;

/** How often each share was opened, and when last. */
export const viewsSchema = z.record(z.string(), z.tuple([z.number(), z.number()]));
export type Views = Map<string, readonly [count: number, lastMs: number]>;

/** SHA-256 of a token, in hex. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** When a share ceased to lead anywhere; null while it leads to its copy. */
export function endedMs(row: ShareRow, nowMs: number): number | null {
  if (row.revoked !== null) return Math.min(row.revoked.atMs, row.expiresMs);
  return row.expiresMs <= nowMs ? row.expiresMs : null;
}

/** A share as its makers see it. */
export function lineOf(row: ShareRow, seen: readonly [number, number] | undefined): ShareLine {
  const { id, kind, title, madeMs, madeBy, expiresMs, revoked, subject } = row;
  return {
    ...{ id, kind, title, madeMs, madeBy, expiresMs },
    href: hrefOf(subject),
    revokedMs: revoked?.atMs ?? null,
    views: seen?.[0] ?? 0,
    lastViewMs: seen?.[1] ?? null,
  };
}

/** Whether a share was made of this; a chart counts as the same one over any range. */
export function isOf(row: ShareRow, asked: ShareSubject): boolean {
  const { subject } = row;
  switch (asked.kind) {
    case 'incident':
      return subject.kind === 'incident' && subject.incidentId === asked.incidentId;
    case 'deploy':
      return subject.kind === 'deploy' && subject.deployId === asked.deployId;
    case 'chart':
      return (
        subject.kind === 'chart' &&
        subject.chart === asked.chart &&
        subject.app === asked.app &&
        subject.environment === asked.environment
      );
    default:
      return asked satisfies never;
  }
}

function hrefOf(subject: ShareRow['subject']): string {
  switch (subject.kind) {
    case 'incident':
      return `/incidents/${encodeURIComponent(subject.incidentId)}`;
    case 'deploy':
      return `/deploys/${encodeURIComponent(subject.deployId)}`;
    case 'chart':
      return `/?${new URLSearchParams({ app: subject.app, environment: subject.environment })}`;
    default:
      return subject satisfies never;
  }
}
