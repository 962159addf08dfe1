'use client';

import { clsx } from 'clsx';
import { useEffect, useRef, useState } from 'react';
import {
  type AlertView,
  orderAlerts,
  SILENCE_SPANS,
  type SilenceSpan,
  silenceEndMs,
} from '@/lib/core/model/alert.ts';
import { formatClock } from '@/lib/core/units/clock.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Age } from '../ui/age.tsx';
import { Button } from '../ui/button.tsx';
import { PanelFrame, type PanelState } from '../ui/panel-frame.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Status } from '../ui/status.tsx';
import { alertWords } from './words.ts';

/** So many stand on the page; the rest is counted. */
const SHOWN = 5;

/** What a person may do to an alert; null where this reader may do nothing. */
export interface AlertActs {
  acknowledge: (id: string) => void;
  silence: (id: string, span: SilenceSpan) => void;
  wake: (id: string) => void;
}

interface AlertsPanelProps {
  alerts: readonly AlertView[];
  nowMs: number;
  /** The browser's clock when the alerts came in. */
  receivedAtMs: number | null;
  /** End of the watch that a silence may last until; null without one. */
  watchEndMs: number | null;
  acts: AlertActs | null;
  /** Id of the alert whose act is under way. */
  busyId?: string | null;
  /** What the page knows beyond the data: the first read is under way, or the last one failed. */
  state?: PanelState;
}

/** What needs a person now: at most five rows, the most urgent first. */
export function AlertsPanel(props: Readonly<AlertsPanelProps>) {
  const { alerts, nowMs, state } = props;
  const ordered = orderAlerts(alerts, nowMs);
  const hidden = ordered.length - SHOWN;
  return (
    <PanelFrame
      title="Alerts"
      question="What needs a person now?"
      headless
      state={state ?? (alerts.length > 0 ? { kind: 'ready' } : { kind: 'empty', text: 'No alert is open.' })}
      skeleton={<Skeleton rows={2} />}
    >
      <ul>
        {ordered.slice(0, SHOWN).map((alert) => (
          <AlertRow key={alert.id} alert={alert} {...props} />
        ))}
      </ul>
      {hidden > 0 && <p className="border-t border-line py-2.25 text-ink-3">and {hidden} more</p>}
    </PanelFrame>
  );
}

/** Where a row is a way to its detail. */
export interface AlertOpening {
  href: string;
  isSelected: boolean;
  onOpen: () => void;
}

/** One alert: its state, what is the case, since when, and what can be done. */
export function AlertRow({
  alert,
  nowMs,
  receivedAtMs,
  watchEndMs,
  acts,
  busyId = null,
  opening,
}: Readonly<Omit<AlertsPanelProps, 'alerts'> & { alert: AlertView; opening?: AlertOpening }>) {
  const { zone } = useChartPage();
  const [isChoosing, setIsChoosing] = useState(false);
  const { id, title, detail, sinceMs, actions } = alert;
  const isBusy = busyId === id;
  const canAct = acts !== null && actions.length > 0;
  const facts = factsOf(alert, nowMs, zone);
  return (
    <li
      aria-label={title}
      className={clsx(
        'grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1.5 border-line py-3.5 not-first:border-t tablet:gap-x-5',
        opening?.isSelected === true && '-mx-3 rounded-control bg-hover px-3',
        canAct
          ? 'tablet:grid-cols-[104px_minmax(0,1fr)_auto_auto]'
          : 'tablet:grid-cols-[104px_minmax(0,1fr)_auto]',
      )}
    >
      <Status {...alertWords(alert, nowMs)} />
      <div className="min-w-0 break-words max-tablet:order-3 max-tablet:col-span-2">
        <p className="text-prose font-medium">
          {opening === undefined ? title : <OpeningLink {...opening}>{title}</OpeningLink>}
        </p>
        <p className="text-ink-3">
          {detail !== null && <span className="text-ink-2">{detail} </span>}
          {facts.join(' · ')}
        </p>
      </div>
      <span className="whitespace-nowrap text-ink-2">
        <Age ageMs={Math.max(0, nowMs - sinceMs)} receivedAtMs={receivedAtMs} ago={false} />
      </span>
      {canAct && (
        <div className="no-print flex flex-wrap justify-end gap-1.5 tablet:min-w-42 max-tablet:order-4 max-tablet:col-span-2">
          {isChoosing ? (
            <SilenceChoice
              nowMs={nowMs}
              watchEndMs={watchEndMs}
              zone={zone}
              onChoose={(span) => {
                setIsChoosing(false);
                if (span !== null) acts.silence(id, span);
              }}
            />
          ) : (
            <>
              {actions.includes('acknowledge') && (
                <Button
                  size="small"
                  className="max-tablet:flex-1"
                  disabled={isBusy}
                  onClick={() => acts.acknowledge(id)}
                >
                  Acknowledge
                </Button>
              )}
              {actions.includes('silence') && (
                <Button
                  size="small"
                  className="max-tablet:flex-1"
                  disabled={isBusy}
                  onClick={() => setIsChoosing(true)}
                >
                  Silence
                </Button>
              )}
              {actions.includes('wake') && (
                <Button
                  size="small"
                  className="max-tablet:flex-1"
                  disabled={isBusy}
                  onClick={() => acts.wake(id)}
                >
                  Wake
                </Button>
              )}
            </>
          )}
        </div>
      )}
    </li>
  );
}

