'use client';

import type { ReactNode } from 'react';
import type { AlertListing, AlertsTab } from '@/lib/core/alerts/alert-groups.ts';
import { isOpen } from '@/lib/core/alerts/alert-groups.ts';
import type { AlertRow, AlertsView } from '@/lib/core/alerts/alerts-view.ts';
import { countFiring } from '@/lib/core/model/alert.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { PageBody } from '../layout/app-frame.tsx';
import { FiringChip } from '../layout/header-chips.tsx';
import { PageHeader } from '../layout/page-header.tsx';
import { ScopeSelect } from '../layout/scope-select.tsx';
import type { AlertActs } from '../panels/alert-buttons.tsx';
import { AlertDetail } from '../panels/alert-detail.tsx';
import { AlertList } from '../panels/alert-list.tsx';
import type { AlertOpening } from '../panels/alert-row.tsx';
import { AlertTabs } from '../panels/alert-tabs.tsx';
import { ModeChip } from '../panels/mode-chip.tsx';
import { Sentence } from '../panels/sentence.tsx';
import { SourceAges } from '../panels/source-ages.tsx';
import { Keys } from '../ui/kbd.tsx';

interface AlertsScreenProps {
  view: AlertsView;
  tab: AlertsTab;
  /** Null before rules have been evaluated. */
  listing: AlertListing | null;
  receivedAtMs: number | null;
  zone: Zone;
  /** What could not be shown or done as asked: one sentence each. */
  remarks: readonly string[];
  notice: ReactNode;
  /** What stands above everything, such as what a mode of the app means for alerts. */
  banner?: ReactNode;
  acts: AlertActs;
  busyId: string | null;
  openingOf: (id: string) => AlertOpening;
  hrefOf: (tab: AlertsTab) => string;
  onTab: (tab: AlertsTab) => void;
  onScope: (scope: Scope) => void;
  onCopy: (text: string) => void;
  /** Opens an incident from an alert; absent where none can be opened. */
  incidentOf?: (alert: AlertRow) => ReactNode;
  /** The last parts of an alert's detail: whom it is told, and its rule over stored history. */
  below: (alert: AlertRow) => ReactNode;
  maintenance: ReactNode;
  rules: ReactNode;
}

/** The Alerts page as markup: what needs a person now? */
export function AlertsScreen(props: Readonly<AlertsScreenProps>) {
  const { view, tab, receivedAtMs, zone, remarks } = props;
  const { alerts, asOfMs } = view;
  return (
    <>
      <PageHeader
        left={
          <>
            {view.mode !== null && <ModeChip mode={view.mode} zone={zone} />}
            <FiringChip firing={alerts && countFiring(alerts, asOfMs)} />
            <ScopeSelect scope={view.scope} scopes={view.scopes} onChoose={props.onScope} />
            <SourceAges sources={view.sources} receivedAtMs={receivedAtMs} />
          </>
        }
        right={null}
      />
      <PageBody>
        {props.notice}
        {remarks.map((remark) => (
          <p key={remark} className="mb-3 break-words text-ink-2">
            {remark}
          </p>
        ))}
        {props.banner}
        <p className="mb-2.5 flex min-h-9 flex-wrap items-center gap-x-2 text-ink-3 tablet:min-h-8">
          <span className="font-semibold text-ink">Alerts</span>
          <span>What needs a person now?</span>
        </p>
        <Sentence sentence={view.sentence} />
        <div className="mt-7 border-t border-line pt-3">
          {tab === 'open' || tab === 'resolved' ? (
            <Inbox {...props} tab={tab} />
          ) : (
            <>
              <Tabs {...props} />
              <div className="mt-4 max-w-220">{tab === 'rules' ? props.rules : props.maintenance}</div>
            </>
          )}
        </div>
      </PageBody>
    </>
  );
}

/** The list, and beside it (on a phone under it) the chosen alert. */
function Inbox(props: Readonly<AlertsScreenProps & { tab: 'open' | 'resolved' }>) {
  const { view, tab, listing, receivedAtMs, acts, busyId } = props;
  const { alerts, detail, asOfMs, watchEndMs } = view;
  const chosen = alerts?.find(({ id }) => id === detail?.id);
  const isShown = chosen !== undefined && (tab === 'open' || chosen.state === 'resolved');
  return (
    <div className="grid grid-cols-1 gap-x-12 gap-y-7 duo:grid-cols-[minmax(0,1fr)_408px]">
      <div className="min-w-0 self-start">
        <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1.5">
          <Tabs {...props} />
          <KeyHints isShown={(alerts?.length ?? 0) > 0} />
        </div>
        <div className="mt-4">
          <AlertList
            tab={tab}
            listing={listing}
            nowMs={asOfMs}
            receivedAtMs={receivedAtMs}
            watchEndMs={watchEndMs}
            acts={acts}
            busyId={busyId}
            openingOf={props.openingOf}
            moreResolved={(count) => (
              <TabLink href={props.hrefOf('resolved')} onOpen={() => props.onTab('resolved')}>
                {count} more resolved in 24 h
              </TabLink>
            )}
          />
        </div>
      </div>
      {/* Focused when an alert is opened, so that reading goes on here. */}
      <div id="alert-detail" tabIndex={-1} className="min-w-0 scroll-mt-16 pt-1.5 outline-none">
        {detail !== null && isShown && (
          <AlertDetail
            alert={chosen}
            detail={detail}
            asOfMs={asOfMs}
            receivedAtMs={receivedAtMs}
            watchEndMs={watchEndMs}
            acts={acts}
            busyId={busyId}
            onCopy={props.onCopy}
            {...(props.incidentOf === undefined ? {} : { incident: props.incidentOf(chosen) })}
          >
            {props.below(chosen)}
          </AlertDetail>
        )}
      </div>
    </div>
  );
}

function Tabs({ view, tab, hrefOf, onTab }: Readonly<AlertsScreenProps>) {
  const { alerts, maintenance, rules } = view;
  const open = alerts?.filter(isOpen).length ?? null;
  const counts = {
    open,
    resolved:
      alerts === null || open === null ? null : alerts.filter(({ state }) => state === 'resolved').length,
    maintenance: maintenance.length,
    rules: rules.length,
  };
  return <AlertTabs tab={tab} counts={counts} hrefOf={hrefOf} onTab={onTab} />;
}

function TabLink({
  href,
  onOpen,
  children,
}: Readonly<{ href: string; onOpen: () => void; children: ReactNode }>) {
  return (
    <a
      href={href}
      className="text-ink-2 underline"
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        onOpen();
      }}
    >
      {children}
    </a>
  );
}

function KeyHints({ isShown }: Readonly<{ isShown: boolean }>) {
  if (!isShown) return null;
  return (
    <p
      aria-hidden="true"
      className="no-print flex shrink-0 items-center gap-x-3 text-label text-ink-3 max-desk:hidden"
    >
      <span className="inline-flex items-center gap-1.5">
        <Keys keys="j k" /> move
      </span>
      <span className="inline-flex items-center gap-1.5">
        <Keys keys="e" /> acknowledge
      </span>
      <span className="inline-flex items-center gap-1.5">
        <Keys keys="s 1" /> silence
      </span>
    </p>
  );
}
