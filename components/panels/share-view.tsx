'use client';

import { type ReactNode, useContext, useMemo } from 'react';
import { countClaims } from '@/lib/core/model/claim.ts';
import type { FrozenCopy, FrozenRail } from '@/lib/core/model/share.ts';
import type { WatchView } from '@/lib/core/model/watch.ts';
import { leftOutText } from '@/lib/core/shares/left-out-text.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { CrosshairContext } from '../charts/crosshair-store.ts';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { Status } from '../ui/status.tsx';
import { ActionList } from './incident-actions.tsx';
import { HypothesisList } from './incident-hypotheses.tsx';
import { IncidentImpact } from './incident-impact.tsx';
import { IncidentTimeline } from './incident-timeline.tsx';
import { STATUS_WORDS, spanText } from './incident-words.ts';
import { Sentence } from './sentence.tsx';
import { ShareBlock } from './share-block.tsx';
import { ShareCharts } from './share-charts.tsx';
import { ShareChecks } from './share-checks.tsx';
import { ShareClaims } from './share-claims.tsx';
import { stoodText } from './share-words.ts';
import { WatchRail } from './watch-rail.tsx';
import { claimWords } from './watch-words.ts';

interface ShareViewProps {
  copy: FrozenCopy;
  /** True in a browser that runs scripts; everything reads the same without. */
  isAlive: boolean;
  /** True before it leaves: the page behind has a timeline of its own, and links of a strip would lead there. */
  isPreview?: boolean;
}

/**
 * A frozen copy as people see it: on its page, in the preview before it leaves, and on paper. What stands here is in the
 * copy, and nothing else is asked for. Widths follow the place that it stands in.
 */
export function ShareView({ copy, isAlive, isPreview = false }: Readonly<ShareViewProps>) {
  const { zone } = useChartPage();
  const { title, lead, place, range, span, deploy, rail, impact, claims, checks, leftOut } = copy;
  return (
    <div className="@container">
      <p className="mb-2.5 flex flex-wrap items-center gap-x-3.5 gap-y-1 text-ink-3">
        <Standing standing={copy.standing} />
        <span className="wrap-anywhere">{place}</span>
        <span>{spanText(span ?? range, range.endMs, zone)}</span>
      </p>
      <div className="wrap-anywhere">
        <Sentence sentence={{ verdict: title, limit: lead }} />
      </div>
      {rail != null && <Rail rail={rail} copy={copy} />}
      <IncidentImpact impact={impact} />
      <ShareCharts copy={copy} isAlive={isAlive} hasStrip={!isPreview} />
      {claims.length > 0 && (
        <ShareBlock
          title={deploy === null ? 'What was promised' : `What ${deploy.release} promised`}
          question={stoodText(copy, zone)}
        >
          <ShareClaims claims={claims} />
        </ShareBlock>
      )}
      {checks.length > 0 && (
        <ShareBlock title="Checklist" question={lookedText(copy)}>
          <ShareChecks checks={checks} deploy={deploy} />
        </ShareBlock>
      )}
      <Story copy={copy} isAlive={isAlive} />
      <ShareBlock title="Left out of this view">
        <p className="text-ink-2">{leftOutText(leftOut)}</p>
      </ShareBlock>
    </div>
  );
}

/** What happened and why, side by side where there is room; then what is to be done. */
function Story({ copy, isAlive }: Readonly<{ copy: FrozenCopy; isAlive: boolean }>) {
  const { timeline, hypotheses, actions, frozenAtMs } = copy;
  const crosshair = useContext(CrosshairContext);
  const happened = timeline.length > 0 && (
    // Its times point at the charts, which takes scripts.
    <CrosshairContext value={isAlive ? crosshair : null}>
      <IncidentTimeline entries={timeline} isWhole />
    </CrosshairContext>
  );
  const why = hypotheses.length > 0 && (
    <PanelFrame title="Why" question="and what speaks for it" state={READY}>
      <HypothesisList hypotheses={hypotheses} />
    </PanelFrame>
  );
  return (
    <>
      {happened && why ? (
        <Columns first={happened} second={why} />
      ) : (
        (happened || why) && <Part>{happened || why}</Part>
      )}
      {actions.length > 0 && (
        <ShareBlock title="What is to be done" question={doneText(copy)}>
          <ActionList actions={actions} nowMs={frozenAtMs} />
        </ShareBlock>
      )}
    </>
  );
}

const READY = { kind: 'ready' } as const;

function Part({ children }: Readonly<{ children: ReactNode }>) {
  return (
    <div className="mt-7 border-t border-line pt-4.5 @[640px]:mt-9 print:mt-6 print:[&_section]:break-inside-auto!">
      {children}
    </div>
  );
}

function Columns({ first, second }: Readonly<{ first: ReactNode; second: ReactNode }>) {
  return (
    <Part>
      <div className="@[640px]:grid @[640px]:grid-cols-2 @[640px]:gap-x-12">
        <div className="min-w-0">{first}</div>
        <div className="relative min-w-0 border-line @max-[640px]:mt-7 @max-[640px]:border-t @max-[640px]:pt-4.5 @[640px]:before:absolute @[640px]:before:inset-y-0 @[640px]:before:-left-6 @[640px]:before:border-l @[640px]:before:border-line">
          {second}
        </div>
      </div>
    </Part>
  );
}

function Standing({ standing }: Readonly<Pick<FrozenCopy, 'standing'>>) {
  switch (standing?.kind) {
    case undefined:
      return null;
    case 'incident':
      return <Status {...STATUS_WORDS[standing.status]} />;
    case 'deploy':
      return <Status {...claimWords({ ...standing, reason: null })} />;
    default:
      return standing satisfies never;
  }
}

/** The rail of the watch as it stood; nothing on it is still to come, since nothing here moves. */
function Rail({ rail, copy }: Readonly<{ rail: FrozenRail; copy: FrozenCopy }>) {
  const { standing, claims } = copy;
  const watch = useMemo((): WatchView => {
    const { state, provisional } =
      standing?.kind === 'deploy' ? standing : { state: 'undecided' as const, provisional: false };
    return {
      ...rail,
      ...{ state, provisional, claims, reason: null, href: null },
      ...{ nextLookMs: null, decidable: null, evidence: null, assumedMachines: null },
      counts: countClaims(claims),
    };
  }, [rail, standing, claims]);
  return <WatchRail watch={watch} />;
}

function lookedText({ checks }: FrozenCopy): string {
  return `${checks.filter(({ state }) => state !== 'waiting').length} of ${checks.length} looked at`;
}

function doneText({ actions }: FrozenCopy): string {
  return `${actions.filter(({ done }) => done).length} of ${actions.length} done`;
}
