import type { Hypothesis, IncidentStatus } from '../model/incident.ts';

/** How far people are, in one word. */
export const STATUS_NAMES: Readonly<Record<IncidentStatus, string>> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
};

/** What became of a hypothesis, in one word. */
export const HYPOTHESIS_NAMES: Readonly<Record<Hypothesis['state'], string>> = {
  open: 'Open',
  confirmed: 'Confirmed',
  refuted: 'Refuted',
};
