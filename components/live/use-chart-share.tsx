'use client';

import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { Command } from '@/lib/client/commands.ts';
import { shareActions } from '@/lib/client/share-actions.ts';
import type { ShareActions } from '@/lib/client/use-shares.ts';
import type { FrozenChartId, ShareSubject } from '@/lib/core/model/share.ts';
import type { Scope } from '@/lib/core/model/target.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import { useCommands } from '../layout/commands-context.tsx';
import { ShareDialogLive } from './share-dialog-live.tsx';

interface AskedChart {
  chart: FrozenChartId;
  title: string;
  range: TimeRange;
}

/**
 * Lets the charts of a page be shared one by one, and with `w` the one that stands first on it; null where `w` shares the
 * page itself.
 */
export function useChartShare(
  { app, environment }: Scope,
  first: AskedChart | null,
  actions: ShareActions = shareActions,
): { onShare: (asked: AskedChart) => void; dialog: ReactNode } {
  const [subject, setSubject] = useState<ShareSubject | null>(null);
  const onShare = useCallback(
    ({ chart, range }: AskedChart) => setSubject({ kind: 'chart', chart, app, environment, range }),
    [app, environment],
  );
  // Pages make the object anew with every tick; what is in it stays.
  const { chart, title, range } = first ?? { chart: null, title: null, range: null };
  useCommands(
    'share-chart',
    useMemo(
      (): readonly Command[] =>
        chart === null
          ? []
          : [
              {
                id: 'share-chart',
                title: `Share the chart of ${title}`,
                group: 'Page',
                keys: 'w',
                isAvailable: () => true,
                run: () => onShare({ chart, title, range }),
              },
            ],
      [onShare, chart, title, range],
    ),
  );
  return {
    onShare,
    dialog: subject !== null && (
      <ShareDialogLive subject={subject} onClose={() => setSubject(null)} actions={actions} />
    ),
  };
}
