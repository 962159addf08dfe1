import type { Metadata } from 'next';
import { DeployNewLive } from '@/components/live/deploy-new-live.tsx';
import { requireReader } from '@/lib/server/auth/require-reader.ts';
import { readNewDeploy } from '@/lib/server/queries/new-deploy.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { deploysParamReader } from '../search-params.ts';

export const metadata: Metadata = { title: 'New deploy' };

/** A new deploy: paste its summary, see what it promises, start the watch. */
export default async function NewDeployPage({
  searchParams,
}: Readonly<{ searchParams: Promise<Record<string, string | string[] | undefined>> }>) {
  await requireReader();
  const read = deploysParamReader(await searchParams);
  const app = read('app');
  const environment = read('env');
  const asked = { ...(app === null ? {} : { app }), ...(environment === null ? {} : { environment }) };
  return <DeployNewLive view={readNewDeploy(getRuntime(), asked)} />;
}
