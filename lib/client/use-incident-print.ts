'use client';

import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { formatFullStamp } from '@/lib/core/units/clock.ts';

/** What paper must say of itself: `Printed 9 Apr 2026 20:40Z from https://…`, filled in as the page is printed. Null before. */
export function useIncidentPrint(): string | null {
  const [printed, setPrinted] = useState<string | null>(null);
  useEffect(() => {
    const stamp = (): void => {
      const from = window.location.href.replace(/#.*$/, '');
      // At once: the browser takes the page as it stands when this returns.
      flushSync(() => setPrinted(`Printed ${formatFullStamp(Date.now())} from ${from}`));
    };
    window.addEventListener('beforeprint', stamp);
    return () => window.removeEventListener('beforeprint', stamp);
  }, []);
  return printed;
}
