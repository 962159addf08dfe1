'use client';

import { type ReactNode, useState } from 'react';
import { type ChartPage, ChartPageContext } from '@/components/charts/chart-page.ts';
import { CrosshairContext, createCrosshairStore } from '@/components/charts/crosshair-store.ts';
import { PageBody } from '@/components/layout/app-frame.tsx';
import type { ChartScale } from '@/lib/core/chart/scale.ts';

/** A page of parts with its heading; the first line is what is shown, the second how to read it. */
export function GalleryBody({
  title,
  note,
  children,
}: Readonly<{ title: string; note: string; children: ReactNode }>) {
  return (
    <PageBody>
      <h1 className="mb-8 text-hero-phone tablet:text-hero">
        {title} <span className="block text-ink-3">{note}</span>
      </h1>
      {children}
    </PageBody>
  );
}

/** One kind of thing: its name on the left, all its states on the right. */
export function Row({
  title,
  note,
  children,
}: Readonly<{ title: string; note?: string; children: ReactNode }>) {
  return (
    <section className="grid gap-4 border-t border-line py-6 tablet:grid-cols-[160px_minmax(0,1fr)]">
      <div>
        <h2 className="text-section">{title}</h2>
        {note !== undefined && <p className="mt-0.5 text-label text-ink-3">{note}</p>}
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  );
}

/** Things side by side that wrap. */
export function Flow({ children }: Readonly<{ children: ReactNode }>) {
  return <div className="flex flex-wrap items-center gap-x-8 gap-y-3">{children}</div>;
}

/** Two panels side by side where there is room. */
export function Pair({ children }: Readonly<{ children: ReactNode }>) {
  return <div className="grid grid-cols-1 gap-x-12 gap-y-8 duo:grid-cols-2">{children}</div>;
}

/** What all charts under it share; the scale can be changed, as on a page. */
export function SharedCharts({
  page,
  scale: first,
  children,
}: Readonly<{
  page: Pick<ChartPage, 'marks' | 'origin'> & Partial<ChartPage>;
  scale: ChartScale;
  children: ReactNode;
}>) {
  const [crosshair] = useState(createCrosshairStore);
  const [scale, setScale] = useState(first);
  const shared: ChartPage = {
    zone: 'UTC',
    onScale: setScale,
    asTable: false,
    onZoom: null,
    scale,
    ...page,
  };
  return (
    <CrosshairContext value={crosshair}>
      <ChartPageContext value={shared}>{children}</ChartPageContext>
    </CrosshairContext>
  );
}
