'use client';

import type { ReactNode } from 'react';
import {
  type AlertGroupRows,
  type AlertListing,
  type AlertsTab,
  inOrder,
} from '@/lib/core/alerts/alert-groups.ts';
import type { AlertRow } from '@/lib/core/alerts/alerts-view.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import { formatSinceOrigin } from '@/lib/core/units/clock.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { PanelFrame } from '../ui/panel-frame.tsx';
import type { AlertActs } from './alert-buttons.tsx';
import { type AlertOpening, ListedAlertRow } from './alert-row.tsx';
import { timeText } from './alert-words.ts';

interface RowsProps {
  nowMs: number;
  receivedAtMs: number | null;
  watchEndMs: number | null;
  acts: AlertActs;
  busyId: string | null;
  openingOf: (id: string) => AlertOpening;
}

interface AlertListProps extends RowsProps {
  tab: Extract<AlertsTab, 'open' | 'resolved'>;
  /** Null before rules have been evaluated. */
  listing: AlertListing | null;
  /** A way to the rest of what was resolved. */
  moreResolved: (count: number) => ReactNode;
}

const EMPTY = {
  open: 'Nothing is open, and nothing has fired in the last 24 h.',
  resolved: 'Nothing was resolved in the last 24 h.',
} as const;

/** The inbox: what is open by the deploy or the part that it belongs to, then what was resolved within a day. */
export function AlertList({ tab, listing, moreResolved, ...rows }: Readonly<AlertListProps>) {
  const isEmpty = listing === null || inOrder(listing).length === 0;
  const text = listing === null ? 'Rules have not been evaluated yet.' : EMPTY[tab];
  return (
    <PanelFrame title="Alerts" headless state={isEmpty ? { kind: 'empty', text } : { kind: 'ready' }}>
      {listing !== null && !isEmpty && (
        <>
          {tab === 'open' && listing.groups.length === 0 && (
            <p className="mb-6 text-prose text-ink-2">No alert is open.</p>
          )}
          {listing.groups.map((group) => (
            <Group
              key={group.key}
              title={group.title}
              heading={<GroupHeading title={group.title} deploy={group.deploy} nowMs={rows.nowMs} />}
            >
              <Rows alerts={group.rows} {...rows} />
            </Group>
          ))}
          {listing.resolved.length > 0 && (
            <Group title="Resolved in 24 h" heading={<GroupWords title="Resolved in 24 h" />}>
              <Rows alerts={listing.resolved} {...rows} />
              {listing.unlisted > 0 && (
                <p className="border-t border-line py-2.25">{moreResolved(listing.unlisted)}</p>
              )}
            </Group>
          )}
        </>
      )}
    </PanelFrame>
  );
}

function Group({
  title,
  heading,
  children,
}: Readonly<{ title: string; heading: ReactNode; children: ReactNode }>) {
  return (
    <section aria-label={`Alerts: ${title}`} className="mb-6">
      <h3 className="flex flex-wrap gap-x-2 border-b border-line pb-2">{heading}</h3>
      {children}
    </section>
  );
}

/** A deploy with its time and what has passed since; else that nothing ties them to one. */
function GroupHeading({
  title,
  deploy,
  nowMs,
}: Readonly<Pick<AlertGroupRows, 'title' | 'deploy'> & { nowMs: number }>) {
  const { zone } = useChartPage();
  if (deploy === null) return <GroupWords title={title} note="not tied to a deploy" />;
  const { href, atMs } = deploy;
  const since = atMs !== null && nowMs - atMs < DAY_MS ? `, ${formatSinceOrigin(nowMs, atMs)}` : '';
  const note = atMs === null ? null : `${timeText(atMs, nowMs, zone)}${since}`;
  return <GroupWords title={title} note={note} href={href} />;
}

function GroupWords({
  title,
  note = null,
  href = null,
}: Readonly<{ title: string; note?: string | null; href?: string | null }>) {
  return (
    <>
      <span className="min-w-0 font-semibold break-words">
        {href === null ? (
          title
        ) : (
          <a href={href} className="hover:underline">
            {title}
          </a>
        )}
      </span>
      {note !== null && <span className="font-normal text-ink-3">{note}</span>}
    </>
  );
}

function Rows({ alerts, openingOf, ...row }: Readonly<RowsProps & { alerts: readonly AlertRow[] }>) {
  return (
    <ul>
      {alerts.map((alert) => (
        <ListedAlertRow
          key={alert.id}
          {...row}
          alert={alert}
          spark={alert.spark}
          opening={openingOf(alert.id)}
        />
      ))}
    </ul>
  );
}
