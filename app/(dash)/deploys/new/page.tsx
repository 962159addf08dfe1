import type { Metadata } from 'next';
import { DeployNewLive } from '@/components/live/deploy-new-live.tsx';
import { paramReader, type SearchParams } from '@/lib/client/search-params.ts';
import { requireReader } from '@/lib/server/auth/require-reader.ts';
import { readNewDeploy } from '@/lib/server/queries/new-deploy.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

export const metadata: Metadata = { title: 'New deploy' };

/** A new deploy: paste its summary, see what it promises, start the watch. */
export default async function NewDeployPage({
  searchParams,
}: Readonly<{ searchParams: Promise<SearchParams> }>) {
  await requireReader();
  const read = paramReader(await searchParams);
  const app = read('app');
  const environment = read('env');
  const asked = { ...(app === null ? {} : { app }), ...(environment === null ? {} : { environment }) };
  return <DeployNewLive view={readNewDeploy(getRuntime(), asked)} />;
}
