import type { ReactNode } from 'react';
import { AppFrame } from '@/components/layout/app-frame.tsx';
import { requireReader } from '@/lib/server/auth/require-reader.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

/** Frame of the pages behind the login. Each page checks its reader too; here so that no frame goes out before a redirect. */
export default async function DashLayout({ children }: Readonly<{ children: ReactNode }>) {
  await requireReader();
  const { auth, store } = getRuntime();
  return (
    <AppFrame canLogOut={auth.passwordSet} outage={store.stats().outage}>
      {children}
    </AppFrame>
  );
}
