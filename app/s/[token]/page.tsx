import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { PlainPage } from '@/components/layout/plain-page.tsx';
import { SharePage } from '@/components/live/share-page.tsx';
import type { FrozenCopy, OpenedShare } from '@/lib/core/model/share.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

interface Props {
  params: Promise<{ token: string }>;
}

/** Reads the frozen copy, and nothing else: no session, no store of samples, no source. Once a request. */
const openShare = cache(
  async (token: string): Promise<OpenedShare> =>
    (await getRuntime().shares?.open(token)) ?? { found: 'nothing' },
);

const HIDDEN: Metadata = { robots: { index: false, follow: false }, referrer: 'no-referrer' };

/** What a chat shows of a link: the sentence, and a picture drawn from the same numbers. */
export async function generateMetadata({ params }: Readonly<Props>): Promise<Metadata> {
  const { token } = await params;
  const opened = await openShare(token);
  if (opened.found !== 'copy')
    return { ...HIDDEN, title: opened.found === 'gone' ? 'This link is over' : 'No such link' };
  const { title, lead, place } = opened.copy;
  const description = lead === null ? place : `${lead} ${place}.`;
  const images = [
    { url: `/s/${token}/preview.png`, width: 1_200, height: 630, alt: previewWords(opened.copy) },
  ];
  return {
    ...HIDDEN,
    title,
    description,
    metadataBase: await readBase(),
    openGraph: { type: 'article', siteName: 'Afterwatch', title, description, images },
    twitter: { card: 'summary_large_image', title, description, images },
  };
}

/** The public page of a link: a frozen copy. An ended link is answered before it comes here; this is for the moment between. */
export default async function SharedPage({ params }: Readonly<Props>) {
  const { token } = await params;
  const opened = await openShare(token);
  switch (opened.found) {
    case 'nothing':
      notFound();
      break;
    case 'gone':
      return (
        <PlainPage
          title="This link is over."
          detail="It led to a frozen copy, and was revoked or has expired. Whoever sent it can make a new one."
        />
      );
    case 'copy': {
      const { publicUrl } = getRuntime().config;
      return (
        <SharePage
          copy={opened.copy}
          expiresMs={opened.expiresMs}
          url={publicUrl === null ? null : `${publicUrl.href.replace(/\/+$/, '')}/s/${token}`}
        />
      );
    }
    default:
      return opened satisfies never;
  }
}

/** What this server is reached by: a picture in a chat needs a whole address. The host was checked before. */
async function readBase(): Promise<URL> {
  return getRuntime().config.publicUrl ?? new URL(`http://${(await headers()).get('host') ?? 'localhost'}`);
}

function previewWords({ title, place }: FrozenCopy): string {
  return `${title} ${place}`;
}
