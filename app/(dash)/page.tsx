import type { Metadata } from 'next';
import { NowLive } from '@/components/live/now-live.tsx';
import { chooseRange, readNowAddress } from '@/lib/client/now-address.ts';
import { requireReader } from '@/lib/server/auth/require-reader.ts';
import { readNow } from '@/lib/server/queries/now.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { parseNowParams } from './search-params.ts';

export const metadata: Metadata = { title: 'Now' };

/** Now: one sentence from data, two hero charts, 429s and hit ratio, machines, sources. */
export default async function NowPage({
  searchParams,
}: Readonly<{ searchParams: Promise<Record<string, string | string[] | undefined>> }>) {
  await requireReader();
  const asked = parseNowParams(await searchParams);
  const view = await readNow(getRuntime(), {
    range: chooseRange(asked.range),
    ...(asked.app === null ? {} : { app: asked.app }),
    ...(asked.env === null ? {} : { environment: asked.env }),
  });
  return <NowLive initial={view} initialAddress={readNowAddress(asked, view.scopes, view.scope)} />;
}
