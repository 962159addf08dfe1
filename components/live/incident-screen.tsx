'use client';

import type { ReactNode } from 'react';
import type { Hypothesis, IncidentAction, IncidentStatus, IncidentView } from '@/lib/core/model/incident.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { PageBody } from '../layout/app-frame.tsx';
import { PageHeader } from '../layout/page-header.tsx';
import { Section, TwoPanels } from '../layout/section.tsx';
import { DemoBanner } from '../panels/demo-banner.tsx';
import { ActionList } from '../panels/incident-actions.tsx';
import { IncidentCharts } from '../panels/incident-charts.tsx';
import { IncidentClaims } from '../panels/incident-claims.tsx';
import { IncidentFoot } from '../panels/incident-foot.tsx';
import { HypothesisList } from '../panels/incident-hypotheses.tsx';
import { IncidentImpact } from '../panels/incident-impact.tsx';
import { IncidentNoteForm } from '../panels/incident-note-form.tsx';
import { IncidentLadder } from '../panels/incident-status.tsx';
import { IncidentTimeline } from '../panels/incident-timeline.tsx';
import { STATUS_WORDS, spanText } from '../panels/incident-words.ts';
import { Sentence } from '../panels/sentence.tsx';
import { Button } from '../ui/button.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { Status } from '../ui/status.tsx';

/** What a person may do on the page of an incident. */
export interface IncidentPageActs {
  isBusy: boolean;
  /** Who does it; null while this browser knows no name. */
  name: string | null;
  onStatus: (status: IncidentStatus) => void;
  onEdit: () => void;
  onMerge: () => void;
  /** Rejects where it was not written. */
  onNote: (markdown: string) => Promise<unknown>;
  onRename: () => void;
  onHypothesis: () => void;
  onJudge: (hypothesis: Hypothesis) => void;
  onAction: () => void;
  onDone: (action: IncidentAction) => void;
  onHide: (entryId: string) => void;
  onShow: (entryId: string) => void;
}

interface IncidentScreenProps {
  view: IncidentView;
  /** The browser's clock when the view came in; null before that is known. */
  receivedAtMs: number | null;
  zone: Zone;
  notice: ReactNode;
  /** Why the last thing was not done; null when it was. */
  failure: string | null;
  /** Ways to take it along: export and share. */
  tools: ReactNode;
  /** When it was printed and from where, filled in as it is printed. */
  printed: string | null;
  acts: IncidentPageActs;
}

/** The page of one incident as markup: what happened, what it did, why, and what is to be done. */
export function IncidentScreen(props: Readonly<IncidentScreenProps>) {
  const { view, receivedAtMs, zone, failure } = props;
  const { incident, asOfMs, release } = view;
  // What went into another one can be read, and nothing more.
  const acts = incident.mergedInto === null ? props.acts : null;
  return (
    <>
      <PageHeader
        left={
          <a href="/incidents" className="px-1 text-ink-2 hover:text-ink">
            Incidents
          </a>
        }
        right={<div className="flex gap-1">{props.tools}</div>}
      />
      <PageBody>
        {view.demo && (
          <div className="no-print">
            <DemoBanner />
          </div>
        )}
        {props.notice}
        {incident.mergedInto !== null && <MergedNotice intoId={incident.mergedInto} />}
        {failure !== null && (
          <p role="alert" className="no-print mb-3 break-words text-ink-2">
            Not done: {failure}
          </p>
        )}
        <p className="mb-2.5 flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 text-ink-3 tablet:min-h-8">
          <Status {...STATUS_WORDS[incident.status]} />
          <span className="break-words">
            {incident.app}, {incident.environment}
          </span>
          <span>{spanText(incident, asOfMs, zone)}</span>
        </p>
        <Sentence sentence={view.sentence} />
        {acts !== null && <Ladder view={view} acts={acts} />}
        <IncidentImpact impact={view.impact} />
        <div className="mt-7">
          <IncidentCharts
            charts={view.charts}
            entries={incident.entries}
            range={view.range}
            span={incident}
            asOfMs={asOfMs}
            receivedAtMs={receivedAtMs}
          />
        </div>
        {release !== null && view.claims.length > 0 && (
          <Section>
            <IncidentClaims release={release} claims={view.claims} href={view.deployHref} asOfMs={asOfMs} />
          </Section>
        )}
        <TwoPanels
          first={<Timeline view={view} acts={acts} />}
          second={
            <div className="flex flex-col gap-7">
              <Why view={view} acts={acts} />
              <div className="border-t border-line pt-4">
                <Actions view={view} acts={acts} />
              </div>
            </div>
          }
        />
        <IncidentFoot view={view} printed={props.printed} />
      </PageBody>
    </>
  );
}

