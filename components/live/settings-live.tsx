'use client';

import { type ReactNode, useMemo, useState } from 'react';
import { copyText } from '@/lib/client/copy-text.ts';
import { settingsActions } from '@/lib/client/settings-actions.ts';
import { useAlertTest } from '@/lib/client/use-alert-test.ts';
import {
  type SettingsActions,
  useCheckedSource,
  useSettings,
  useSourceTests,
} from '@/lib/client/use-settings.ts';
import { SOURCE_KINDS, type SourceKind } from '@/lib/core/model/target.ts';
import { SOURCE_SPECS } from '@/lib/core/sources/index.ts';
import type { SettingsView } from '@/lib/core/sources/settings-view.ts';
import { firstValues } from '@/lib/core/sources/write-yaml.ts';
import type { FormValues } from '@/lib/core/sources/yaml-form.ts';
import { useCommands, useCommandsContext } from '../layout/commands-context.tsx';
import { LiveNotice } from '../panels/live-notice.tsx';
import { SettingsScreen } from './settings-screen.tsx';
import { SharesLive } from './shares-live.tsx';
import { TokensLive } from './tokens-live.tsx';

interface SettingsLiveProps {
  initial: SettingsView;
  /** The kind that the form shows first. */
  initialKind: SourceKind;
  actions?: SettingsActions;
  /** The part about tokens, which has reads and writes of its own. */
  tokens?: ReactNode;
  /** The part about shared links, likewise. */
  shares?: ReactNode;
}

/** The settings page in the browser: starts from what the server drew, then follows by ticks. */
export function SettingsLive({
  initial,
  initialKind,
  actions = settingsActions,
  tokens,
  shares,
}: Readonly<SettingsLiveProps>) {
  const { announce } = useCommandsContext();
  const { view, receivedAtMs, failure, retry } = useSettings(actions, initial);
  const { states, isBusy, test, putAway } = useSourceTests(actions);
  const receiverTests = useAlertTest(actions);
  const [form, setForm] = useState<{ kind: SourceKind; values: FormValues }>(() => ({
    kind: initialKind,
    values: firstValues(initialKind),
  }));
  const { checked, failure: checkFailure } = useCheckedSource(actions, form.kind, form.values);

  const copy = async (text: string): Promise<void> => {
    const copied = await copyText(text);
    announce(copied ? 'Copied' : 'This browser does not let a page copy. Select the text instead.');
  };
  const choose = (kind: SourceKind): void => {
    setForm({ kind, values: firstValues(kind) });
    window.history.replaceState(null, '', `?kind=${kind}#connect`);
  };
  const fill = (kind: SourceKind): void => {
    choose(kind);
    document.getElementById('connect')?.scrollIntoView({ block: 'start' });
    document.querySelector<HTMLElement>('#connect select')?.focus({ preventScroll: true });
  };
  useCommands(
    'settings',
    useMemo(
      () =>
        SOURCE_KINDS.map((kind) => ({
          id: `connect-${kind}`,
          title: `Connect ${SOURCE_SPECS[kind].title}`,
          group: 'Page' as const,
          keys: null,
          isAvailable: () => true,
          run: () => window.location.assign(`/settings?kind=${kind}#connect`),
        })),
      [],
    ),
  );

  return (
    <SettingsScreen
      view={view}
      receivedAtMs={receivedAtMs}
      tests={{ tests: states, isBusy, onTest: test, onPutAway: putAway }}
      receiverTests={{
        testing: receiverTests.testing,
        tests: receiverTests.tests,
        onTest: receiverTests.test,
      }}
      form={{
        ...form,
        checked,
        failure: checkFailure,
        onKind: choose,
        onChange: (key, value) =>
          setForm(({ kind, values }) => ({ kind, values: { ...values, [key]: value } })),
      }}
      onCopy={(text) => void copy(text)}
      onFill={fill}
      tokens={tokens ?? <TokensLive />}
      shares={shares ?? <SharesLive />}
      notice={
        failure && (
          <LiveNotice
            failure={failure}
            receivedAtMs={receivedAtMs}
            onAct={(action) => {
              if (action === 'retry') retry();
              else window.location.reload();
            }}
          />
        )
      }
    />
  );
}
