'use client';

import { clsx } from 'clsx';
import { usePathname } from 'next/navigation';
import { Icon } from '../ui/icon.tsx';
import { Logo } from './logo.tsx';
import { PAGES } from './pages.ts';

/**
 * Navigation at the left: names on a desktop, icons on a narrower one; a phone has the bottom bar instead.
 * Plain links: with one page there is nothing for a client-side router to keep.
 */
export function Rail() {
  const here = usePathname();
  return (
    <nav aria-label="Pages" className="no-print border-r border-line max-tablet:hidden">
      <div className="sticky top-0 flex flex-col gap-0.5 px-2 py-4 desk:px-3">
        <a
          href="/"
          className="mb-4 flex items-center gap-2.25 rounded-control px-3 py-0.5 text-prose font-semibold desk:px-2"
        >
          <Logo />
          <span className="max-desk:sr-only">Afterwatch</span>
        </a>
        {PAGES.map(({ href, label, icon }) => (
          <a
            key={href}
            href={href}
            aria-current={here === href ? 'page' : undefined}
            title={label}
            className={clsx(
              'flex h-8 items-center gap-2.5 rounded-control transition-colors duration-120 max-desk:justify-center desk:px-2.5',
              here === href ? 'bg-hover font-medium text-ink' : 'text-ink-2 hover:bg-hover',
            )}
          >
            <Icon name={icon} />
            <span className="max-desk:sr-only">{label}</span>
          </a>
        ))}
      </div>
    </nav>
  );
}
