import type { FrozenCopy } from '@/lib/core/model/share.ts';
import { formatFullStamp } from '@/lib/core/units/clock.ts';

/** The foot of a shared view; on paper it says where the page came from and of when it is. */
export function ShareFoot({
  copy,
  url,
}: Readonly<{ copy: Pick<FrozenCopy, 'frozenAtMs'>; url: string | null }>) {
  return (
    <footer className="mt-9 flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-t border-line pt-4 text-label text-ink-3 print:mt-5 print:break-inside-avoid print:pt-2.5">
      <span>Frozen copy: nothing here is live, and opening it asks no system anything.</span>
      <span>Afterwatch</span>
      <span className="hidden basis-full wrap-anywhere print:block">
        Frozen {formatFullStamp(copy.frozenAtMs)}
        {url !== null && `, from ${url}`}
      </span>
    </footer>
  );
}