/** A real link, so that it can be copied and opened elsewhere; here it opens without a reload. */
function OpeningLink({ href, isSelected, onOpen, children }: Readonly<AlertOpening & { children: string }>) {
  return (
    <a
      href={href}
      aria-current={isSelected ? 'true' : undefined}
      className="hover:underline"
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        onOpen();
      }}
    >
      {children}
    </a>
  );
}

/** Where it was seen, since which deploy, and what holds it back. */
function factsOf(alert: AlertView, nowMs: number, zone: Zone): string[] {
  const { source, release, acknowledged, silencedUntilMs, inhibitedBy } = alert;
  const facts: (string | null)[] = [
    source,
    release === null ? null : `since ${release}`,
    inhibitedBy === null ? null : `inhibited: ${inhibitedBy}`,
    silencedUntilMs !== null && silencedUntilMs > nowMs
      ? `silenced until ${formatClock(silencedUntilMs, 'minutes', zone)}`
      : null,
    acknowledged === null
      ? null
      : `acknowledged ${acknowledged.by === null ? '' : `by ${acknowledged.by} `}at ${formatClock(acknowledged.atMs, 'minutes', zone)}`,
  ];
  return facts.filter((fact) => fact !== null);
}

const SPAN_WORDS: Record<SilenceSpan, string> = {
  hour: 'For 1 h',
  four_hours: 'For 4 h',
  watch_end: 'Until the watch ends',
};

/** For how long; focus goes to the first choice, Escape leaves it as it was. */
function SilenceChoice({
  nowMs,
  watchEndMs,
  zone,
  onChoose,
}: Readonly<{
  nowMs: number;
  watchEndMs: number | null;
  zone: Zone;
  onChoose: (span: SilenceSpan | null) => void;
}>) {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const spans = SILENCE_SPANS.flatMap((span) => {
    const endMs = silenceEndMs(span, nowMs, watchEndMs);
    return endMs === null ? [] : [{ span, endMs }];
  });
  return (
    <fieldset
      className="flex flex-wrap justify-end gap-1.5"
      onKeyDown={(event) => event.key === 'Escape' && onChoose(null)}
    >
      <legend className="sr-only">Silence for how long?</legend>
      {spans.map(({ span, endMs }, index) => (
        <Button
          key={span}
          size="small"
          {...(index === 0 ? { ref: first } : {})}
          title={`Until ${formatClock(endMs, 'minutes', zone)}`}
          onClick={() => onChoose(span)}
        >
          {SPAN_WORDS[span]}
        </Button>
      ))}
      <Button size="small" look="ghost" onClick={() => onChoose(null)}>
        Cancel
      </Button>
    </fieldset>
  );
}
