'use client';

import type { ReactNode } from 'react';
import type { SourceKind } from '@/lib/core/model/target.ts';
import { settingsSentence } from '@/lib/core/sources/settings-sentence.ts';
import type { SettingsView } from '@/lib/core/sources/settings-view.ts';
import { PageBody } from '../layout/app-frame.tsx';
import { PageHeader } from '../layout/page-header.tsx';
import { Section } from '../layout/section.tsx';
import { DemoBanner } from '../panels/demo-banner.tsx';
import { ReceiversPanel, type ReceiversPanelProps } from '../panels/receivers-panel.tsx';
import { Sentence } from '../panels/sentence.tsx';
import { SettingsData } from '../panels/settings-data.tsx';
import { SettingsForm, type SettingsFormProps } from '../panels/settings-form.tsx';
import { SettingsMissing } from '../panels/settings-missing.tsx';
import { SettingsSources, type SettingsSourcesProps } from '../panels/settings-sources.tsx';

interface SettingsScreenProps {
  view: SettingsView;
  receivedAtMs: number | null;
  notice: ReactNode;
  tests: Pick<SettingsSourcesProps, 'tests' | 'isBusy' | 'onTest' | 'onPutAway'>;
  receiverTests: Pick<ReceiversPanelProps, 'testing' | 'tests' | 'onTest'>;
  form: Omit<SettingsFormProps, 'onCopy'>;
  onCopy: (text: string) => void;
  /** Opens the form for a kind. */
  onFill: (kind: SourceKind) => void;
  tokens: ReactNode;
  shares: ReactNode;
}

const PARTS = [
  ['#sources', 'Sources'],
  ['#connect', 'Connect a source'],
  ['#receivers', 'Receivers'],
  ['#tokens', 'Tokens'],
  ['#shares', 'Shares'],
  ['#data', 'Data'],
] as const;

/** The settings page as markup: what is read, how more is connected, and who else may. */
export function SettingsScreen(props: Readonly<SettingsScreenProps>) {
  const { view, receivedAtMs, onCopy } = props;
  return (
    <>
      <PageHeader
        left={
          <nav aria-label="Parts of the settings" className="flex items-center gap-4">
            {PARTS.map(([href, label]) => (
              <a key={href} href={href} className="whitespace-nowrap text-ink-2 hover:text-ink">
                {label}
              </a>
            ))}
          </nav>
        }
        right={null}
      />
      <PageBody>
        {view.demo && <DemoBanner />}
        {props.notice}
        <p className="mb-2.5 flex min-h-9 flex-wrap items-center gap-x-2 text-ink-3 tablet:min-h-8">
          <span className="font-semibold text-ink">Settings</span>
          <span>What is read, and what does watching it cost?</span>
        </p>
        <Sentence sentence={settingsSentence(view)} />
        <div id="sources" className="scroll-mt-14">
          <Section>
            <SettingsSources
              sources={view.sources}
              receivedAtMs={receivedAtMs}
              {...props.tests}
              onCopy={onCopy}
            />
          </Section>
        </div>
        {view.missing.length > 0 && (
          <Section>
            <SettingsMissing kinds={view.missing} onCopy={onCopy} onFill={props.onFill} />
          </Section>
        )}
        <div id="connect" className="scroll-mt-14">
          <Section>
            <SettingsForm {...props.form} onCopy={onCopy} />
          </Section>
        </div>
        <div id="receivers" className="scroll-mt-14">
          <Section>
            <ReceiversPanel
              receivers={view.receivers}
              heartbeat={view.heartbeat}
              demo={view.demo}
              {...props.receiverTests}
            />
          </Section>
        </div>
        <div id="tokens" className="scroll-mt-14">
          <Section>
            <h2 className="text-section">
              Tokens{' '}
              <span className="text-data font-normal text-ink-3">Which machines may send, tell or read?</span>
            </h2>
            {props.tokens}
          </Section>
        </div>
        <div id="shares" className="scroll-mt-14">
          <Section>
            <h2 className="mb-2.5 text-section">
              Shares{' '}
              <span className="text-data font-normal text-ink-3">Who may read without logging in?</span>
            </h2>
            {props.shares}
          </Section>
        </div>
        <div id="data" className="scroll-mt-14">
          <Section>
            <SettingsData data={view.data} />
          </Section>
        </div>
      </PageBody>
    </>
  );
}
