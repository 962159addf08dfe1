'use client';

import { nextTheme, type Theme } from '@/lib/client/theme.ts';
import { Button } from '../ui/button.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { useTheme } from './theme-context.tsx';

const LOOKS: Record<Theme, { icon: IconName; word: string }> = {
  system: { icon: 'device', word: 'as the device' },
  light: { icon: 'sun', word: 'light' },
  dark: { icon: 'moon', word: 'dark' },
};

/** One button that goes round: as the device, light, dark. */
export function ThemeSwitch() {
  const { theme, choose } = useTheme();
  const next = nextTheme(theme);
  const label = `Theme: ${LOOKS[theme].word}. Change to ${LOOKS[next].word}`;
  return (
    <Button look="ghost" size="icon" aria-label={label} title={label} onClick={() => choose(next)}>
      <Icon name={LOOKS[theme].icon} />
    </Button>
  );
}
