'use client';

import {
  emptyConfig,
  misreadConfig,
  storyConfig,
  untoldConfig,
  wideConfig,
} from '@/components/fixtures/config.ts';
import { ConfigFleet } from '@/components/panels/config-fleet.tsx';
import { ConfigSettings } from '@/components/panels/config-settings.tsx';
import { ConfigUntold } from '@/components/panels/config-untold.tsx';
import type { ConfigView } from '@/lib/core/settings/config-view.ts';
import { GalleryBody, Row } from './frame.tsx';

const SCENES: readonly [string, () => ConfigView][] = [
  ['The night: one machine of two', storyConfig],
  ['A digest in place of a value', misreadConfig],
  ['Nothing tells', untoldConfig],
  ['Nine machines, every kind of trouble', wideConfig],
  ['Nothing is watched', emptyConfig],
];

/** The parts of the Config page in every scene. */
export function ConfigScenes() {
  return (
    <GalleryBody title="Config." note="Is what runs what we meant? Declared, parsed, observed.">
      {SCENES.map(([title, make]) => (
        <Row key={title} title={title}>
          <Scene view={make()} />
        </Row>
      ))}
    </GalleryBody>
  );
}

function Scene({ view }: Readonly<{ view: ConfigView }>) {
  const { sentence, rows, left, fleet, untold, asOfMs } = view;
  return (
    <div className="flex min-w-0 flex-col gap-7">
      <p className="max-w-272 text-prose text-pretty">
        {sentence.verdict} {sentence.limit}
      </p>
      <ConfigSettings rows={rows} left={left} nowMs={asOfMs} zone="UTC" onCopy={() => {}} />
      <ConfigFleet fleet={fleet} nowMs={asOfMs} />
      {untold.length > 0 && <ConfigUntold untold={untold} onCopy={() => {}} />}
    </div>
  );
}
