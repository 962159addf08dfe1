import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { AppFrame } from '@/components/layout/app-frame.tsx';
import { Gallery } from './gallery.tsx';

export const metadata: Metadata = { title: 'Gallery' };

/** Every component in every state, on invented data. For people who build this; not there in production. */
export default async function GalleryPage({
  searchParams,
}: Readonly<{ searchParams: Promise<Record<string, string | string[] | undefined>> }>) {
  if (process.env.NODE_ENV === 'production') notFound();
  const { show } = await searchParams;
  return (
    <AppFrame canLogOut={false}>
      <Gallery show={typeof show === 'string' ? show : 'story'} />
    </AppFrame>
  );
}
