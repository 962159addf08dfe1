'use client';

import type { ReceiverKind, ReceiverView } from '@/lib/core/model/receiver.ts';
import { Button } from '../ui/button.tsx';
import { AlertSection } from './alert-section.tsx';

const KIND_WORDS: Record<ReceiverKind, string> = {
  slack: 'Slack',
  discord: 'Discord',
  webhook: 'webhook',
  pagerduty: 'PagerDuty',
  email: 'email',
};

/** What a receiver answered to a test message, in words. */
interface ReceiverTest {
  ok: boolean;
  text: string;
}

/** Whom alerts are told, each with a test that really sends something. */
export function AlertReceivers({
  receivers,
  settingsHref,
  testing,
  tests,
  onTest,
}: Readonly<{
  receivers: readonly ReceiverView[];
  settingsHref: string;
  /** Name of the receiver that is being tested; null for none. */
  testing: string | null;
  /** The latest answer of each, by name. */
  tests: Readonly<Record<string, ReceiverTest>>;
  onTest: (name: string) => void;
}>) {
  const told = receivers.filter(({ topics }) => topics.includes('alerts'));
  return (
    <AlertSection title="Who is told">
      {told.length === 0 ? (
        <p className="text-ink-2">
          Nobody: no receiver takes alerts.{' '}
          <a href={settingsHref} className="underline">
            Receivers
          </a>
        </p>
      ) : (
        <ul>
          {told.map((receiver) => (
            <li key={receiver.name} className="border-line py-1.5 not-first:border-t">
              <div className="flex items-center gap-3">
                <span className="min-w-0 grow break-words">
                  <span className="font-medium">{receiver.name}</span>{' '}
                  <span className="text-ink-3">
                    {KIND_WORDS[receiver.kind]}
                    {receiver.waiting > 0 && ` · ${receiver.waiting} waiting`}
                  </span>
                </span>
                <Button
                  size="small"
                  className="no-print"
                  aria-label={`Send a test to ${receiver.name}`}
                  disabled={testing !== null}
                  onClick={() => onTest(receiver.name)}
                >
                  Send a test
                </Button>
              </div>
              <p role="status" className="break-words text-label text-ink-2">
                {answerText(receiver, testing, tests)}
              </p>
            </li>
          ))}
        </ul>
      )}
    </AlertSection>
  );
}

function answerText(
  { name, lastError }: ReceiverView,
  testing: string | null,
  tests: Readonly<Record<string, ReceiverTest>>,
): string | null {
  if (testing === name) return 'Sending…';
  const test = tests[name];
  if (test !== undefined) return `${test.ok ? 'Arrived' : 'Not sent'}: ${test.text}`;
  return lastError === null ? null : `Last try failed: ${lastError}`;
}
