'use client';

import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { type Command, createCommandRegistry } from '@/lib/client/commands.ts';
import { createKeyReader, isForFocused } from '@/lib/client/key-reader.ts';
import { areSingleKeysOn } from '@/lib/client/single-keys.ts';
import { Toast } from '../ui/toast.tsx';
import { CommandsContext } from './commands-context.tsx';
import { FrameCommands } from './frame-commands.tsx';

// Not needed to see the page: both come when they are first asked for.
const CommandPalette = lazy(async () => ({
  default: (await import('./command-palette.tsx')).CommandPalette,
}));
const KeysHelp = lazy(async () => ({ default: (await import('./keys-help.tsx')).KeysHelp }));

const TOAST_MS = 3_000;

/** Holds the commands of a page: listens to keys, opens the palette and the help, and says what was done. */
export function CommandCenter({ children }: Readonly<{ children: ReactNode }>) {
  const [registry] = useState(createCommandRegistry);
  const [opened, setOpened] = useState<'palette' | 'help' | null>(null);
  const [said, setSaid] = useState<{ text: string }>({ text: '' });

  const announce = useCallback((text: string) => setSaid({ text }), []);
  const search = useCallback(() => setOpened('palette'), []);
  const help = useCallback(() => setOpened('help'), []);
  const close = useCallback(() => setOpened(null), []);
  const context = useMemo(() => ({ registry, announce, search }), [registry, announce, search]);
  const run = useCallback(
    (command: Command) => {
      command.run();
      if (command.says !== undefined) announce(command.says());
    },
    [announce],
  );

  useEffect(() => {
    if (said.text === '') return;
    const timer = setTimeout(() => setSaid({ text: '' }), TOAST_MS);
    return () => clearTimeout(timer);
  }, [said]);

  useEffect(() => {
    const read = createKeyReader();
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const isChord = event.ctrlKey || event.metaKey;
      const isFree = areSingleKeysOn() && !isForFocused(event.target) && !isDialogOpen();
      if (!isChord && !isFree) return;
      const command = read(event, registry.list());
      if (command === null) return;
      event.preventDefault();
      run(command);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [registry, run]);

  return (
    <CommandsContext value={context}>
      <FrameCommands search={search} help={help} />
      {children}
      <Suspense fallback={null}>
        {opened === 'palette' && <CommandPalette commands={registry.list()} onRun={run} onClose={close} />}
        {opened === 'help' && <KeysHelp commands={registry.list()} onClose={close} />}
      </Suspense>
      <Toast text={said.text} />
    </CommandsContext>
  );
}

function isDialogOpen(): boolean {
  return document.querySelector('dialog[open]') !== null;
}
