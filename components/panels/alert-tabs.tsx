'use client';

import { clsx } from 'clsx';
import { ALERTS_TABS, type AlertsTab } from '@/lib/core/alerts/alert-groups.ts';

const WORDS: Record<AlertsTab, string> = {
  open: 'Open',
  resolved: 'Resolved in 24 h',
  maintenance: 'Maintenance',
  rules: 'Rules',
};

interface AlertTabsProps {
  tab: AlertsTab;
  /** How many each holds; null while that is not known. */
  counts: Readonly<Record<AlertsTab, number | null>>;
  hrefOf: (tab: AlertsTab) => string;
  onTab: (tab: AlertsTab) => void;
}

/** The parts of the page with their counts; real links, so that each can be kept and sent. */
export function AlertTabs({ tab, counts, hrefOf, onTab }: Readonly<AlertTabsProps>) {
  return (
    <nav
      aria-label="Parts of this page"
      className="scroll-quiet -mx-1 flex min-w-0 gap-1 overflow-x-auto p-1"
    >
      {ALERTS_TABS.map((one) => (
        <a
          key={one}
          href={hrefOf(one)}
          aria-current={one === tab ? 'page' : undefined}
          className={clsx(
            'flex h-9 shrink-0 items-center gap-1.5 rounded-control px-2.5 whitespace-nowrap tablet:h-8',
            one === tab ? 'bg-hover font-medium text-ink' : 'text-ink-2 hover:text-ink',
          )}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
            event.preventDefault();
            onTab(one);
          }}
        >
          {WORDS[one]}
          {counts[one] !== null && <span className="font-normal text-ink-3">{counts[one]}</span>}
        </a>
      ))}
    </nav>
  );
}
