import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { AppFrame } from '@/components/layout/app-frame.tsx';
import { requireReader } from '@/lib/server/auth/require-reader.ts';
import { isGalleryShown } from '@/lib/server/config/environment.ts';
import { getRuntime } from '@/lib/server/runtime.ts';
import { Gallery } from './gallery.tsx';
import { parseGalleryParams } from './search-params.ts';

export const metadata: Metadata = { title: 'Gallery' };

/**
 * Every component in every state, on invented data. For people who build this, and for the tests that look at it; not
 * there in production unless the environment asks for it.
 */
export default async function GalleryPage({
  searchParams,
}: Readonly<{ searchParams: Promise<Record<string, string | string[] | undefined>> }>) {
  if (!isGalleryShown()) notFound();
  await requireReader();
  return (
    <AppFrame canLogOut={getRuntime().auth.passwordSet}>
      <Gallery {...parseGalleryParams(await searchParams)} />
    </AppFrame>
  );
}
