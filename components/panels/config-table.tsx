'use client';

import { clsx } from 'clsx';
import type { SettingCell, SettingRow } from '@/lib/core/settings/setting-rows.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { Glyph } from '../ui/glyph.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { Status } from '../ui/status.tsx';
import { DeclaredList } from './config-declared.tsx';
import { SettingFindings } from './config-findings.tsx';
import { parsedWords, SEVERITY_GLYPHS } from './config-words.ts';

interface SettingTableProps {
  rows: readonly SettingRow[];
  caption: string;
  nowMs: number;
  zone: Zone;
  onCopy: (text: string) => void;
}

const PHONE_CELL =
  '@max-[640px]:flex @max-[640px]:justify-between @max-[640px]:gap-4 @max-[640px]:py-0.5 @max-[640px]:pr-0';

/** Machines that stand beside each other before a person asks for all. */
const MACHINES_SHOWN = 8;

/** Settings down, machines across, those in trouble first; a block a setting on a phone. */
export function SettingTable({ rows, caption, ...rest }: Readonly<SettingTableProps>) {
  const { shown: machines, more } = useLongList(machinesOf(rows), MACHINES_SHOWN, 'machines');
  return (
    <div className="@container">
      {/* With many machines it scrolls, and what scrolls must take the focus: else a keyboard never sees the last. */}
      <section
        aria-label={caption}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls.
        tabIndex={0}
        className="scroll-quiet relative overflow-x-auto"
      >
        <table className="w-full border-collapse @max-[640px]:block">
          <caption className="sr-only">{caption}</caption>
          <thead className="@max-[640px]:sr-only">
            <tr className="border-b border-line text-left text-label text-ink-3">
              <Heading text="Setting" />
              <Heading text="Declared" />
              {machines.map((machine) => (
                <Heading key={machine} text={machine} isName />
              ))}
            </tr>
          </thead>
          <tbody className="@max-[640px]:block">
            {rows.map((row) => (
              <Row key={row.setting} row={row} machines={machines} {...rest} />
            ))}
          </tbody>
        </table>
      </section>
      {more}
    </div>
  );
}

/** In their own order where all fit; of many those that a finding names come first. */
function machinesOf(rows: readonly SettingRow[]): readonly string[] {
  const names = rows[0]?.cells.map(({ machine }) => machine) ?? [];
  if (names.length <= MACHINES_SHOWN) return names;
  const inTrouble = new Set(rows.flatMap(({ findings }) => findings.flatMap(({ machines }) => machines)));
  return [...new Set([...names.filter((name) => inTrouble.has(name)), ...names])];
}

function Heading({ text, isName = false }: Readonly<{ text: string; isName?: boolean }>) {
  return (
    <th
      scope="col"
      className={clsx('py-1.5 pr-4 whitespace-nowrap last:pr-0', isName && 'font-mono text-mono')}
    >
      {text}
    </th>
  );
}

function Row({
  row,
  machines,
  nowMs,
  zone,
  onCopy,
}: Readonly<Omit<SettingTableProps, 'rows' | 'caption'> & { row: SettingRow; machines: readonly string[] }>) {
  const { setting, declared, findings, isObservable } = row;
  const cells = machines.flatMap((name) => row.cells.find(({ machine }) => machine === name) ?? []);
  return (
    <>
      <tr className="border-line align-top not-first:border-t @max-[640px]:block @max-[640px]:py-2.5">
        <th
          scope="row"
          className="max-w-64 py-2.25 pr-4 text-left font-mono text-mono font-medium wrap-anywhere @max-[640px]:block @max-[640px]:max-w-none @max-[640px]:py-0.5"
        >
          {setting}
        </th>
        <td className={clsx('min-w-44 py-2.25 pr-4', PHONE_CELL)}>
          <PhoneLabel text="Declared" />
          <DeclaredList declared={declared} nowMs={nowMs} zone={zone} />
        </td>
        {cells.map((cell) => (
          <td key={cell.machine} className={clsx('min-w-36 py-2.25 pr-4 last:pr-0', PHONE_CELL)}>
            <PhoneLabel text={cell.machine} isName />
            <CellWords cell={cell} isObservable={isObservable} />
          </td>
        ))}
      </tr>
      {findings.length > 0 && (
        <tr className="@max-[640px]:block @max-[640px]:pb-2.5">
          <td colSpan={cells.length + 2} className="pb-3 @max-[640px]:block">
            <SettingFindings setting={setting} findings={findings} onCopy={onCopy} />
          </td>
        </tr>
      )}
    </>
  );
}

function PhoneLabel({ text, isName = false }: Readonly<{ text: string; isName?: boolean }>) {
  return (
    <span
      aria-hidden="true"
      className={clsx('shrink-0 text-ink-3 @[640px]:hidden', isName && 'font-mono text-mono')}
    >
      {text}
    </span>
  );
}

function CellWords({ cell, isObservable }: Readonly<{ cell: SettingCell; isObservable: boolean }>) {
  const { looks, observed, worst } = cell;
  return (
    <span className="block min-w-0 @max-[640px]:text-right">
      <Status {...parsedWords(cell)} wraps />
      {looks === 'ok' && worst.parsed === null && <span className="sr-only">, read as written</span>}
      {isObservable && (
        <span className="flex items-start gap-1.5 text-label text-ink-3 @max-[640px]:justify-end">
          {worst.observed !== null && (
            <span className="mt-px">
              <Glyph name={SEVERITY_GLYPHS[worst.observed]} size={14} />
            </span>
          )}
          <span>
            {worst.observed !== null && <span className="sr-only">Traffic differs: </span>}
            {observed ?? 'traffic not known'}
          </span>
        </span>
      )}
    </span>
  );
}
