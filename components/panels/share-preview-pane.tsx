'use client';

import { type Ref, useMemo, useState } from 'react';
import type { SharePreview } from '@/lib/core/model/share.ts';
import { type ChartPage, ChartPageContext } from '../charts/chart-page.ts';
import { CrosshairContext, createCrosshairStore } from '../charts/crosshair-store.ts';
import { Button } from '../ui/button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ShareView } from './share-view.tsx';

/** The copy that will leave, drawn as the page of the link draws it. */
export function SharePreviewPane({
  ref,
  preview,
  isOld,
  failure,
  onAgain,
}: Readonly<{
  ref: Ref<HTMLElement>;
  preview: SharePreview | null;
  isOld: boolean;
  /** Why there is none, or no newer one; null when all is well. */
  failure: string | null;
  onAgain: () => void;
}>) {
  const [crosshair] = useState(createCrosshairStore);
  const page = useMemo(
    (): ChartPage => ({
      ...{ zone: 'UTC', scale: 'level', onScale: null, asTable: false },
      ...{ onZoom: null, marks: [], origin: null },
    }),
    [],
  );
  return (
    <section
      ref={ref}
      aria-label="Preview: exactly what leaves"
      aria-busy={isOld}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
      className="min-w-0 bg-canvas p-4 focus-visible:-outline-offset-2 max-tablet:border-t max-tablet:border-line tablet:min-h-0 tablet:overflow-y-auto tablet:p-6"
    >
      <p className="mb-4 text-label text-ink-3">
        Preview: exactly what leaves{isOld && preview !== null ? ', being frozen anew …' : ''}
      </p>
      {failure !== null && (
        <div role="alert" className="mb-4 flex flex-wrap items-center gap-2 text-ink-2">
          <span className="min-w-0 wrap-anywhere">There is no new preview: {failure}</span>
          <Button size="small" onClick={onAgain}>
            Try again
          </Button>
        </div>
      )}
      {preview === null ? (
        failure === null && <Skeleton rows={8} />
      ) : (
        <CrosshairContext value={crosshair}>
          <ChartPageContext value={page}>
            <ShareView copy={preview.copy} isAlive={false} isPreview />
          </ChartPageContext>
        </CrosshairContext>
      )}
    </section>
  );
}
