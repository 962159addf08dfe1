'use client';

import type { ConsequenceView, StageView, SuspensionView } from '@/lib/core/model/suspension.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Icon } from '../ui/icon.tsx';
import { Status } from '../ui/status.tsx';
import { CopyBlock } from './settings-copy.tsx';
import { STAGE_WORDS, suspensionLine, suspensionWords, whenText } from './suspension-words.ts';
import { MODE_WORDS } from './words.ts';

interface SuspensionPanelProps {
  /** Null where Redis is simply in use, or nothing tells: then there is nothing to see. */
  suspension: SuspensionView | null;
  nowMs: number;
  /** The zone of the page's charts unless it is given. */
  zone?: Zone | undefined;
  /** Puts a command where it can be pasted; absent where nothing can be copied. */
  onCopy?: ((text: string) => void) | undefined;
  /** The banner was opened or closed: where ticks bring its line alone, the rest is to be asked for. */
  onToggle?: ((isOpen: boolean) => void) | undefined;
}

/** Details that are older say so. */
const OLD_MS = 60_000;

/** Redis out of use, in one line; opened, what that means in numbers, and the way back. */
export function SuspensionPanel({
  suspension,
  nowMs,
  zone,
  onCopy,
  onToggle,
}: Readonly<SuspensionPanelProps>) {
  const page = useChartPage();
  if (suspension === null) return null;
  const when = { nowMs, zone: zone ?? page.zone };
  const { consequences, stages, next, detailsAtMs = nowMs } = suspension;
  return (
    <section aria-label="Redis out of use" className="mb-5 border-y border-line">
      <details className="group" onToggle={(event) => onToggle?.(event.currentTarget.open)}>
        <summary className="flex min-h-11 cursor-pointer list-none items-center gap-x-3 py-2 tablet:min-h-9 [&::-webkit-details-marker]:hidden">
          <Status {...suspensionWords(suspension)} />
          <span className="min-w-0 grow truncate text-ink-2 group-open:whitespace-normal">
            {suspensionLine(suspension, when)}
          </span>
          <span className="shrink-0 text-ink-3 group-open:rotate-180">
            <Icon name="chevron" size={14} />
          </span>
        </summary>
        <div className="grid grid-cols-1 gap-x-12 gap-y-5 pt-1.5 pb-4 duo:grid-cols-2">
          <div className="min-w-0">
            <ReadFrom suspension={suspension} when={when} />
            {nowMs - detailsAtMs > OLD_MS && (
              <p className="mb-2 text-ink-2">What follows is as of {whenText(detailsAtMs, when)}.</p>
            )}
            {consequences.length > 0 && <Consequences consequences={consequences} />}
          </div>
          <div className="min-w-0">
            {stages.length > 0 && <Stages stages={stages} when={when} />}
            {next !== null && <Next next={next} onCopy={onCopy} />}
          </div>
        </div>
      </details>
    </section>
  );
}

type When = Parameters<typeof whenText>[1];

function ReadFrom({ suspension, when }: Readonly<{ suspension: SuspensionView; when: When }>) {
  const { by, quality, evidence, machines } = suspension;
  return (
    <div className="mb-4">
      <p className="break-words text-ink-2">
        <span className="text-ink-3">Read from: </span>
        {evidence}
        {quality === 'inferred' && <span className="text-ink-3"> (inferred)</span>}
        {by !== null && (
          <>
            {' · '}
            <a href={by.href} className="underline underline-offset-2">
              {by.release}
            </a>
          </>
        )}
      </p>
      {machines.length > 0 && (
        <ul aria-label="Machines" className="mt-1.5 flex flex-wrap gap-x-5 gap-y-1">
          {machines.map(({ name, mode, sinceMs }) => (
            <li key={name} className="flex flex-wrap items-center gap-x-2">
              <span className="font-mono text-mono break-all">{name}</span>
              <Status
                glyph={MODE_WORDS[mode].glyph}
                word={MODE_WORDS[mode].word}
                detail={sinceMs === null ? undefined : `since ${whenText(sinceMs, when)}`}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Consequences({ consequences }: Readonly<{ consequences: readonly ConsequenceView[] }>) {
  return (
    <>
      <h2 className="text-section">What follows from it</h2>
      <dl>
        {consequences.map(({ id, what, text, quality, why }) => (
          <div
            key={id}
            className="grid grid-cols-[104px_minmax(0,1fr)] gap-x-3 border-line py-2 not-first:border-t"
          >
            <dt className="text-ink-3">{what}</dt>
            <dd className="min-w-0 break-words">
              <span className={quality === 'unavailable' ? 'text-ink-3' : 'text-ink'}>{text}</span>
              {quality === 'inferred' && <span className="text-ink-3"> (inferred)</span>}
              <span className="block text-label text-ink-3">{why}</span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Stages({ stages, when }: Readonly<{ stages: readonly StageView[]; when: When }>) {
  return (
    <div className="mb-4">
      <h2 className="text-section">The way back</h2>
      <ol>
        {stages.map((stage) => (
          <li
            key={stage.id}
            className="grid grid-cols-[104px_minmax(0,1fr)] gap-x-3 border-line py-2 not-first:border-t"
          >
            <Status {...STAGE_WORDS[stage.state]} />
            <div className="min-w-0 break-words">
              <p className="font-medium">{stage.title}</p>
              <p className="text-ink-2">{stage.evidence}</p>
              {stage.startedMs !== null && stage.dueMs !== null && (
                <p className="text-label text-ink-3">
                  {`began ${whenText(stage.startedMs, when)}, due ${whenText(stage.dueMs, when)}`}
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Next({
  next,
  onCopy,
}: Readonly<{
  next: NonNullable<SuspensionView['next']>;
  onCopy: ((text: string) => void) | undefined;
}>) {
  const { text, command } = next;
  return (
    <>
      <h2 className="text-section">Next step</h2>
      <p className="mt-1 break-words text-ink-2">{text}</p>
      {command !== null && onCopy !== undefined && (
        <CopyBlock text={command} label="the command" onCopy={onCopy} />
      )}
      {command !== null && onCopy === undefined && (
        <pre className="mt-1.5 rounded-control bg-sunken px-2.5 py-1.5 font-mono text-mono break-words whitespace-pre-wrap">
          {command}
        </pre>
      )}
    </>
  );
}
