'use client';

import type { ReactNode } from 'react';
import { deploySentence, worthALook } from '@/lib/core/deploys/sentences.ts';
import { isBadState } from '@/lib/core/incidents/incident-titles.ts';
import type { DeployLine, HeldClaim } from '@/lib/core/model/deploy.ts';
import type { SourceKind } from '@/lib/core/model/target.ts';
import type { FollowUpState, WatchCheck } from '@/lib/core/model/verdict.ts';
import type { SentenceView } from '@/lib/core/model/view.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import { watchSentence } from '@/lib/core/watch/watch-sentence.ts';
import type { DeployView } from '@/lib/server/queries/deploys.ts';
import { PageBody } from '../layout/app-frame.tsx';
import { PageHeader } from '../layout/page-header.tsx';
import { Section, TwoPanels } from '../layout/section.tsx';
import { AuditList } from '../panels/audit-list.tsx';
import { DeployChanged } from '../panels/deploy-changed.tsx';
import { DeployChecks } from '../panels/deploy-checks.tsx';
import { DeployClaims } from '../panels/deploy-claims.tsx';
import { DeployRollback } from '../panels/deploy-rollback.tsx';
import { DEPLOY_KIND_WORDS } from '../panels/deploy-words.ts';
import { Sentence } from '../panels/sentence.tsx';
import { SummaryText } from '../panels/summary-text.tsx';
import { WatchVerdict } from '../panels/watch-verdict.tsx';
import { MARK_GLYPHS } from '../panels/watch-words.ts';
import { Button, buttonLook } from '../ui/button.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { DeployWatch } from './deploy-watch.tsx';
import { IncidentOpener } from './incident-open.tsx';

/** What a person may do to the watch of the deploy. */
export interface DeployWatchActs {
  isBusy: boolean;
  onMarkdown: () => void;
  onOverride: () => void;
  onWithdraw: () => void;
  onSign: (check: WatchCheck) => void;
  onUnsign: (check: WatchCheck) => void;
  onFollowUp: (followUp: FollowUpState) => void;
}

interface DeployScreenProps {
  view: DeployView;
  /** The browser's clock when the view came in; null before that is known. */
  receivedAtMs: number | null;
  sources: readonly SourceKind[];
  notice: ReactNode;
  isBusy: boolean;
  failure: string | null;
  onSave: (claims: readonly HeldClaim[]) => Promise<unknown>;
  onConfirm: () => Promise<unknown>;
  onCopy: (text: string) => void;
  /** The button that makes a link to a frozen copy. */
  share?: ReactNode;
  watchActs: DeployWatchActs;
}

/** The page of one deploy as markup: did it do what we said? Before that is watched: what it promises and whether that adds up. */
export function DeployScreen(props: Readonly<DeployScreenProps>) {
  const { view, watchActs } = props;
  const { deploy, previous, next, asOfMs, watch } = view;
  return (
    <>
      <PageHeader
        left={
          <a href="/deploys" className="px-1 text-ink-2 hover:text-ink">
            Deploys
          </a>
        }
        right={
          <nav aria-label="Beside this deploy" className="flex gap-1">
            <Beside deploy={previous} word="Previous" arrow="‹" />
            <Beside deploy={next} word="Next" arrow="›" />
          </nav>
        }
      />
      <PageBody>
        {props.notice}
        <div className="mb-2.5 flex min-h-9 flex-wrap items-center gap-x-2 gap-y-2 text-ink-3 tablet:min-h-8">
          <p className="flex min-w-0 flex-wrap items-center gap-x-2">
            <Glyph name={MARK_GLYPHS[deploy.kind]} />
            <span className="font-semibold break-all text-ink">{deploy.release}</span>
            <span>
              {DEPLOY_KIND_WORDS[deploy.kind].toLowerCase()},{' '}
              <time dateTime={new Date(deploy.startMs).toISOString()}>
                {formatStamp(deploy.startMs, 'seconds')}
              </time>
            </span>
          </p>
          {watch !== null && (
            <span className="no-print ml-auto flex gap-2">
              <Button
                size="small"
                className="max-tablet:h-9"
                disabled={watchActs.isBusy}
                onClick={watchActs.onOverride}
              >
                Override
              </Button>
              <Button
                size="small"
                className="max-tablet:h-9"
                title="Copy the verdict as Markdown"
                onClick={watchActs.onMarkdown}
              >
                Markdown
              </Button>
              {props.share}
            </span>
          )}
        </div>
        {watch === null ? (
          <>
            <Sentence sentence={deploySentence(deploy)} />
            <div className="mt-5">
              <DeployChanged deploy={deploy} asOfMs={asOfMs} />
            </div>
          </>
        ) : (
          <>
            <WatchVerdict
              detail={watch}
              sentence={isUnjudged(view) ? unjudgedSentence(deploy) : watchSentence(watch.view)}
              isBusy={watchActs.isBusy}
              onWithdraw={watchActs.onWithdraw}
            />
            {isBadState(watch.override?.state ?? watch.view.state) && (
              <div className="no-print mt-4">
                <IncidentOpener
                  scope={deploy}
                  origin={{ kind: 'verdict', ref: deploy.id, about: watchSentence(watch.view).verdict }}
                />
              </div>
            )}
            <DeployWatch
              detail={watch}
              deploy={deploy}
              forecasts={view.forecasts}
              isUnjudged={isUnjudged(view)}
              asOfMs={asOfMs}
              receivedAtMs={props.receivedAtMs}
              onCopy={props.onCopy}
              isBusy={watchActs.isBusy}
              onSign={watchActs.onSign}
              onUnsign={watchActs.onUnsign}
              onFollowUp={watchActs.onFollowUp}
            />
          </>
        )}
        <Told {...props} />
      </PageBody>
    </>
  );
}

