'use client';

import { useMemo } from 'react';
import type { Command } from '@/lib/client/commands.ts';
import { setSingleKeys, useSingleKeys } from '@/lib/client/single-keys.ts';
import { THEMES, type Theme } from '@/lib/client/theme.ts';
import { useCommands } from './commands-context.tsx';
import { PAGES } from './pages.ts';
import { useTheme } from './theme-context.tsx';

const THEME_TITLES: Record<Theme, string> = {
  system: 'Theme: as the device',
  light: 'Theme: light',
  dark: 'Theme: dark',
};

const always = () => true;

/** The commands that every page has: search, help, pages, theme, and whether single keys work. Draws nothing. */
export function FrameCommands({ search, help }: Readonly<{ search: () => void; help: () => void }>) {
  const { theme, choose } = useTheme();
  const areKeysOn = useSingleKeys();
  const commands = useMemo(
    (): readonly Command[] => [
      ...PAGES.map(
        ({ href, label, keys }): Command => ({
          id: `page-${href}`,
          title: `Go to ${label}`,
          group: 'Go to',
          keys,
          isAvailable: always,
          run: () => window.location.assign(href),
        }),
      ),
      ...THEMES.map(
        (choice): Command => ({
          id: `theme-${choice}`,
          title: THEME_TITLES[choice],
          group: 'Theme',
          keys: null,
          isAvailable: always,
          isChosen: choice === theme,
          run: () => choose(choice),
        }),
      ),
      {
        id: 'search',
        title: 'Search commands',
        group: 'Keys',
        keys: 'mod+k',
        isAvailable: always,
        run: search,
      },
      { id: 'help', title: 'Show the keys', group: 'Keys', keys: '?', isAvailable: always, run: help },
      {
        id: 'single-keys',
        title: areKeysOn ? 'Switch single keys off' : 'Switch single keys on',
        group: 'Keys',
        keys: null,
        isAvailable: always,
        says: () => (areKeysOn ? 'Single keys are off' : 'Single keys are on'),
        run: () => setSingleKeys(!areKeysOn),
      },
    ],
    [search, help, theme, choose, areKeysOn],
  );
  useCommands('frame', commands);
  return null;
}
