import type { Metadata } from 'next';
import { ConfigLive } from '@/components/live/config-live.tsx';
import { readScopeAddress } from '@/lib/client/scope-address.ts';
import { paramReader, type SearchParams } from '@/lib/client/search-params.ts';
import { requireReader } from '@/lib/server/auth/require-reader.ts';
import { readConfigPage } from '@/lib/server/queries/config-page.ts';
import { chooseScope, readScopes } from '@/lib/server/queries/scope.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

export const metadata: Metadata = { title: 'Config' };

/** Config: each setting as it was set, as each machine reads it, and as its traffic shows it. */
export default async function ConfigPage({
  searchParams,
}: Readonly<{ searchParams: Promise<SearchParams> }>) {
  await requireReader();
  const runtime = getRuntime();
  const scopes = readScopes(runtime);
  const read = paramReader(await searchParams);
  const { address } = readScopeAddress(read, scopes, chooseScope(scopes, {}));
  const view = await readConfigPage(runtime, address.scope);
  return <ConfigLive initial={view} initialAddress={address} />;
}
