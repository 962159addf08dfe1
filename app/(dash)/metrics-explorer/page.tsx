import type { Metadata } from 'next';
import { MetricsLive } from '@/components/live/metrics-live.tsx';
import { readMetricsAddress } from '@/lib/client/metrics-address.ts';
import { requireReader } from '@/lib/server/auth/require-reader.ts';
import { readMetricsPage } from '@/lib/server/queries/metrics-page.ts';
import { chooseScope, readScopes } from '@/lib/server/queries/scope.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { parseMetricsParams } from './search-params.ts';

export const metadata: Metadata = { title: 'Metrics' };

/** Metrics: where do commands, queries and 429s come from, and does somebody else use this Redis? */
export default async function MetricsPage({
  searchParams,
}: Readonly<{ searchParams: Promise<Record<string, string | string[] | undefined>> }>) {
  await requireReader();
  const runtime = getRuntime();
  const scopes = readScopes(runtime);
  const asked = parseMetricsParams(await searchParams);
  const read = readMetricsAddress(asked, scopes, chooseScope(scopes, {}), runtime.clock.wallMs());
  const { scope, window, comparison } = read.address;
  const view = await readMetricsPage(runtime, { ...scope, window, comparison });
  return <MetricsLive initial={view} initialAsked={asked} initialAddress={read} />;
}
