'use client';

import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import { applyTheme, type Theme } from '@/lib/client/theme.ts';

const ThemeContext = createContext<{ theme: Theme; choose: (theme: Theme) => void }>({
  theme: 'system',
  choose: applyTheme,
});

/** Holds the chosen theme; `initial` is what the server read from the cookie. */
export function ThemeProvider({ initial, children }: Readonly<{ initial: Theme; children: ReactNode }>) {
  const [theme, setTheme] = useState(initial);
  const choose = useCallback((next: Theme) => {
    applyTheme(next);
    setTheme(next);
  }, []);
  return <ThemeContext value={{ theme, choose }}>{children}</ThemeContext>;
}

/** The chosen theme and the way to change it. */
export function useTheme() {
  return useContext(ThemeContext);
}
