'use client';

import { clsx } from 'clsx';
import { usePathname } from 'next/navigation';
import { Icon } from '../ui/icon.tsx';
import { Popover } from '../ui/popover.tsx';
import { useCommandsContext } from './commands-context.tsx';
import { FiringCount } from './firing-count.tsx';
import { SearchIcon } from './header-icons.tsx';
import { currentOf, PAGES } from './pages.ts';

const ITEM = 'flex min-w-0 flex-1 flex-col items-center justify-center gap-0.75 text-axis';

/** Navigation on a phone: the pages that are needed at night, and one way to the others and to all that can be done here. */
export function BottomBar() {
  const here = usePathname();
  const { search } = useCommandsContext();
  const others = PAGES.filter(({ phone }) => !phone);
  const isElsewhere = others.some(({ href }) => currentOf(href, here) !== undefined);
  return (
    <nav
      aria-label="Pages"
      className="no-print fixed inset-x-0 bottom-0 z-20 flex h-15 justify-around border-t border-line bg-canvas tablet:hidden"
    >
      {PAGES.filter(({ phone }) => phone).map(({ href, label, icon }) => (
        <a
          key={href}
          href={href}
          aria-current={currentOf(href, here)}
          className={clsx(ITEM, currentOf(href, here) !== undefined ? 'font-medium text-ink' : 'text-ink-3')}
        >
          <Icon name={icon} size={20} />
          <span>
            {label}
            {href === '/alerts' && <FiringCount />}
          </span>
        </a>
      ))}
      <Popover
        id="more-pages"
        label="More pages"
        className={clsx(
          'h-full! min-w-0 flex-1 shrink! flex-col rounded-none! border-0! px-0! text-axis!',
          isElsewhere ? 'font-medium text-ink!' : 'font-normal! text-ink-3!',
        )}
        face={
          <span className="flex flex-col items-center gap-0.75">
            <Icon name="more" size={20} />
            More
          </span>
        }
      >
        {(close) => (
          <ul className="p-2">
            {others.map(({ href, label, icon }) => (
              <li key={href}>
                <a href={href} aria-current={currentOf(href, here)} className={ROW}>
                  <Icon name={icon} />
                  {label}
                </a>
              </li>
            ))}
            <li className="mt-1 border-t border-line pt-1">
              <button
                type="button"
                aria-haspopup="dialog"
                className={ROW}
                onClick={() => {
                  close();
                  search();
                }}
              >
                <SearchIcon />
                Search
              </button>
            </li>
          </ul>
        )}
      </Popover>
    </nav>
  );
}

const ROW =
  'flex h-11 w-full items-center gap-2.5 rounded-control px-2.5 text-left hover:bg-hover focus-visible:-outline-offset-2 aria-[current]:font-medium';