interface PartProps {
  view: IncidentView;
  /** Null where it can only be read. */
  acts: IncidentPageActs | null;
}

function MergedNotice({ intoId }: Readonly<{ intoId: string }>) {
  return (
    <p className="mb-6 border-y border-line py-3">
      <span className="font-medium">Merged.</span>{' '}
      <span className="text-ink-2">
        It goes on in{' '}
        <a href={`/incidents/${intoId}`} className="underline underline-offset-2">
          another incident
        </a>{' '}
        and can only be read here.
      </span>
    </p>
  );
}

function Ladder({ view, acts }: Readonly<{ view: IncidentView; acts: IncidentPageActs }>) {
  return (
    <div className="no-print mt-4 flex flex-wrap items-center gap-2">
      <IncidentLadder status={view.incident.status} isBusy={acts.isBusy} onStatus={acts.onStatus} />
      <Button size="small" className="max-tablet:h-9" onClick={acts.onEdit}>
        Edit
      </Button>
      {view.others.length > 0 && (
        <Button size="small" className="max-tablet:h-9" onClick={acts.onMerge}>
          Merge
        </Button>
      )}
    </div>
  );
}

function Timeline({ view, acts }: Readonly<PartProps>) {
  const { entries } = view.incident;
  if (acts === null) return <IncidentTimeline entries={entries} />;
  const { isBusy, onHide, onShow } = acts;
  return (
    // A box of its own: a panel is as high as its place, and the form stands below it.
    <div>
      <IncidentTimeline entries={entries} acts={{ isBusy, onHide, onShow }} />
      <IncidentNoteForm isBusy={isBusy} name={acts.name} onRename={acts.onRename} onAdd={acts.onNote} />
    </div>
  );
}

function Why({ view, acts }: Readonly<PartProps>) {
  const { hypotheses } = view.incident;
  return (
    <PanelFrame
      title="Why"
      question="and what speaks for it"
      state={
        hypotheses.length === 0
          ? { kind: 'empty', text: 'Nobody has written down yet what may have caused it.' }
          : { kind: 'ready' }
      }
      aside={
        acts !== null && (
          <Button
            size="small"
            className="no-print"
            aria-label="Add a hypothesis"
            disabled={acts.isBusy}
            onClick={acts.onHypothesis}
          >
            Add
          </Button>
        )
      }
    >
      <HypothesisList
        hypotheses={hypotheses}
        {...(acts === null ? {} : { onJudge: acts.onJudge, isBusy: acts.isBusy })}
      />
    </PanelFrame>
  );
}

function Actions({ view, acts }: Readonly<PartProps>) {
  const { actions } = view.incident;
  const open = actions.filter(({ done }) => done === null).length;
  return (
    <PanelFrame
      title="Actions"
      question={actions.length === 0 ? 'What is to be done?' : `${open} of ${actions.length} open`}
      state={
        actions.length === 0
          ? { kind: 'empty', text: 'Nothing is written down that is to be done.' }
          : { kind: 'ready' }
      }
      aside={
        acts !== null && (
          <Button
            size="small"
            className="no-print"
            aria-label="Add an action"
            disabled={acts.isBusy}
            onClick={acts.onAction}
          >
            Add
          </Button>
        )
      }
    >
      <ActionList
        actions={actions}
        nowMs={view.asOfMs}
        {...(acts === null ? {} : { onDone: acts.onDone, isBusy: acts.isBusy })}
      />
    </PanelFrame>
  );
}
