'use client';

import { clsx } from 'clsx';
import { usePathname } from 'next/navigation';
import { Icon } from '../ui/icon.tsx';
import { Keys } from '../ui/kbd.tsx';
import { useCommandsContext } from './commands-context.tsx';
import { FiringCount } from './firing-count.tsx';
import { SearchIcon } from './header-icons.tsx';
import { Logo } from './logo.tsx';
import { currentOf, PAGES } from './pages.ts';
import { ThemeSwitch } from './theme-switch.tsx';

/**
 * Navigation at the left: names on a desktop, icons on a narrower one; a phone has the bottom bar instead.
 * Plain links: no state of one page is of use on another.
 */
export function Rail() {
  const here = usePathname();
  const { search } = useCommandsContext();
  return (
    <nav aria-label="Pages" className="no-print border-r border-line max-tablet:hidden">
      <div className="sticky top-0 flex h-dvh flex-col gap-0.5 px-2 py-4 desk:px-3">
        <a
          href="/"
          className="mb-4 flex items-center gap-2.25 rounded-control px-3 py-0.5 text-prose font-semibold desk:px-2"
        >
          <Logo />
          <span className="max-desk:sr-only">Afterwatch</span>
        </a>
        <button
          type="button"
          onClick={search}
          title="Search commands"
          aria-haspopup="dialog"
          aria-keyshortcuts="Control+K Meta+K"
          className="mb-2.5 flex h-8 items-center gap-2.5 rounded-control text-ink-2 transition-colors duration-120 hover:bg-hover max-desk:justify-center desk:px-2.5"
        >
          <span className="text-ink-3">
            <SearchIcon />
          </span>
          <span className="max-desk:sr-only">Search</span>
          <span aria-hidden="true" className="ml-auto max-desk:hidden">
            <Keys keys="mod+k" />
          </span>
        </button>
        {PAGES.map(({ href, label, icon }) => (
          <a
            key={href}
            href={href}
            aria-current={currentOf(href, here)}
            title={label}
            className={clsx(
              'flex h-8 items-center gap-2.5 rounded-control transition-colors duration-120 max-desk:justify-center desk:px-2.5',
              currentOf(href, here) !== undefined
                ? 'bg-hover font-medium text-ink'
                : 'text-ink-2 hover:bg-hover',
            )}
          >
            <Icon name={icon} />
            <span className="max-desk:sr-only">{label}</span>
            {href === '/alerts' && <FiringCount />}
          </a>
        ))}
        <span className="mt-auto flex max-desk:justify-center desk:px-1">
          <ThemeSwitch />
        </span>
      </div>
    </nav>
  );
}
