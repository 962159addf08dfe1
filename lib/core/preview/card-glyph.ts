import type { ClaimState } from '../model/claim.ts';
import type { IncidentStatus } from '../model/incident.ts';
import type { FrozenCopy } from '../model/share.ts';
import { COLOURS } from './card-colours.ts';
import { type CardNode, shape } from './card-node.ts';

/** Shapes tell states apart before their colours do; the word stands beside. */
type Sign = 'kept' | 'onwards' | 'warn' | 'broken' | 'alarm' | 'unknown';

const STATUS_SIGNS: Readonly<Record<IncidentStatus, Sign>> = {
  investigating: 'alarm',
  identified: 'warn',
  monitoring: 'onwards',
  resolved: 'kept',
};
const CLAIM_SIGNS: Readonly<Record<ClaimState, Sign>> = {
  settling: 'unknown',
  on_track: 'onwards',
  off_track: 'warn',
  undecided: 'unknown',
  met: 'kept',
  mostly_met: 'warn',
  failing: 'alarm',
  missed: 'broken',
  worse: 'broken',
  relapsed: 'broken',
  cant_tell: 'unknown',
};

const OCTAGON = 'M5.2 1.2h5.6L14.8 5.2v5.6L10.8 14.8H5.2L1.2 10.8V5.2Z';
const SIGNS: Readonly<Record<Sign, { outline: string; inner: string; colour: string }>> = {
  kept: { outline: '', inner: 'M4.9 8.2 7.1 10.4 11.2 5.9', colour: COLOURS.ok },
  onwards: { outline: '', inner: 'M5 8h5.6M8.4 5.7 10.8 8 8.4 10.3', colour: COLOURS.ok },
  warn: { outline: 'M8 2 15 14H1Z', inner: 'M8 6.3v3.1M8 11.7v.05', colour: COLOURS.watch },
  broken: { outline: OCTAGON, inner: 'M5.6 5.6 10.4 10.4M10.4 5.6 5.6 10.4', colour: COLOURS.bad },
  alarm: { outline: OCTAGON, inner: 'M8 4.9v3.3M8 11v.05', colour: COLOURS.bad },
  unknown: {
    outline: '',
    inner: 'M6.3 6.5a1.75 1.75 0 1 1 2.6 1.5c-.6.35-.9.65-.9 1.3M8 11.5v.05',
    colour: COLOURS.unknown,
  },
};

/** The shape of where it stood, 16 px; filled where that is final. Nothing for a chart. */
export function standingGlyph(standing: FrozenCopy['standing']): CardNode[] {
  if (standing === null) return [];
  const isIncident = standing.kind === 'incident';
  const sign = isIncident ? STATUS_SIGNS[standing.status] : CLAIM_SIGNS[standing.state];
  const { outline, inner, colour } = SIGNS[sign];
  const isOpen = sign === 'onwards' || sign === 'unknown' || (!isIncident && standing.provisional);
  const look = {
    fill: isOpen ? 'none' : colour,
    stroke: colour,
    'stroke-width': 1.4,
    'stroke-linejoin': 'round',
  };
  return [
    outline === ''
      ? shape('circle', {
          ...{ cx: 8, cy: 8, r: 6.3, ...look },
          ...(sign === 'unknown' ? { 'stroke-dasharray': '2.2 1.7' } : {}),
        })
      : shape('path', { d: outline, ...look }),
    shape('path', {
      ...{ d: inner, fill: 'none', stroke: isOpen ? colour : '#ffffff', 'stroke-width': 1.7 },
      ...{ 'stroke-linecap': 'round', 'stroke-linejoin': 'round' },
    }),
  ];
}
