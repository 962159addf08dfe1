'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ThemeProvider } from '@/components/layout/theme-context.tsx';
import type { Theme } from '@/lib/client/theme.ts';

/** Client-side context of every page: the query cache and the chosen theme. */
export function Providers({ theme, children }: Readonly<{ theme: Theme; children: ReactNode }>) {
  const [queryClient] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          // The next tick is the retry; a browser that thinks it is offline may still reach loopback.
          queries: { retry: false, networkMode: 'always', refetchIntervalInBackground: false },
          mutations: { retry: false, networkMode: 'always' },
        },
      }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <ThemeProvider initial={theme}>{children}</ThemeProvider>
    </QueryClientProvider>
  );
}
