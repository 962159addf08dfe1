'use client';

import { type AlertTests, useAlertTest } from '@/lib/client/use-alert-test.ts';
import type { ReceiverView } from '@/lib/core/model/receiver.ts';
import { AlertReceivers } from '../panels/alert-receivers.tsx';

/** Whom alerts are told, with a test of each, in the browser. */
export function AlertsReceivers({
  actions,
  receivers,
}: Readonly<{ actions: AlertTests; receivers: readonly ReceiverView[] }>) {
  const { tests, testing, test } = useAlertTest(actions);
  return (
    <AlertReceivers
      receivers={receivers}
      settingsHref="/settings"
      testing={testing}
      tests={tests}
      onTest={test}
    />
  );
}
