'use client';

import { useRef } from 'react';
import { COMMAND_GROUPS, type Command } from '@/lib/client/commands.ts';
import { setSingleKeys, useSingleKeys } from '@/lib/client/single-keys.ts';
import { Button } from '../ui/button.tsx';
import { closeDialog, Dialog } from '../ui/dialog.tsx';
import { Keys } from '../ui/kbd.tsx';
import { Switch } from '../ui/switch.tsx';

/** The keys that work now, and the switch that turns the single ones off. */
export function KeysHelp({
  commands,
  onClose,
}: Readonly<{ commands: readonly Command[]; onClose: () => void }>) {
  const bottom = useRef<HTMLDivElement>(null);
  const areOn = useSingleKeys();
  const groups = COMMAND_GROUPS.map((name) => ({
    name,
    items: commands.filter(
      ({ group, keys }) => group === name && keys !== null && (areOn || keys.includes('+')),
    ),
  })).filter(({ items }) => items.length > 0);
  return (
    <Dialog label="Keys" onClose={onClose} className="max-w-160">
      <div className="flex max-h-[min(80dvh,640px)] flex-col">
        <h2 className="shrink-0 px-5 pt-4 text-section">Keys</h2>
        <div className="min-h-0 flex-1 columns-1 gap-10 overflow-y-auto px-5 pt-1 pb-3 tablet:columns-2">
          {groups.map(({ name, items }) => (
            <section key={name} aria-label={name} className="break-inside-avoid pt-3">
              <h3 className="pb-1 text-label text-ink-3">{name}</h3>
              <dl>
                {items.map(({ id, title, keys }) => (
                  <div key={id} className="flex items-baseline justify-between gap-4 py-1">
                    <dt>{title}</dt>
                    <dd>{keys !== null && <Keys keys={keys} />}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        <div
          ref={bottom}
          className="flex shrink-0 flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line px-5 py-3"
        >
          <Switch label="Single keys" isOn={areOn} onChange={setSingleKeys} />
          <span className="text-label text-ink-3">
            {areOn ? 'Not heard while you type.' : 'Off in this browser, until you switch them on.'}
          </span>
          <Button size="small" onClick={() => closeDialog(bottom.current)}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
