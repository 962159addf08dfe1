import type { ShareLine } from '@/lib/core/model/share.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import { Button } from '../ui/button.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { isLive, SHARE_KIND_WORDS, standingText, viewsText } from './share-words.ts';

const SHOWN = 8;

interface ShareLinksProps {
  /** Newest first. */
  shares: readonly ShareLine[];
  nowMs: number;
  /** False where all of them are of the page that is open. */
  hasTitles: boolean;
  isBusy: boolean;
  onEnd: (share: ShareLine) => void;
}

/** Links that were made: of what, by whom, how often opened, until when; those that still lead somewhere can be ended. */
export function ShareLinks({ shares, nowMs, hasTitles, isBusy, onEnd }: Readonly<ShareLinksProps>) {
  const { shown, more } = useLongList(shares, SHOWN, 'links');
  return (
    <>
      <ul>
        {shown.map((share) => {
          const { id, kind, title, href, madeMs, madeBy } = share;
          const made = `${formatStamp(madeMs)} by ${madeBy}`;
          return (
            <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line py-2.5">
              <div className="min-w-0 grow basis-60">
                {hasTitles && (
                  <p className="wrap-anywhere">
                    <a href={href} className="font-medium underline decoration-line-ink underline-offset-2">
                      {title}
                    </a>{' '}
                    <span className="text-ink-3">{SHARE_KIND_WORDS[kind].toLowerCase()}</span>
                  </p>
                )}
                <p className={hasTitles ? 'text-ink-2' : 'font-medium'}>
                  <span className="wrap-anywhere">Made {made}</span>
                </p>
                <p className="text-label text-ink-3">
                  {viewsText(share)}; {standingText(share, nowMs)}
                </p>
              </div>
              {isLive(share, nowMs) && (
                <Button
                  size="small"
                  className="max-tablet:h-9"
                  aria-label={`Revoke the link of ${made}${hasTitles ? `: ${title}` : ''}`}
                  disabled={isBusy}
                  onClick={() => onEnd(share)}
                >
                  Revoke
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {more}
    </>
  );
}
