import type { ReactNode } from 'react';
import type { StoreOutage } from '@/lib/core/model/outage.ts';
import { BottomBar } from './bottom-bar.tsx';
import { CommandCenter } from './command-center.tsx';
import { Rail } from './rail.tsx';
import { StoreAway } from './store-away.tsx';

interface AppFrameProps {
  children: ReactNode;
  /** True when this server has a login. */
  canLogOut: boolean;
  /** The store's outage when the page was drawn; null without one. */
  outage?: StoreOutage | null;
}

/** Frame of every page behind the login: rail, page, on a phone the bottom bar, and the commands of it all. */
export function AppFrame({ children, canLogOut, outage = null }: Readonly<AppFrameProps>) {
  return (
    <CommandCenter>
      <div className="min-h-screen tablet:grid tablet:grid-cols-[60px_minmax(0,1fr)] desk:grid-cols-[208px_minmax(0,1fr)] print:block">
        <a
          href="#main"
          className="sr-only z-30 rounded-control bg-primary px-3 py-2 text-on-primary focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        >
          Skip to the page
        </a>
        <Rail />
        <div className="min-w-0">
          <StoreAway drawn={outage} />
          {children}
          {canLogOut && (
            <footer className="no-print max-w-308 wall:max-w-440 px-4 pb-24 tablet:px-6 tablet:pb-8 desk:px-8">
              <a href="/login" className="text-label text-ink-3 underline underline-offset-2">
                Log out
              </a>
            </footer>
          )}
        </div>
        <BottomBar />
      </div>
    </CommandCenter>
  );
}

/** The page itself: at most 1168 wide (1696 on a wall screen), with room for the bottom bar on a phone. */
export function PageBody({ children, isBusy = false }: Readonly<{ children: ReactNode; isBusy?: boolean }>) {
  return (
    <main
      id="main"
      aria-busy={isBusy}
      className="max-w-308 wall:max-w-440 px-4 pt-5 pb-24 tablet:px-6 tablet:pt-8 tablet:pb-16 desk:px-8"
    >
      {children}
    </main>
  );
}
