'use client';

import type { HeartbeatView, NoticeTopic, ReceiverKind, ReceiverView } from '@/lib/core/model/receiver.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { Button } from '../ui/button.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { Status } from '../ui/status.tsx';
import type { StateWords } from './words.ts';

const KIND_WORDS: Record<ReceiverKind, string> = {
  slack: 'Slack',
  discord: 'Discord',
  webhook: 'signed webhook',
  pagerduty: 'PagerDuty',
  email: 'email',
};

const TOPIC_WORDS: Record<NoticeTopic, string> = {
  alerts: 'alerts',
  verdicts: 'verdicts',
  reminders: 'reminders',
};

const SHOWN_GIVEN_UP = 3;

export interface ReceiversPanelProps {
  /** In the order of the config. */
  receivers: readonly ReceiverView[];
  /** Null where nobody listens for it. */
  heartbeat: HeartbeatView | null;
  demo: boolean;
  zone?: Zone;
  /** Name of the receiver that is being tested; null for none. */
  testing: string | null;
  /** The latest answer of each, by name. */
  tests: Readonly<Record<string, { ok: boolean; text: string }>>;
  onTest: (name: string) => void;
}

/** Whom others are told by: whether it arrives, what waits, what was given up, and a test that really sends something. */
export function ReceiversPanel(props: Readonly<ReceiversPanelProps>) {
  const { receivers, heartbeat, demo } = props;
  return (
    <PanelFrame
      title="Receivers"
      question="Who is told, and does it arrive?"
      state={
        receivers.length > 0 || heartbeat !== null
          ? { kind: 'ready' }
          : {
              kind: 'empty',
              text: 'Nobody is told of alerts, verdicts or what is due.',
              fix: demo ? 'The demo tells nobody.' : 'Write receivers under notify in afterwatch.yml.',
            }
      }
    >
      <ul>
        {receivers.map((receiver) => (
          <ReceiverRow key={receiver.name} receiver={receiver} {...props} />
        ))}
        {heartbeat !== null && <HeartbeatRow heartbeat={heartbeat} zone={props.zone ?? 'UTC'} />}
      </ul>
    </PanelFrame>
  );
}

function ReceiverRow({
  receiver,
  testing,
  tests,
  onTest,
  zone = 'UTC',
}: Readonly<{ receiver: ReceiverView } & ReceiversPanelProps>) {
  const { name, kind, address, topics, givenUp } = receiver;
  const test = tests[name];
  return (
    <li className="border-line py-3 not-first:border-t">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="w-32 max-tablet:w-auto">
          <Status {...standingOf(receiver)} />
        </span>
        <h3 className="min-w-0 grow break-words">
          <span className="font-medium">{name}</span>
          <span className="text-ink-3">
            {' '}
            {KIND_WORDS[kind]} <span className="font-mono text-mono break-all">{address}</span> ·{' '}
            {topics.map((topic) => TOPIC_WORDS[topic]).join(', ')}
          </span>
        </h3>
        <Button
          size="small"
          aria-label={`Send a test to ${name}`}
          disabled={testing !== null}
          onClick={() => onTest(name)}
        >
          {testing === name ? 'Sending…' : 'Send a test'}
        </Button>
      </div>
      <div className="min-w-0 tablet:pl-36">
        <p className="text-ink-2">{deliveredText(receiver, zone)}</p>
        {receiver.lastError !== null && (
          <p className="break-words text-ink-2">
            <span className="text-ink-3">Last try failed: </span>
            {receiver.lastError}
          </p>
        )}
        {givenUp
          .slice(-SHOWN_GIVEN_UP)
          .reverse()
          .map(({ about, atMs, why }) => (
            <p key={`${atMs} ${about}`} className="break-words text-label text-ink-3">
              Given up {formatStamp(atMs, 'minutes', zone)}: {about} ({why})
            </p>
          ))}
        <p role="status" className="break-words text-ink-2">
          {test !== undefined &&
            testing !== name &&
            `${test.ok ? 'Test arrived' : 'Test not sent'}: ${test.text}`}
        </p>
      </div>
    </li>
  );
}

function HeartbeatRow({ heartbeat, zone }: Readonly<{ heartbeat: HeartbeatView; zone: Zone }>) {
  const { address, everyMs, lastOkMs, lastError } = heartbeat;
  return (
    <li className="border-line py-3 not-first:border-t">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="w-32 max-tablet:w-auto">
          <Status {...heartbeatStanding(heartbeat)} />
        </span>
        <h3 className="min-w-0 grow break-words">
          <span className="font-medium">Heartbeat</span>
          <span className="text-ink-3">
            {' '}
            to <span className="font-mono text-mono break-all">{address}</span> every{' '}
            {formatDuration(everyMs)},{' '}
            {lastOkMs === null ? 'none sent yet' : `last sent ${formatStamp(lastOkMs, 'minutes', zone)}`}
          </span>
        </h3>
      </div>
      {lastError !== null && <p className="break-words text-ink-2 tablet:pl-36">{lastError}</p>}
    </li>
  );
}

function standingOf({ lastError, waiting, lastDeliveredMs }: ReceiverView): StateWords {
  if (lastError !== null) return { glyph: 'bad_outline', word: 'Failing' };
  if (waiting > 0) return { glyph: 'pending', word: 'Waiting' };
  return lastDeliveredMs === null
    ? { glyph: 'idle', word: 'Not used yet' }
    : { glyph: 'good', word: 'Delivers' };
}

function heartbeatStanding({ lastOkMs, lastError }: HeartbeatView): StateWords {
  if (lastError !== null) return { glyph: 'bad_outline', word: 'Failing' };
  return lastOkMs === null ? { glyph: 'starting', word: 'Starting' } : { glyph: 'good', word: 'Beats' };
}

function deliveredText(
  { delivered, lastDeliveredMs, waiting, oldestMs, nextTryMs }: ReceiverView,
  zone: Zone,
): string {
  const stamp = (atMs: number | null) => formatStamp(atMs, 'minutes', zone);
  const parts = [
    lastDeliveredMs === null
      ? 'Nothing delivered yet'
      : `${delivered.toLocaleString('en-US')} delivered, last ${stamp(lastDeliveredMs)}`,
    ...(waiting === 0 ? [] : [`${waiting.toLocaleString('en-US')} waiting since ${stamp(oldestMs)}`]),
    ...(waiting === 0 || nextTryMs === null ? [] : [`next try ${stamp(nextTryMs)}`]),
  ];
  return parts.join('; ');
}
