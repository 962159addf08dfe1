import type { Metadata } from 'next';
import { ConfigLive } from '@/components/live/config-live.tsx';
import { readConfigAddress } from '@/lib/client/config-address.ts';
import { requireReader } from '@/lib/server/auth/require-reader.ts';
import { readConfigPage } from '@/lib/server/queries/config-page.ts';
import { chooseScope, readScopes } from '@/lib/server/queries/scope.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { configParamReader } from './search-params.ts';

export const metadata: Metadata = { title: 'Config' };

/** Config: each setting as it was set, as each machine reads it, and as its traffic shows it. */
export default async function ConfigPage({
  searchParams,
}: Readonly<{ searchParams: Promise<Record<string, string | string[] | undefined>> }>) {
  await requireReader();
  const runtime = getRuntime();
  const scopes = readScopes(runtime);
  const read = configParamReader(await searchParams);
  const { address } = readConfigAddress(read, scopes, chooseScope(scopes, {}));
  const view = await readConfigPage(runtime, address.scope);
  return <ConfigLive initial={view} initialAddress={address} />;
}
