'use client';

import type { ReactNode } from 'react';
import { type NowAddress, nowHref } from '@/lib/client/now-address.ts';
import type { NowView } from '@/lib/core/model/view.ts';
import { PageBody } from '../layout/app-frame.tsx';
import { PageHeader } from '../layout/page-header.tsx';
import { RangeBar } from '../layout/range-bar.tsx';
import { ScopeSelect } from '../layout/scope-select.tsx';
import { ThemeSwitch } from '../layout/theme-switch.tsx';
import { DemoBanner } from '../panels/demo-banner.tsx';
import type { LiveFailure } from '../panels/live-notice.tsx';
import { ModeChip } from '../panels/mode-chip.tsx';
import { Sentence } from '../panels/sentence.tsx';
import { SourceAges } from '../panels/source-ages.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { NowPanels } from './now-panels.tsx';

interface NowScreenProps {
  view: NowView;
  address: NowAddress;
  /** The browser's clock when the view came in; null before that is known. */
  receivedAtMs: number | null;
  /** True while data of another address stand in. */
  isBusy?: boolean;
  /** What of the address could not be shown as asked. */
  remarks?: readonly string[];
  notice?: ReactNode;
  onGo: (address: NowAddress) => void;
  poll: { run: () => void; isRunning: boolean; failure: LiveFailure | null };
}

/** The Now page as markup: is anything wrong, and what do the sources say right now? */
export function NowScreen({
  view,
  address,
  receivedAtMs,
  isBusy = false,
  remarks = [],
  notice,
  onGo,
  poll,
}: Readonly<NowScreenProps>) {
  const { sources, scopes } = view;
  return (
    <>
      <PageHeader
        left={
          <>
            {view.mode !== null && <ModeChip mode={view.mode} />}
            <ScopeSelect
              scope={address.scope}
              scopes={scopes}
              onChoose={(scope) => onGo({ ...address, scope })}
            />
            <SourceAges sources={sources} receivedAtMs={receivedAtMs} />
          </>
        }
        right={
          <>
            <RangeBar
              chosen={address.range}
              hrefOf={(range) => nowHref({ ...address, range }, scopes)}
              onChoose={(range) => onGo({ ...address, range })}
            />
            <span title="All times are UTC" className="px-1.5 text-label text-ink-3 max-desk:hidden">
              UTC
            </span>
            <ThemeSwitch />
            <Button size="small" disabled={poll.isRunning} onClick={poll.run}>
              <Icon name="again" size={14} />
              {poll.isRunning ? 'Polling…' : 'Poll now'}
            </Button>
          </>
        }
      />
      <PageBody isBusy={isBusy}>
        {view.demo && <DemoBanner />}
        {notice}
        {[...remarks, ...(poll.failure === null ? [] : [`Poll now: ${poll.failure.text}`])].map((remark) => (
          <p key={remark} className="mb-3 text-ink-2">
            {remark}
          </p>
        ))}
        <p className="mb-3.5 flex flex-wrap items-baseline gap-x-2 text-ink-3">
          <span className="font-semibold text-ink">Now</span>
          <span>Is anything wrong?</span>
        </p>
        <Sentence sentence={view.sentence} />
        <NowPanels view={view} receivedAtMs={receivedAtMs} />
      </PageBody>
    </>
  );
}
