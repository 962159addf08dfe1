'use client';

import { DEMO_FAULTS, type DemoFaultId, type RunningFault } from '@/lib/core/model/demo-fault.ts';
import { Button } from '../ui/button.tsx';
import { Status } from '../ui/status.tsx';
import { useClock } from '../ui/use-clock.ts';

interface FaultPanelProps {
  running: readonly RunningFault[];
  /** The browser's clock when `running` came in. */
  receivedAtMs: number;
  /** The fault whose start or end is under way; null for none. */
  busyId: DemoFaultId | null;
  /** Why the last order did not go through; null when it did. */
  failure: string | null;
  onSet: (id: DemoFaultId, on: boolean) => void;
}

/** Breaks the demo: each fault is real to the collectors, and ends by itself. */
export function FaultPanel({ running, receivedAtMs, busyId, failure, onSet }: Readonly<FaultPanelProps>) {
  const passedMs = Math.max(0, (useClock() ?? receivedAtMs) - receivedAtMs);
  const leftOf = (id: DemoFaultId): number =>
    (running.find((one) => one.id === id)?.endsInMs ?? 0) - passedMs;
  const count = DEMO_FAULTS.filter(({ id }) => leftOf(id) > 0).length;
  return (
    <section
      aria-labelledby="fault-panel-title"
      className="mb-6 rounded-box border border-line-strong bg-surface"
    >
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
        <h2 id="fault-panel-title" className="text-data font-semibold">
          Break something
        </h2>
        <p className="text-ink-3">Each fault is real to the collectors and ends by itself.</p>
        <span className="ml-auto min-h-5" aria-live="polite">
          {count > 0 && <Status glyph="pending" word={`${count} running`} />}
        </span>
      </header>
      {failure !== null && (
        <p role="alert" className="border-t border-line px-4 py-2 text-ink-2">
          {failure}
        </p>
      )}
      <ul className="grid border-t border-line tablet:grid-cols-2">
        {DEMO_FAULTS.map(({ id, name, effect }, i) => {
          const leftMs = leftOf(id);
          const isRunning = leftMs > 0;
          return (
            <li
              key={id}
              data-fault={id}
              className={`flex min-h-11 items-center gap-x-2 px-4 py-1.5 ${i === 0 ? '' : 'border-t border-line'} ${i === 1 ? 'tablet:border-t-0' : ''} ${i % 2 === 1 ? 'tablet:border-l' : ''}`}
            >
              <span className="min-w-0">
                <span className="font-medium">{name}</span> <span className="text-ink-3">{effect}</span>
              </span>
              {isRunning && <span className="ml-auto shrink-0 text-ink-2">{leftWords(leftMs)} left</span>}
              <Button
                size="small"
                className={isRunning ? '' : 'ml-auto'}
                aria-label={`${isRunning ? 'Stop' : 'Start'}: ${name}`}
                disabled={busyId === id}
                onClick={() => onSet(id, !isRunning)}
              >
                {isRunning ? 'Stop' : 'Start'}
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** `3 min`, under a minute `40 s`. */
function leftWords(leftMs: number): string {
  return leftMs >= 60_000 ? `${Math.ceil(leftMs / 60_000)} min` : `${Math.ceil(leftMs / 1_000)} s`;
}
