'use client';

import type { SettingRow, SettingRows } from '@/lib/core/settings/setting-rows.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { SettingTable } from './config-table.tsx';

interface ConfigSettingsProps {
  rows: readonly SettingRow[];
  /** Settings and machines beyond those that came. */
  left: SettingRows['left'];
  nowMs: number;
  zone: Zone;
  onCopy: (text: string) => void;
}

const SHOWN = 20;

/** Setting by machine: what was set, what each process read, what its traffic shows. */
export function ConfigSettings({ rows, left, ...rest }: Readonly<ConfigSettingsProps>) {
  const told = rows.filter(isTold);
  const others = rows.filter((row) => !isTold(row));
  const { shown, more } = useLongList(told, SHOWN, 'settings');
  return (
    <PanelFrame
      title="Settings"
      question="What was set, what was read, what does it do?"
      state={
        rows.length > 0
          ? { kind: 'ready' }
          : {
              kind: 'empty',
              text: 'No setting is known: no platform tells what was set, and no machine how it read it.',
              fix: 'What would tell stands below.',
            }
      }
    >
      {told.length > 0 && <SettingTable rows={shown} caption="Settings by machine" {...rest} />}
      {more}
      {others.length > 0 && (
        <details className="mt-3">
          <summary className="min-h-6 w-fit cursor-pointer text-ink-2">
            {others.length === 1 ? 'One more setting is' : `${others.length} more settings are`} only known as
            set: no machine says how it read {others.length === 1 ? 'it' : 'them'}
          </summary>
          <SettingTable rows={others} caption="Settings that no machine tells of" {...rest} />
        </details>
      )}
      {left.settings > 0 && <p className="mt-2 text-ink-3">{left.settings} more settings are not shown.</p>}
      {left.machines > 0 && (
        <p className="mt-2 text-ink-3">
          {left.machines} more machines are not shown; all that something is wrong with come first.
        </p>
      )}
    </PanelFrame>
  );
}

/** Worth a place in the open: a machine tells of it, or something is wrong with it. */
function isTold({ cells, findings }: SettingRow): boolean {
  return findings.length > 0 || cells.some(({ parsed }) => parsed !== null);
}
