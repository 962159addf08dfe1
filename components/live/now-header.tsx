'use client';

import { type AddressChange, addressHref, type NowAddress, set } from '@/lib/client/address.ts';
import type { NowView } from '@/lib/core/model/view.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { FiringChip, WatchChip, type WatchChipView } from '../layout/header-chips.tsx';
import { PageControls } from '../layout/page-controls.tsx';
import { PageHeader } from '../layout/page-header.tsx';
import { ScopeSelect } from '../layout/scope-select.tsx';
import { ModeChip } from '../panels/mode-chip.tsx';
import { SourceAges } from '../panels/source-ages.tsx';

export interface NowHeaderProps {
  view: NowView;
  address: NowAddress;
  /** The browser's clock when the view came in; null before that is known. */
  receivedAtMs: number | null;
  /** In which zone times are told; on the server always UTC. */
  zone?: Zone;
  /** The server's clock now, for events; when the data came in unless given. */
  nowMs?: () => number;
  /** The watch that runs; null while there is none. */
  watch?: WatchChipView | null;
  /** Firing alerts; null where alerts are not evaluated. */
  firing?: number | null;
  onGo: (change: AddressChange) => void;
  onCopyLink?: (address: NowAddress) => void;
}

/** What holds now, and what the reader chooses: all of it is in the address, so a link shows what its sender saw. */
export function NowHeader(props: Readonly<NowHeaderProps>) {
  const { view, address, receivedAtMs, zone = 'UTC', onGo } = props;
  const { scopes } = view;
  return (
    <PageHeader
      left={
        <>
          {view.mode !== null && <ModeChip mode={view.mode} zone={zone} />}
          <WatchChip watch={props.watch ?? null} />
          <FiringChip firing={props.firing ?? null} />
          <ScopeSelect scope={address.scope} scopes={scopes} onChoose={(scope) => onGo(set({ scope }))} />
          <SourceAges sources={view.sources} receivedAtMs={receivedAtMs} />
        </>
      }
      right={
        <PageControls
          address={address}
          zone={zone}
          seen={view.range}
          asOfMs={view.asOfMs}
          nowMs={props.nowMs ?? (() => view.asOfMs)}
          go={onGo}
          hrefOf={(next) => addressHref(next, scopes)}
          copyLink={props.onCopyLink ?? (() => {})}
        />
      }
    />
  );
}
