'use client';

import { STORY_NOW_MS, SUSPENDED_MS } from '@/components/fixtures/evening.ts';
import {
  longSuspensionView,
  mixedView,
  providerView,
  stagedView,
  suspendedView,
  unknownPartsView,
} from '@/components/fixtures/suspension.ts';
import { SuspensionPanel } from '@/components/panels/suspension-panel.tsx';
import { HOUR_MS } from '@/lib/core/time/range.ts';
import { Row } from './frame.tsx';

const BANNERS = [
  { key: 'suspended', suspension: suspendedView(), nowMs: SUSPENDED_MS + HOUR_MS },
  { key: 'overdue', suspension: suspendedView(), nowMs: SUSPENDED_MS + 26 * HOUR_MS },
  { key: 'unknown', suspension: unknownPartsView(), nowMs: SUSPENDED_MS + HOUR_MS },
  { key: 'provider', suspension: providerView(), nowMs: SUSPENDED_MS + HOUR_MS },
  { key: 'running', suspension: stagedView('running'), nowMs: STORY_NOW_MS },
  { key: 'passed', suspension: mixedView(), nowMs: STORY_NOW_MS },
  { key: 'failed', suspension: stagedView('failed'), nowMs: STORY_NOW_MS },
  { key: 'blocked', suspension: stagedView('blocked'), nowMs: STORY_NOW_MS },
  { key: 'long', suspension: longSuspensionView(), nowMs: SUSPENDED_MS + HOUR_MS },
];

/** The banner of a Redis that is out of use, in each of its states. */
export function SuspensionRows() {
  return (
    <Row title="Redis out of use" note="One line; opened, what it means and the way back.">
      {BANNERS.map(({ key, ...banner }) => (
        <SuspensionPanel key={key} {...banner} onCopy={() => {}} />
      ))}
    </Row>
  );
}
