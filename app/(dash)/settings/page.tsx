import type { Metadata } from 'next';
import { SettingsLive } from '@/components/live/settings-live.tsx';
import { requireReader } from '@/lib/server/auth/require-reader.ts';
import { readSettings } from '@/lib/server/queries/settings.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { readKind } from './search-params.ts';

export const metadata: Metadata = { title: 'Settings' };

/** Settings: what is read, by which calls and at what cost; how more is connected; tokens. */
export default async function SettingsPage({
  searchParams,
}: Readonly<{ searchParams: Promise<Record<string, string | string[] | undefined>> }>) {
  await requireReader();
  const kind = readKind(await searchParams);
  return <SettingsLive initial={readSettings(getRuntime())} initialKind={kind} />;
}
