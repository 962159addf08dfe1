'use client';

import { clsx } from 'clsx';
import type { FleetMachine, FleetSkew } from '@/lib/core/settings/fleet-skew.ts';
import { NO_DATA } from '@/lib/core/units/decimal.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { Value } from '../ui/figure.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { Status } from '../ui/status.tsx';
import { STANDING_WORDS } from './config-words.ts';

const SHOWN = 12;
const CELL =
  'py-2.25 pr-4 last:pr-0 @max-[640px]:flex @max-[640px]:justify-between @max-[640px]:gap-4 @max-[640px]:py-0.5 @max-[640px]:pr-0';

/** Machines against each other, and against what was assumed of them. */
export function ConfigFleet({ fleet, nowMs }: Readonly<{ fleet: FleetSkew; nowMs: number }>) {
  const { machines, findings, assumption, running, remark } = fleet;
  const { shown, more } = useLongList(machines, SHOWN, 'machines');
  return (
    <PanelFrame
      title="Machines"
      question="Do they all run the same, and as many as we counted on?"
      state={
        machines.length > 0
          ? { kind: 'ready' }
          : {
              kind: 'empty',
              text: 'No machine is known.',
              fix: 'List the /metrics addresses of your machines under an app source, or connect Fly.',
            }
      }
      aside={
        machines.length > 0 && (
          <span className="text-ink-3">
            {running === null ? 'How many run is not known' : `${running} ${running === 1 ? 'runs' : 'run'}`}
            {assumption !== null && `, ${assumption.count} assumed`}
          </span>
        )
      }
    >
      {findings.map(({ text }) => (
        <p key={text} className="mb-1.5 flex max-w-272 items-start gap-1.5">
          <span className="mt-0.5">
            <Glyph name="warn" />
          </span>
          <span className="min-w-0 break-words">
            <span className="sr-only">Skew: </span>
            {text}
          </span>
        </p>
      ))}
      <div className="@container">
        <table className="w-full border-collapse @max-[640px]:block">
          <thead className="@max-[640px]:sr-only">
            <tr className="border-b border-line text-left text-label text-ink-3">
              {['Machine', 'State', 'Release', 'Image', 'Region', 'Process began'].map((heading) => (
                <th key={heading} scope="col" className="py-1.5 pr-4 whitespace-nowrap last:pr-0">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="@max-[640px]:block">
            {shown.map((machine) => (
              <MachineRow key={machine.name} machine={machine} nowMs={nowMs} />
            ))}
          </tbody>
        </table>
      </div>
      {more}
      {remark !== null && <p className="mt-2 text-ink-3">{remark}</p>}
    </PanelFrame>
  );
}

function MachineRow({ machine, nowMs }: Readonly<{ machine: FleetMachine; nowMs: number }>) {
  const { name, standing, release, image, region, startedAtMs } = machine;
  const began = startedAtMs === null ? NO_DATA : `${formatDuration(Math.max(0, nowMs - startedAtMs))} ago`;
  const cells = [
    ['Release', release ?? NO_DATA, false],
    ['Image', image ?? NO_DATA, true],
    ['Region', region ?? NO_DATA, false],
    ['Process began', began, false],
  ] as const;
  return (
    <tr className="border-line not-first:border-t @max-[640px]:block @max-[640px]:py-2.5">
      <th
        scope="row"
        className="max-w-44 py-2.25 pr-4 text-left font-mono text-mono wrap-anywhere @max-[640px]:block @max-[640px]:max-w-none @max-[640px]:py-0.5"
      >
        {name}
      </th>
      <td className={CELL}>
        <Label text="State" />
        <Status {...STANDING_WORDS[standing]} />
      </td>
      {cells.map(([heading, text, isMono]) => (
        <td key={heading} className={CELL}>
          <Label text={heading} />
          <span
            className={clsx('min-w-0 wrap-anywhere', isMono && text !== NO_DATA && 'font-mono text-mono')}
          >
            <Value text={text} />
          </span>
        </td>
      ))}
    </tr>
  );
}

function Label({ text }: Readonly<{ text: string }>) {
  return (
    <span aria-hidden="true" className="shrink-0 text-ink-3 @[640px]:hidden">
      {text}
    </span>
  );
}
