'use client';

import { set } from '@/lib/client/address.ts';
import { COMPARISON_WORDS, comparisonText } from '@/lib/client/window-words.ts';
import { COMPARISONS } from '@/lib/core/time/page-window.ts';
import { Icon } from '../ui/icon.tsx';
import { MenuItem, MenuItems } from '../ui/menu.tsx';
import { Popover } from '../ui/popover.tsx';
import type { ControlProps } from './page-controls.tsx';

/** The second window that all charts are compared with, and when that was. */
export function CompareMenu({ address, zone, seen, asOfMs, go }: Readonly<ControlProps>) {
  const { comparison } = address;
  return (
    <Popover
      id="compare"
      label="Compare with"
      role="menu"
      buttonLabel={comparison === null ? 'Compare' : `Compare: ${COMPARISON_WORDS[comparison].short}`}
      className="max-tablet:hidden"
      face={
        <>
          {comparison === null ? 'Compare' : COMPARISON_WORDS[comparison].short}
          <Icon name="chevron" size={14} />
        </>
      }
    >
      {(close) => {
        const choose = (next: typeof comparison) => () => {
          close();
          go(set({ comparison: next }));
        };
        return (
          <MenuItems>
            <MenuItem title="Nothing" isChosen={comparison === null} onChoose={choose(null)} />
            {COMPARISONS.map((choice) => (
              <MenuItem
                key={choice}
                title={COMPARISON_WORDS[choice].long}
                detail={comparisonText(choice, seen, zone, asOfMs)}
                isChosen={choice === comparison}
                onChoose={choose(choice)}
              />
            ))}
          </MenuItems>
        );
      }}
    </Popover>
  );
}
