import type { Metadata } from 'next';
import { DeploysLive } from '@/components/live/deploys-live.tsx';
import { readDeploysAddress } from '@/lib/client/deploys-address.ts';
import { paramReader, type SearchParams } from '@/lib/client/search-params.ts';
import { requireReader } from '@/lib/server/auth/require-reader.ts';
import { readDeploys } from '@/lib/server/queries/deploys.ts';
import { chooseScope, readScopes } from '@/lib/server/queries/scope.ts';
import { getRuntime, type Runtime } from '@/lib/server/runtime.ts';

export const metadata: Metadata = { title: 'Deploys' };

/** Deploys: what was changed, when, and what was promised of it. */
export default async function DeploysPage({
  searchParams,
}: Readonly<{ searchParams: Promise<SearchParams> }>) {
  await requireReader();
  const runtime = getRuntime();
  const scopes = readScopes(runtime);
  const read = paramReader(await searchParams);
  const { address } = readDeploysAddress(read, scopes, chooseScope(scopes, {}));
  const { scope, kind } = address;
  const view = await readDeploys(runtime, { ...scope, ...(kind === null ? {} : { kinds: [kind] }) });
  return <DeploysLive initial={view} initialAddress={address} base={baseOf(runtime.config)} />;
}

/** Where this server is reached, as far as it knows itself. */
function baseOf({ publicUrl, bind }: Runtime['config']): string {
  return publicUrl?.origin ?? `http://${bind.host.includes(':') ? `[${bind.host}]` : bind.host}:${bind.port}`;
}
