import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { IncidentLive } from '@/components/live/incident-live.tsx';
import { requireReader } from '@/lib/server/auth/require-reader.ts';
import { incidentIdSchema } from '@/lib/server/incidents/schema.ts';
import { readIncident } from '@/lib/server/queries/incident.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

export const metadata: Metadata = { title: 'Incident' };

/** One incident: what happened, what it did, why, and what is to be done. */
export default async function IncidentPage({ params }: Readonly<{ params: Promise<{ id: string }> }>) {
  await requireReader();
  const { data: id } = incidentIdSchema.safeParse((await params).id);
  const view = id === undefined ? null : await readIncident(getRuntime(), { id });
  if (view === null) notFound();
  return <IncidentLive initial={view} />;
}
