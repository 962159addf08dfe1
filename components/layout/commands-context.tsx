'use client';

import { createContext, useContext, useLayoutEffect } from 'react';
import type { Command, CommandRegistry } from '@/lib/client/commands.ts';
import { createCommandRegistry } from '@/lib/client/commands.ts';

/** What the parts of a page share about commands. */
export interface CommandsContextValue {
  registry: CommandRegistry;
  /** Says and shows for a while what was just done. */
  announce: (text: string) => void;
  /** Opens the palette. */
  search: () => void;
}

/** Alone, without a frame around it: commands are taken and nobody lists them. */
export const CommandsContext = createContext<CommandsContextValue>({
  registry: createCommandRegistry(),
  announce: () => {},
  search: () => {},
});

/** The registry of this page, and the way to say something. */
export function useCommandsContext(): CommandsContextValue {
  return useContext(CommandsContext);
}

/** Offers commands as long as the part that calls it is on the screen. */
export function useCommands(owner: string, commands: readonly Command[]): void {
  const { registry } = useCommandsContext();
  useLayoutEffect(() => {
    registry.offer(owner, commands);
    return () => registry.offer(owner, []);
  }, [registry, owner, commands]);
}
