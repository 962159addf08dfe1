'use client';

import { useEffect } from 'react';
import { AlertPartsPage } from './alert-parts-page.tsx';
import { AlertsPage } from './alerts-page.tsx';
import { BenchPage } from './bench-page.tsx';
import { BudgetPage } from './budget-page.tsx';
import { ChartsPage } from './charts-page.tsx';
import { ConfigScenes } from './config-page.tsx';
import { HeaderPage } from './header-page.tsx';
import { IncidentsPage } from './incidents-page.tsx';
import { PanelsPage } from './panels-page.tsx';
import { PartsPage } from './parts-page.tsx';
import { ScreenPage } from './screen-page.tsx';
import type { GalleryParams } from './search-params.ts';
import { SharesPage } from './shares-page.tsx';

/** One page of the gallery: the Now page with a story, or the parts that it is made of. */
export function Gallery({ show, scale, theme }: Readonly<GalleryParams>) {
  useEffect(() => {
    if (theme === null || theme === 'system') return;
    const root = document.documentElement;
    const before = root.dataset.theme;
    root.dataset.theme = theme;
    return () => {
      if (before === undefined) delete root.dataset.theme;
      else root.dataset.theme = before;
    };
  }, [theme]);
  switch (show) {
    case 'parts':
      return <PartsPage />;
    case 'charts':
      return <ChartsPage scale={scale} />;
    case 'panels':
      return <PanelsPage />;
    case 'header':
      return <HeaderPage />;
    case 'alerts':
      return <AlertsPage />;
    case 'alert-parts':
      return <AlertPartsPage />;
    case 'bench':
      return <BenchPage scale={scale} />;
    case 'budget':
      return <BudgetPage />;
    case 'config':
      return <ConfigScenes />;
    case 'incidents':
      return <IncidentsPage />;
    case 'shares':
      return <SharesPage />;
    case 'story':
    case 'first':
    case 'trouble':
    case 'stale':
    case 'error':
    case 'empty':
    case 'long':
    case 'quarter':
      return <ScreenPage show={show} scale={scale} />;
    default:
      return show satisfies never;
  }
}
