'use client';

import { clsx } from 'clsx';
import { SHARE_DAYS, SHARE_SWITCHES, type SharePreview } from '@/lib/core/model/share.ts';
import { Switch } from '../ui/switch.tsx';
import { CLAIM_INPUT, Labelled } from './claim-fields.tsx';
import type { ShareDialogProps } from './share-dialog.tsx';
import { SWITCH_WORDS } from './share-words.ts';

const DAYS = [1, SHARE_DAYS.default, 30, SHARE_DAYS.most] as const;

interface ShareOptionsProps
  extends Pick<ShareDialogProps, 'switches' | 'counts' | 'onSwitch' | 'days' | 'onDays' | 'preview'> {
  name: string;
  onName: (name: string) => void;
}

/** What leaves, for how long, and who says so. */
export function ShareOptions(props: Readonly<ShareOptionsProps>) {
  const { switches, counts, onSwitch, days, onDays, preview, name, onName } = props;
  return (
    <>
      <fieldset className="min-w-0">
        <legend className="mb-1 font-medium">What leaves</legend>
        <p className="mb-1 text-label text-ink-3">
          Numbers, charts and the timeline do. Of the rest, what is switched on.
        </p>
        <ul>
          {SHARE_SWITCHES.map((which) => (
            <li key={which} className="border-t border-line py-1">
              <Switch
                label={SWITCH_WORDS[which].label}
                isOn={switches[which]}
                onChange={(isOn) => onSwitch(which, isOn)}
              />
              <p className="pb-0.5 pl-9.5 text-label text-ink-3">
                {countText(switches[which], counts[which], SWITCH_WORDS[which].instead)}
              </p>
            </li>
          ))}
        </ul>
        <p className="border-t border-line pt-1.5 text-label text-ink-3">{alwaysText(preview)}</p>
      </fieldset>
      <fieldset className="min-w-0">
        <legend className="mb-1.5 font-medium">Ends after</legend>
        <div className="grid grid-cols-4 divide-x divide-line overflow-hidden rounded-control border border-line-strong bg-surface focus-within:overflow-visible">
          {DAYS.map((one) => (
            <label
              key={one}
              className={clsx(
                'flex h-9 cursor-pointer items-center justify-center has-focus-visible:outline-2 has-focus-visible:outline-info tablet:h-8',
                one === days ? 'bg-sunken font-medium text-ink' : 'text-ink-3 hover:text-ink',
              )}
            >
              <input
                type="radio"
                name="share-days"
                className="sr-only"
                checked={one === days}
                onChange={() => onDays(one)}
              />
              {one === 1 ? '1 day' : `${one} days`}
            </label>
          ))}
        </div>
      </fieldset>
      <Labelled label="Your name">
        {(id) => (
          <input
            id={id}
            className={CLAIM_INPUT}
            maxLength={64}
            autoComplete="name"
            required
            value={name}
            onChange={({ target }) => onName(target.value)}
          />
        )}
      </Labelled>
    </>
  );
}

/** What a switch would reveal, or reveals: `3 found; “host 1” stands in their place`. */
function countText(isOn: boolean, count: number | undefined, instead: string): string {
  if (count === 0) return 'none in it';
  if (isOn) return count === undefined ? 'leaves' : `${count} found; leaves`;
  return count === undefined ? instead : `${count} found; ${instead}`;
}

function alwaysText(preview: SharePreview | null): string {
  const countOf = (what: 'secrets' | 'hidden') =>
    preview?.copy.leftOut.find((one) => one.what === what)?.count ?? 0;
  const hidden = countOf('hidden');
  const parts = [`Secrets never leave (${countOf('secrets')} found).`];
  if (hidden > 0) parts.push(`Nor does what is hidden in the timeline (${hidden}).`);
  return parts.join(' ');
}
