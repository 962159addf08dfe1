'use client';

import type { ReactNode } from 'react';
import type { MachineView } from '@/lib/core/model/view.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import { rateText } from '@/lib/core/units/format-rate.ts';
import { valueText } from '@/lib/core/units/format-value.ts';
import { Value } from '../ui/figure.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { Status } from '../ui/status.tsx';
import { HEALTH_WORDS, isQuiet, SOURCE_WORDS } from './words.ts';

const SHOWN = 12;
const HEADINGS = ['Machine', 'Version', 'Answers', 'Health', 'Requests', 'Restarts, 24 h', 'Running since'];

/** Is every machine up, and do all run the same version? Troubled ones first; a block each on a phone. */
export function MachinesPanel({ machines }: Readonly<{ machines: readonly MachineView[] }>) {
  const sorted = [...machines].sort((a, b) => Number(isQuiet(a.state)) - Number(isQuiet(b.state)));
  const { shown, more } = useLongList(sorted, SHOWN, 'machines');
  const frame = { title: 'Machines', question: 'Is every machine up, on one version?' };
  if (machines.length === 0) {
    return (
      <PanelFrame
        {...frame}
        state={{
          kind: 'empty',
          text: 'No machine is watched.',
          fix: 'List the /metrics addresses of your machines under app: in afterwatch.yml, or in APP_METRICS_URLS.',
        }}
      />
    );
  }
  return (
    <PanelFrame
      {...frame}
      state={{ kind: 'ready' }}
      aside={<span className="text-ink-3">{summary(machines)}</span>}
    >
      <table className="w-full border-collapse max-tablet:block">
        <thead className="max-tablet:sr-only">
          <tr className="border-b border-line text-label text-ink-3">
            {HEADINGS.map((heading) => (
              <th
                key={heading}
                scope="col"
                className="py-1.5 pr-4 whitespace-nowrap max-desk:nth-[n+6]:hidden"
              >
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="max-tablet:block">
          {shown.map((machine) => (
            <MachineRow key={machine.id} machine={machine} />
          ))}
        </tbody>
      </table>
      {more}
    </PanelFrame>
  );
}

/** `2 of 2 answer, all on v1206`: never better than what the machines say. */
function summary(machines: readonly MachineView[]): string {
  const up = machines.filter(({ state }) => state === 'ok').length;
  const versions = new Set(machines.flatMap(({ version }) => (version === null ? [] : [version])));
  const silent = machines.some(({ version }) => version === null);
  const [only] = versions;
  const skew =
    versions.size === 0 || only === undefined
      ? 'version not told'
      : versions.size > 1
        ? `${versions.size} versions run`
        : silent
          ? `some on ${only}, some do not tell`
          : `all on ${only}`;
  return `${up} of ${machines.length} answer, ${skew}`;
}

function Cell({ label, children }: Readonly<{ label: string; children: ReactNode }>) {
  return (
    <td className="py-2.25 pr-4 whitespace-nowrap max-desk:nth-[n+6]:hidden max-tablet:flex max-tablet:justify-between max-tablet:py-0.5 max-tablet:pr-0 max-tablet:nth-[n+6]:flex">
      <span aria-hidden="true" className="text-ink-3 tablet:hidden">
        {label}
      </span>
      <span>{children}</span>
    </td>
  );
}

function MachineRow({ machine }: Readonly<{ machine: MachineView }>) {
  const { name, region, version, state, health, restarts24h, requestsPerSecond, startedAtMs, notices } =
    machine;
  const [, ...headings] = HEADINGS;
  const cells: ReactNode[] = [
    <Value key="version" text={version ?? '–'} />,
    <Status key="state" {...SOURCE_WORDS[state]} />,
    <Status key="health" {...HEALTH_WORDS[health]} />,
    <Value key="requests" text={rateText(requestsPerSecond, 'requests', 'min')} />,
    <Value key="restarts" text={valueText(restarts24h, 'restarts')} />,
    <Value key="since" text={formatStamp(startedAtMs)} />,
  ];
  return (
    <>
      <tr className="border-line not-first:border-t max-tablet:block max-tablet:py-2.5">
        <th
          scope="row"
          className="py-2.25 pr-4 font-mono text-mono whitespace-nowrap max-tablet:block max-tablet:py-0.5"
        >
          {name}
          {region !== null && <span className="text-ink-3"> {region}</span>}
        </th>
        {cells.map((cell, index) => (
          <Cell key={headings[index]} label={headings[index] ?? ''}>
            {cell}
          </Cell>
        ))}
      </tr>
      {notices.length > 0 && (
        <tr className="max-tablet:block max-tablet:pb-2.5">
          <td colSpan={HEADINGS.length} className="pb-2.25 text-label text-ink-3 max-tablet:block">
            {notices.map((notice) => (
              <p key={notice}>{notice}</p>
            ))}
          </td>
        </tr>
      )}
    </>
  );
}
