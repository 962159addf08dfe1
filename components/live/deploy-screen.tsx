'use client';

import type { ReactNode } from 'react';
import { deploySentence, worthALook } from '@/lib/core/deploys/sentences.ts';
import type { DeployLine, HeldClaim } from '@/lib/core/model/deploy.ts';
import type { SourceKind } from '@/lib/core/model/target.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import type { DeployView } from '@/lib/server/queries/deploys.ts';
import { PageBody } from '../layout/app-frame.tsx';
import { PageHeader } from '../layout/page-header.tsx';
import { Section, TwoPanels } from '../layout/section.tsx';
import { AuditList } from '../panels/audit-list.tsx';
import { DeployChecks } from '../panels/deploy-checks.tsx';
import { DeployClaims } from '../panels/deploy-claims.tsx';
import { DeployRollback } from '../panels/deploy-rollback.tsx';
import { DEPLOY_KIND_WORDS, originWords, rolledWords, sinceWords } from '../panels/deploy-words.ts';
import { Sentence } from '../panels/sentence.tsx';
import { SummaryText } from '../panels/summary-text.tsx';
import { MARK_GLYPHS } from '../panels/watch-words.ts';
import { buttonLook } from '../ui/button.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';

interface DeployScreenProps {
  view: DeployView;
  sources: readonly SourceKind[];
  notice: ReactNode;
  isBusy: boolean;
  failure: string | null;
  onSave: (claims: readonly HeldClaim[]) => Promise<unknown>;
  onConfirm: () => Promise<unknown>;
  onCopy: (text: string) => void;
}

/** The page of one deploy as markup: what it is, what it promises, what does not add up, and the way back. */
export function DeployScreen({ view, ...props }: Readonly<DeployScreenProps>) {
  const { deploy, previous, next, together, asOfMs } = view;
  const { document } = deploy;
  const audit = [...(document?.audit ?? []), ...together];
  const look = worthALook(audit).length;
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
        <p className="mb-2.5 flex min-h-9 flex-wrap items-center gap-x-2 text-ink-3 tablet:min-h-8">
          <Glyph name={MARK_GLYPHS[deploy.kind]} />
          <span className="font-semibold break-all text-ink">{deploy.release}</span>
          <span>
            {DEPLOY_KIND_WORDS[deploy.kind].toLowerCase()},{' '}
            <time dateTime={new Date(deploy.startMs).toISOString()}>
              {formatStamp(deploy.startMs, 'seconds')}
            </time>
          </span>
        </p>
        <Sentence sentence={deploySentence(deploy)} />
        <Facts view={view} asOfMs={asOfMs} />
        <Section>
          <DeployClaims
            claims={deploy.claims}
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
        {document !== null && (
          <>
            <TwoPanels
              first={
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
              }
              second={<DeployRollback steps={document.rollback} onCopy={props.onCopy} />}
            />
            <TwoPanels
              first={<DeployChecks checks={document.checks} followUps={document.followUps} />}
              second={
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
              }
            />
          </>
        )}
      </PageBody>
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

/** Facts of a deploy, each with the words for it; what is not known has no line. */
function Facts({ view: { deploy }, asOfMs }: Readonly<{ view: DeployView; asOfMs: number }>) {
  const { startMs, endMs, document, links, app, environment, title } = deploy;
  const facts = document?.deploy;
  const span = endMs === null || endMs === startMs ? null : formatDuration(endMs - startMs);
  const rows: { name: string; value: ReactNode }[] = [];
  const tell = (name: string, value: ReactNode): void => {
    rows.push({ name, value });
  };
  tell('App', `${app}, ${environment}`);
  tell('Since', sinceWords(asOfMs, startMs));
  if (title !== null) tell('Title', title);
  const rolled = rolledWords(deploy);
  if (rolled !== null || span !== null)
    tell('Rollout', [rolled, span && `over ${span}`].filter((part) => part !== null).join(', '));
  tell('Known from', originWords(deploy));
  if (facts !== undefined && facts.commits.length > 0)
    tell('Commits', <span className="font-mono text-mono break-all">{facts.commits.join(' ')}</span>);
  if (facts?.machinesAssumed != null || facts?.machinesRunning != null)
    tell(
      'Machines',
      [
        facts.machinesRunning != null ? `${facts.machinesRunning} run, says the summary` : null,
        facts.machinesAssumed != null ? `its sums count on ${facts.machinesAssumed}` : null,
      ]
        .filter((part) => part !== null)
        .join('; '),
    );
  if (facts?.nextReview != null) tell('Next review', facts.nextReviewAt ?? facts.nextReview);
  const all = [...new Set([...links, ...(facts?.links ?? [])])].filter((link) => /^https?:\/\//.test(link));
  if (all.length > 0)
    tell(
      'Links',
      <ul>
        {all.slice(0, 20).map((link) => (
          <li key={link}>
            <a
              href={link}
              target="_blank"
              rel="noreferrer"
              className="break-all underline underline-offset-2"
            >
              {link}
            </a>
          </li>
        ))}
      </ul>,
    );
  return (
    <dl className="mt-5 grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-1">
      {rows.map(({ name, value }) => (
        <div key={name} className="col-span-full grid grid-cols-subgrid">
          <dt className="text-ink-3">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
