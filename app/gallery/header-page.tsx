'use client';

import { useState } from 'react';
import { storySources } from '@/components/fixtures/fleet.ts';
import { STORY_NOW_MS, storyView } from '@/components/fixtures/story.ts';
import { storyWatch } from '@/components/fixtures/watch.ts';
import { FiringChip, WatchChip } from '@/components/layout/header-chips.tsx';
import { PageControls } from '@/components/layout/page-controls.tsx';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { ScopeSelect } from '@/components/layout/scope-select.tsx';
import { ThemeSwitch } from '@/components/layout/theme-switch.tsx';
import { DemoBanner } from '@/components/panels/demo-banner.tsx';
import { LiveNotice } from '@/components/panels/live-notice.tsx';
import { ModeChip } from '@/components/panels/mode-chip.tsx';
import { SourceAges } from '@/components/panels/source-ages.tsx';
import { watchChipWords } from '@/components/panels/watch-words.ts';
import { addressHref, type NowAddress } from '@/lib/client/address.ts';
import { CLAIM_STATES } from '@/lib/core/model/claim.ts';
import { REDIS_MODES } from '@/lib/core/model/redis-mode.ts';
import { HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { Flow, GalleryBody, Row } from './frame.tsx';

/** The header with all its controls, and every chip in every state. */
export function HeaderPage() {
  const [view] = useState(storyView);
  // The browser's own clock: it is shown only once that is known.
  const [fourMinutesAgoMs] = useState(() => Date.now() - 4 * MINUTE_MS);
  const [address, setAddress] = useState<NowAddress>({
    scope: view.scope,
    window: view.window,
    comparison: null,
    isLocal: false,
    scale: 'level',
    asTable: false,
    hasMarks: true,
  });
  const watch = storyWatch();
  return (
    <>
      <PageHeader
        left={
          <>
            {view.mode !== null && <ModeChip mode={view.mode} />}
            <WatchChip watch={watchChipWords(watch)} />
            <FiringChip firing={1} />
            <ScopeSelect
              scope={address.scope}
              scopes={view.scopes}
              onChoose={(scope) => setAddress({ ...address, scope })}
            />
            <SourceAges sources={view.sources} receivedAtMs={null} />
          </>
        }
        right={
          <>
            <PageControls
              address={address}
              zone="UTC"
              seen={view.range}
              asOfMs={STORY_NOW_MS}
              nowMs={() => STORY_NOW_MS}
              go={setAddress}
              hrefOf={(next) => addressHref(next, view.scopes)}
              copyLink={() => {}}
            />
            <span className="flex max-desk:hidden">
              <ThemeSwitch />
            </span>
          </>
        }
      />
      <GalleryBody
        title="The header."
        note="Mode, watch, alerts, ages, and what the reader chose about time."
      >
        <Row title="Redis mode">
          <Flow>
            {REDIS_MODES.map((mode) => (
              <ModeChip
                key={mode}
                mode={{
                  mode,
                  quality: 'measured',
                  evidence: 'the machines',
                  sinceMs: STORY_NOW_MS - HOUR_MS,
                }}
              />
            ))}
            <ModeChip
              mode={{ mode: 'active', quality: 'inferred', evidence: 'commands arrive', sinceMs: null }}
            />
          </Flow>
        </Row>
        <Row title="Watch">
          <Flow>
            {CLAIM_STATES.map((state) => (
              <WatchChip
                key={state}
                watch={watchChipWords({
                  ...watch,
                  state,
                  reason: state === 'cant_tell' ? 'machines_not_converged' : null,
                })}
              />
            ))}
            <WatchChip watch={watchChipWords({ ...watch, state: 'met', provisional: true })} />
            <WatchChip watch={watchChipWords({ ...watch, state: 'met', nowMs: watch.endMs + HOUR_MS })} />
          </Flow>
        </Row>
        <Row title="Alerts">
          <Flow>
            {[0, 1, 12].map((firing) => (
              <FiringChip key={firing} firing={firing} />
            ))}
          </Flow>
        </Row>
        <Row title="Ages" note="from 1361 px on">
          <div className="flex flex-col gap-2">
            <SourceAges sources={storySources()} receivedAtMs={null} />
            <SourceAges
              sources={storySources().map((source) => ({ ...source, ageMs: null }))}
              receivedAtMs={null}
            />
            <SourceAges
              sources={storySources().map((source) => ({ ...source, ageMs: 7 * MINUTE_MS }))}
              receivedAtMs={null}
            />
          </div>
        </Row>
        <Row title="Notices">
          <DemoBanner />
          {(['retry', 'reload', 'sign_in'] as const).map((action) => (
            <LiveNotice
              key={action}
              failure={{ text: 'The server does not answer.', action }}
              receivedAtMs={fourMinutesAgoMs}
              onAct={() => {}}
            />
          ))}
        </Row>
      </GalleryBody>
    </>
  );
}
