'use client';

import { useMemo, useState, useSyncExternalStore } from 'react';
import { copyText } from '@/lib/client/copy-text.ts';
import { useZone } from '@/lib/client/use-zone.ts';
import type { ChartScale } from '@/lib/core/chart/scale.ts';
import type { FrozenCopy } from '@/lib/core/model/share.ts';
import { type ChartPage, ChartPageContext } from '../charts/chart-page.ts';
import { CrosshairContext, createCrosshairStore } from '../charts/crosshair-store.ts';
import { Logo } from '../layout/logo.tsx';
import { ShareBand } from '../panels/share-band.tsx';
import { ShareFoot } from '../panels/share-foot.tsx';
import { ShareView } from '../panels/share-view.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';

interface SharePageProps {
  copy: FrozenCopy;
  expiresMs: number;
  /** The address of the link; null where the server does not know what it is reached by. */
  url: string | null;
}

const never = () => () => {};

/**
 * The page of a link. It has all that it will ever show from the server, calls nothing, and reads the same without
 * scripts; with them charts can be pointed at and saved, and times read in the reader's zone.
 */
export function SharePage({ copy, expiresMs, url }: Readonly<SharePageProps>) {
  const isAlive = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const address = useSyncExternalStore(
    never,
    () => url ?? window.location.href.replace(/[?#].*$/, ''),
    () => url,
  );
  const [crosshair] = useState(createCrosshairStore);
  const [scale, setScale] = useState<ChartScale>('level');
  const [isLocal, setIsLocal] = useState(false);
  const [said, setSaid] = useState('');
  const zone = useZone(isLocal);
  const page = useMemo(
    (): ChartPage => ({
      zone,
      scale,
      onScale: setScale,
      asTable: false,
      onZoom: null,
      marks: [],
      origin: null,
    }),
    [zone, scale],
  );
  const copyMarkdown = async (): Promise<void> => {
    const { shareMarkdown } = await import('@/lib/core/shares/share-markdown.ts');
    const isCopied = await copyText(shareMarkdown(copy, { url: address }));
    setSaid(isCopied ? 'Copied as Markdown' : 'This browser does not let a page copy.');
  };
  return (
    <CrosshairContext value={crosshair}>
      <ChartPageContext value={page}>
        <div className="mx-auto max-w-228 px-4 pt-4 pb-12 tablet:px-10 tablet:pt-7 tablet:pb-16 print:max-w-none print:p-0">
          <ShareBand
            copy={copy}
            expiresMs={expiresMs}
            zone={zone}
            logo={<Logo />}
            actions={
              isAlive && (
                <>
                  <span role="status" className="sr-only">
                    {said}
                  </span>
                  <Button size="small" aria-pressed={isLocal} onClick={() => setIsLocal(!isLocal)}>
                    {isLocal ? 'Times in UTC' : 'My time'}
                  </Button>
                  <Button
                    size="small"
                    {...(said === '' ? {} : { title: said })}
                    onClick={() => void copyMarkdown()}
                  >
                    <Icon name="copy" size={14} />
                    {said === 'Copied as Markdown' ? 'Copied' : 'Markdown'}
                  </Button>
                  <Button size="small" onClick={() => window.print()}>
                    <Icon name="print" size={14} />
                    Print
                  </Button>
                </>
              )
            }
          />
          <main id="main" className="mt-5.5 tablet:mt-8">
            <ShareView copy={copy} isAlive={isAlive} />
          </main>
          <ShareFoot copy={copy} url={address} />
        </div>
      </ChartPageContext>
    </CrosshairContext>
  );
}
