'use client';

import type { ReactNode } from 'react';
import type { DeploysAddress } from '@/lib/client/deploys-address.ts';
import { deploysSentence } from '@/lib/core/deploys/sentences.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import { MARK_KINDS, type MarkKind } from '@/lib/core/model/view.ts';
import type { DeploysView } from '@/lib/server/queries/deploys.ts';
import { PageBody } from '../layout/app-frame.tsx';
import { PageHeader } from '../layout/page-header.tsx';
import { ScopeSelect } from '../layout/scope-select.tsx';
import { DemoBanner } from '../panels/demo-banner.tsx';
import { DeployList } from '../panels/deploy-list.tsx';
import { DEPLOY_KIND_WORDS } from '../panels/deploy-words.ts';
import { DeploysEmpty } from '../panels/deploys-empty.tsx';
import { Sentence } from '../panels/sentence.tsx';
import { buttonLook } from '../ui/button.tsx';
import { Segmented, segmentLook } from '../ui/segmented.tsx';

interface DeploysScreenProps {
  view: DeploysView;
  address: DeploysAddress;
  remarks: readonly string[];
  notice: ReactNode;
  isBusy: boolean;
  /** Address of this server, for the command to copy. */
  base: string;
  newHref: string;
  hrefOf: (kind: MarkKind | null) => string;
  onKind: (kind: MarkKind | null) => void;
  onScope: (scope: Scope) => void;
  onCopy: (text: string) => void;
}

/** The list of deploys as markup: did it do what we said? */
export function DeploysScreen(props: Readonly<DeploysScreenProps>) {
  const { view, address, remarks, newHref } = props;
  const { deploys, all, asOfMs } = view;
  return (
    <>
      <PageHeader
        left={
          <>
            <ScopeSelect scope={view.scope} scopes={view.scopes} onChoose={props.onScope} />
            <span className="px-1 whitespace-nowrap text-ink-3">
              {all} {all === 1 ? 'deploy' : 'deploys'}
            </span>
          </>
        }
        right={
          <a href={newHref} className={buttonLook({})}>
            New deploy
          </a>
        }
      />
      <PageBody isBusy={props.isBusy}>
        {view.demo && <DemoBanner />}
        {props.notice}
        {remarks.map((remark) => (
          <p key={remark} className="mb-3 break-words text-ink-2">
            {remark}
          </p>
        ))}
        <p className="mb-2.5 flex min-h-9 flex-wrap items-center gap-x-2 text-ink-3 tablet:min-h-8">
          <span className="font-semibold text-ink">Deploys</span>
          <span>What was changed, and did it do what we said?</span>
        </p>
        <Sentence sentence={deploysSentence(deploys, all)} />
        {all === 0 ? (
          <DeploysEmpty base={props.base} newHref={newHref} onCopy={props.onCopy} />
        ) : (
          <section aria-label="Deploys" className="mt-7 border-t border-line pt-4">
            <div className="scroll-quiet mb-2 -mx-1 overflow-x-auto px-1 py-1">
              <Segmented label="Kind of deploy">
                {[null, ...MARK_KINDS].map((kind) => (
                  <a
                    key={kind ?? 'all'}
                    href={props.hrefOf(kind)}
                    aria-current={kind === address.kind ? 'true' : undefined}
                    className={`${segmentLook(kind === address.kind)} whitespace-nowrap`}
                    onClick={(event) => {
                      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                      event.preventDefault();
                      props.onKind(kind);
                    }}
                  >
                    {kind === null ? 'All' : DEPLOY_KIND_WORDS[kind]}
                  </a>
                ))}
              </Segmented>
            </div>
            {deploys.length === 0 ? (
              <p className="py-3 text-prose text-ink-2">
                {address.kind === null
                  ? 'No deploy is known yet.'
                  : `None of the ${all} deploys is of the kind ${DEPLOY_KIND_WORDS[address.kind].toLowerCase()}.`}
              </p>
            ) : (
              <DeployList deploys={deploys} asOfMs={asOfMs} />
            )}
          </section>
        )}
      </PageBody>
    </>
  );
}
