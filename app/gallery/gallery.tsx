'use client';

import { type ReactNode, useState } from 'react';
import { CrosshairContext, createCrosshairStore } from '@/components/charts/crosshair-store.ts';
import { firstMinuteView, storyView, troubledView } from '@/components/fixtures/story.ts';
import { PageBody } from '@/components/layout/app-frame.tsx';
import { NowScreen } from '@/components/live/now-screen.tsx';
import { LiveNotice } from '@/components/panels/live-notice.tsx';
import { HEALTH_WORDS, MODE_WORDS, SOURCE_WORDS, type StateWords } from '@/components/panels/words.ts';
import { Button } from '@/components/ui/button.tsx';
import { Chip, Tag } from '@/components/ui/chip.tsx';
import { GLYPHS } from '@/components/ui/glyph.tsx';
import { PanelFrame } from '@/components/ui/panel-frame.tsx';
import { Status } from '@/components/ui/status.tsx';

const VIEWS = { story: storyView, first: firstMinuteView, trouble: troubledView };

/** One page of the gallery: the Now page with a story, or the parts it is made of. */
export function Gallery({ show }: Readonly<{ show: string }>) {
  return show === 'parts' ? <Parts /> : <Screen show={show} />;
}

function Screen({ show }: Readonly<{ show: string }>) {
  const [crosshair] = useState(createCrosshairStore);
  const [isPolling, setIsPolling] = useState(false);
  const view = (show === 'first' ? VIEWS.first : show === 'trouble' ? VIEWS.trouble : VIEWS.story)();
  const [address, setAddress] = useState({ range: '6h' as const, scope: view.scope });
  return (
    <CrosshairContext value={crosshair}>
      <NowScreen
        view={view}
        address={address}
        receivedAtMs={null}
        remarks={show === 'trouble' ? ['“2x” is no time range here; shown: the last 6h.'] : []}
        onGo={({ scope }) => setAddress({ ...address, scope })}
        poll={{ run: () => setIsPolling(!isPolling), isRunning: isPolling, failure: null }}
        notice={
          show === 'trouble' && (
            <LiveNotice
              failure={{ text: 'The server does not answer.', action: 'retry' }}
              receivedAtMs={view.asOfMs}
              onAct={() => {}}
            />
          )
        }
      />
    </CrosshairContext>
  );
}

function Row({ title, children }: Readonly<{ title: string; children: ReactNode }>) {
  return (
    <section className="grid gap-4 border-t border-line py-6 tablet:grid-cols-[160px_minmax(0,1fr)]">
      <h2 className="text-section">{title}</h2>
      <div className="flex min-w-0 flex-wrap items-center gap-x-8 gap-y-3">{children}</div>
    </section>
  );
}

const statuses = (words: Record<string, StateWords>) =>
  Object.entries(words).map(([key, state]) => <Status key={key} {...state} />);

function Parts() {
  return (
    <PageBody>
      <h1 className="mb-8 text-hero">
        Components and states. <span className="block text-ink-3">Shape and word first, colour last.</span>
      </h1>
      <Row title="Redis mode">{statuses(MODE_WORDS)}</Row>
      <Row title="Source">{statuses(SOURCE_WORDS)}</Row>
      <Row title="Health">{statuses(HEALTH_WORDS)}</Row>
      <Row title="All glyphs">
        {GLYPHS.map((glyph) => (
          <Status key={glyph} glyph={glyph} word={glyph.replace('_', ' ')} />
        ))}
      </Row>
      <Row title="Chips and tags">
        <Chip>
          <Status glyph="half" word="Mixed" detail="since 22:12Z" />
        </Chip>
        <Tag>inferred</Tag>
        <Tag>measured</Tag>
      </Row>
      <Row title="Buttons">
        <Button look="primary">Open Now</Button>
        <Button>Poll now</Button>
        <Button disabled>Polling…</Button>
        <Button look="ghost">Compare</Button>
        <Button size="small">Try again</Button>
      </Row>
      <Row title="Panel states">
        <div className="grid w-full gap-8 duo:grid-cols-2">
          <PanelFrame title="Loading" question="First time only?" state={{ kind: 'loading' }} />
          <PanelFrame title="Ready" question="Is there data?" state={{ kind: 'ready' }}>
            <p className="text-prose">The content.</p>
          </PanelFrame>
          <PanelFrame title="Stale" state={{ kind: 'stale', detail: '6 m old' }}>
            <p className="text-prose">The last content.</p>
          </PanelFrame>
          <PanelFrame
            title="Error"
            state={{ kind: 'error', text: 'Postgres refused the role.', fix: 'Grant pg_monitor to it.' }}
          >
            <p className="text-prose">The last good content.</p>
          </PanelFrame>
          <PanelFrame
            title="Empty"
            state={{ kind: 'empty', text: 'No machine is watched.', fix: 'List some.' }}
          />
        </div>
      </Row>
    </PageBody>
  );
}
