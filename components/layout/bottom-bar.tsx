'use client';

import { clsx } from 'clsx';
import { usePathname } from 'next/navigation';
import { Icon } from '../ui/icon.tsx';
import { useCommandsContext } from './commands-context.tsx';
import { FiringCount } from './firing-count.tsx';
import { SearchIcon } from './header-icons.tsx';
import { currentOf, PAGES } from './pages.ts';

/** Navigation on a phone, and the way to everything else that can be done on the page. */
export function BottomBar() {
  const here = usePathname();
  const { search } = useCommandsContext();
  return (
    <nav
      aria-label="Pages"
      className="no-print fixed inset-x-0 bottom-0 z-20 flex h-15 justify-around border-t border-line bg-canvas tablet:hidden"
    >
      {PAGES.map(({ href, label, icon }) => (
        <a
          key={href}
          href={href}
          aria-current={currentOf(href, here)}
          className={clsx(
            'flex min-w-0 flex-1 flex-col items-center justify-center gap-0.75 text-axis',
            currentOf(href, here) !== undefined ? 'font-medium text-ink' : 'text-ink-3',
          )}
        >
          <Icon name={icon} size={20} />
          <span>
            {label}
            {href === '/alerts' && <FiringCount />}
          </span>
        </a>
      ))}
      <button
        type="button"
        onClick={search}
        aria-haspopup="dialog"
        className="flex min-w-0 flex-1 flex-col items-center justify-center gap-0.75 text-axis text-ink-3"
      >
        <SearchIcon size={20} />
        Search
      </button>
    </nav>
  );
}