/** True from the moment at which its watch is open until its first evaluation is done: it has claims, and none is judged. */
function isUnjudged({ deploy, watch }: DeployView): boolean {
  return watch?.view.claims.length === 0 && deploy.claims.some(({ standing }) => standing === 'confirmed');
}

function unjudgedSentence(deploy: DeployView['deploy']): SentenceView {
  return {
    verdict: deploySentence(deploy).verdict,
    limit: 'Its numbers are being looked at for the first time.',
  };
}

/** What was told of it: its claims as they can be changed, what does not add up, and the summary itself. */
function Told({ view, ...props }: Readonly<DeployScreenProps>) {
  const { deploy, together, watch } = view;
  const { document } = deploy;
  const audit = [...(document?.audit ?? []), ...together];
  const look = worthALook(audit).length;
  const auditPanel = (
    <PanelFrame
      title="Audit"
      question="Does it add up?"
      state={
        audit.length === 0
          ? { kind: 'empty', text: 'Nothing in this summary contradicts itself.' }
          : { kind: 'ready' }
      }
      aside={look > 0 && <span className="text-ink-3">{look} to look at</span>}
    >
      <AuditList findings={audit} />
    </PanelFrame>
  );
  const summaryPanel = document !== null && (
    <PanelFrame
      title="Summary"
      question="What was written?"
      state={{ kind: 'ready' }}
      aside={
        document.redactions > 0 && (
          <span className="text-ink-3">
            {document.redactions} {document.redactions === 1 ? 'secret' : 'secrets'} replaced
          </span>
        )
      }
    >
      <SummaryText text={deploy.summary} />
    </PanelFrame>
  );
  return (
    <>
      <Section>
        <DeployClaims
          // Beside the verdicts it is the place where claims are changed.
          title={watch === null ? 'Claims' : 'Promised'}
          claims={deploy.claims}
          forecasts={view.forecasts}
          sources={props.sources}
          isBusy={props.isBusy}
          failure={props.failure}
          onSave={props.onSave}
          onConfirm={props.onConfirm}
          confirmed={
            deploy.confirmed !== null && (
              <p className="mb-1 text-ink-3">
                Confirmed {formatStamp(deploy.confirmed.atMs)}
                {deploy.confirmed.by !== null && ` by ${deploy.confirmed.by}`}.
              </p>
            )
          }
        />
      </Section>
      {document !== null && watch === null && (
        <>
          <TwoPanels
            first={auditPanel}
            second={<DeployRollback steps={document.rollback} onCopy={props.onCopy} />}
          />
          <TwoPanels
            first={<DeployChecks checks={document.checks} followUps={document.followUps} />}
            second={summaryPanel}
          />
        </>
      )}
      {document !== null && watch !== null && <TwoPanels first={auditPanel} second={summaryPanel} />}
    </>
  );
}

function Beside({
  deploy,
  word,
  arrow,
}: Readonly<{ deploy: DeployLine | null; word: string; arrow: string }>) {
  if (deploy === null) return null;
  return (
    <a
      href={`/deploys/${deploy.id}`}
      aria-label={`${word} deploy: ${deploy.release}`}
      className={buttonLook({ look: 'ghost', size: 'small' })}
    >
      {word === 'Previous' && <span aria-hidden="true">{arrow}</span>}
      <span className="max-w-28 truncate">{deploy.release}</span>
      {word === 'Next' && <span aria-hidden="true">{arrow}</span>}
    </a>
  );
}
