'use client';

import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { SharePreview, ShareSwitch, ShareSwitches } from '@/lib/core/model/share.ts';
import { Button } from '../ui/button.tsx';
import { closeDialog, Dialog } from '../ui/dialog.tsx';
import type { PersonName } from './person-dialog.tsx';
import { ShareMade } from './share-made.tsx';
import { ShareOptions } from './share-options.tsx';
import { SharePreviewPane } from './share-preview-pane.tsx';

export interface ShareDialogProps {
  /** `Share this incident`. */
  title: string;
  preview: SharePreview | null;
  /** True while the preview is not yet what the switches say. */
  isOld: boolean;
  previewFailure: string | null;
  onAgain: () => void;
  switches: ShareSwitches;
  /** How much of each was seen; left out where that is not known. */
  counts: Readonly<Partial<Record<ShareSwitch, number>>>;
  onSwitch: (which: ShareSwitch, isOn: boolean) => void;
  days: number;
  onDays: (days: number) => void;
  person: PersonName;
  /** The link that was made just now: it is told this once. */
  made: { url: string; expiresMs: number } | null;
  isBusy: boolean;
  /** Why the link was not made. */
  failure: string | null;
  onMake: (by: string) => void;
  onCopy: (url: string) => Promise<boolean>;
  onPutAway: () => void;
  /** Links that were made before. */
  links: ReactNode;
  onClose: () => void;
}

/** On a phone it is the whole screen; else it leaves an edge of the page behind. */
const BOX =
  'max-w-276 tablet:top-[4vh]! max-tablet:inset-0! max-tablet:h-dvh! max-tablet:max-h-none! max-tablet:w-full! max-tablet:max-w-none! max-tablet:rounded-none! max-tablet:border-0!';

/** Makes a link: what leaves, for how long, and beside it the very page that the link will lead to. */
export function ShareDialog(props: Readonly<ShareDialogProps>) {
  const { title, preview, isOld, made, isBusy, failure, person, onMake } = props;
  const [name, setName] = useState('');
  const box = useRef<HTMLDivElement>(null);
  const pane = useRef<HTMLElement>(null);
  const { load } = person;
  useEffect(() => setName((now) => (now === '' ? load() : now)), [load]);
  const by = name.trim();
  const canMake = by !== '' && preview !== null && !isOld && !isBusy;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (!canMake) return;
    person.keep(by);
    onMake(by);
  };
  return (
    <Dialog label={title} onClose={props.onClose} className={BOX}>
      <div ref={box} className="flex h-full max-h-dvh flex-col tablet:h-[92vh]">
        <div className="flex shrink-0 items-center gap-3 border-b border-line px-4 py-2.5">
          <h2 className="min-w-0 grow text-section">{title}</h2>
          <Button size="small" look="ghost" onClick={() => closeDialog(box.current)}>
            Close
          </Button>
        </div>
        <div className="grid min-h-0 grow grid-cols-[minmax(0,1fr)] overflow-y-auto tablet:grid-cols-[304px_minmax(0,1fr)] tablet:overflow-hidden">
          <div className="p-4 tablet:min-h-0 tablet:overflow-y-auto tablet:border-r tablet:border-line">
            {made === null ? (
              <form onSubmit={send} className="flex flex-col gap-4">
                <ShareOptions {...props} name={name} onName={setName} />
                {failure !== null && (
                  <p role="alert" className="wrap-anywhere text-ink-2">
                    Not made: {failure}
                  </p>
                )}
                <Button
                  className="max-tablet:h-11 tablet:hidden"
                  // Below on a phone; the focus takes the reader there.
                  onClick={() => pane.current?.focus()}
                >
                  Look at what leaves
                </Button>
                <Button type="submit" look="primary" disabled={!canMake} className="max-tablet:h-11">
                  Make the link
                </Button>
                {by === '' && (
                  <p className="-mt-2 text-label text-ink-3">Links are made by name: write yours first.</p>
                )}
              </form>
            ) : (
              <ShareMade made={made} onCopy={props.onCopy} onPutAway={props.onPutAway} />
            )}
            {props.links}
          </div>
          <SharePreviewPane
            ref={pane}
            preview={preview}
            isOld={isOld}
            failure={props.previewFailure}
            onAgain={props.onAgain}
          />
        </div>
      </div>
    </Dialog>
  );
}
