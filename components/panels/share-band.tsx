import type { ReactNode } from 'react';
import type { FrozenCopy } from '@/lib/core/model/share.ts';
import { formatDate, formatFullStamp } from '@/lib/core/units/clock.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { Glyph } from '../ui/glyph.tsx';
import { SHARE_KIND_WORDS } from './share-words.ts';

interface ShareBandProps {
  copy: Pick<FrozenCopy, 'kind' | 'frozenAtMs'>;
  /** Null for a preview, which no link leads to yet. */
  expiresMs: number | null;
  zone: Zone;
  logo: ReactNode;
  /** What a reader can press; nothing where no script runs. */
  actions: ReactNode;
}

/** The head of a shared view: whose it is, what it is, when it was frozen, and until when the link leads to it. */
export function ShareBand({ copy, expiresMs, zone, logo, actions }: Readonly<ShareBandProps>) {
  const { kind, frozenAtMs } = copy;
  return (
    <header className="flex min-h-11 flex-wrap items-center gap-x-2.5 gap-y-2 border-b border-line pb-4.5 text-ink-3">
      <span className="flex items-center gap-2 font-semibold text-ink">
        {logo}
        Afterwatch
      </span>
      <span>{SHARE_KIND_WORDS[kind]}, shared by link</span>
      <span className="flex items-center gap-1.5 text-ink-2 tablet:ml-auto">
        <Glyph name="mark_outline" size={14} />
        <span>
          Frozen{' '}
          <time dateTime={new Date(frozenAtMs).toISOString()}>{formatFullStamp(frozenAtMs, zone)}</time>
          {expiresMs !== null && (
            <>
              , expires{' '}
              <time dateTime={new Date(expiresMs).toISOString()}>{formatDate(expiresMs, zone)}</time>
            </>
          )}
        </span>
      </span>
      {actions !== null && actions !== false && (
        <span className="no-print flex flex-wrap items-center gap-2">{actions}</span>
      )}
    </header>
  );
}
