'use client';

import { freezeWindow } from '@/lib/client/window-moves.ts';
import { rangeText, windowText } from '@/lib/client/window-words.ts';
import { Button } from '../ui/button.tsx';
import { MenuItem, MenuItems } from '../ui/menu.tsx';
import { Popover } from '../ui/popover.tsx';
import type { ControlProps } from './page-controls.tsx';

/** The link to this page. A live page offers two: one that follows the clock, and one to what is seen now. */
export function CopyLink({ address, zone, seen, asOfMs, copyLink }: Readonly<ControlProps>) {
  const { window } = address;
  if (window.kind === 'fixed') {
    return (
      <Button look="ghost" size="small" className="max-desk:hidden" onClick={() => copyLink(address)}>
        Copy link
      </Button>
    );
  }
  return (
    <Popover id="copy-link" label="Copy a link" role="menu" className="max-desk:hidden" face="Copy link">
      {(close) => (
        <MenuItems>
          <MenuItem
            title="Live"
            detail={windowText(window, zone, asOfMs)}
            onChoose={() => {
              close();
              copyLink(address);
            }}
          />
          <MenuItem
            title="As seen now"
            detail={rangeText(seen, zone, asOfMs)}
            onChoose={() => {
              close();
              copyLink({ ...address, window: freezeWindow(window, seen) });
            }}
          />
        </MenuItems>
      )}
    </Popover>
  );
}
