import type { Metadata } from 'next';
import { NowLive } from '@/components/live/now-live.tsx';
import { readAddress } from '@/lib/client/address.ts';
import { requireReader } from '@/lib/server/auth/require-reader.ts';
import { readNow } from '@/lib/server/queries/now.ts';
import { chooseScope, readScopes } from '@/lib/server/queries/scope.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { parseNowParams } from './search-params.ts';

export const metadata: Metadata = { title: 'Now' };

/** Now: one sentence from data, two hero charts, 429s and hit ratio, machines, sources. */
export default async function NowPage({
  searchParams,
}: Readonly<{ searchParams: Promise<Record<string, string | string[] | undefined>> }>) {
  await requireReader();
  const runtime = getRuntime();
  const scopes = readScopes(runtime);
  const asked = parseNowParams(await searchParams);
  const read = readAddress(asked, scopes, chooseScope(scopes, {}), runtime.clock.wallMs());
  const { scope, window, comparison } = read.address;
  const view = await readNow(runtime, { ...scope, window, comparison });
  return <NowLive initial={view} initialAsked={asked} initialAddress={read} />;
}
