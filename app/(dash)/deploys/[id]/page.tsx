import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { DeployLive } from '@/components/live/deploy-live.tsx';
import { requireReader } from '@/lib/server/auth/require-reader.ts';
import { deployIdSchema } from '@/lib/server/deploys/new-deploy.ts';
import { readDeploy } from '@/lib/server/queries/deploys.ts';
import { targetsOf } from '@/lib/server/queries/scope.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

export const metadata: Metadata = { title: 'Deploy' };

/** One deploy: what it is, what it promises, what does not add up, and the way back. */
export default async function DeployPage({ params }: Readonly<{ params: Promise<{ id: string }> }>) {
  await requireReader();
  const { data: id } = deployIdSchema.safeParse((await params).id);
  const runtime = getRuntime();
  const view = id === undefined ? null : await readDeploy(runtime, id);
  if (view === null) notFound();
  const sources = [...new Set(targetsOf(runtime, view.deploy).map(({ kind }) => kind))];
  return <DeployLive initial={view} sources={sources} />;
}
