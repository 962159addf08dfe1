import { keepName, loadName } from '@/lib/client/person-name.ts';
import type { IncidentAct } from '@/lib/client/use-incident-acts.ts';
import type { Incident, IncidentLine } from '@/lib/core/model/incident.ts';

/** What every dialog of the page of an incident is given. */
export interface IncidentFormProps {
  incident: Incident;
  /** Open ones that it could go into. */
  others: readonly IncidentLine[];
  nowMs: number;
  isBusy: boolean;
  /** Why the last thing was not done; null when it was. */
  failure: string | null;
  run: (act: IncidentAct & { by: string }) => Promise<unknown>;
  /** The name was given or changed. */
  onNamed: (name: string) => void;
  onClose: () => void;
}

/** What every such dialog gives the form around it. The name is remembered in this browser when the form is sent. */
export function commonOf({ isBusy, failure, onNamed, onClose }: IncidentFormProps) {
  const person = {
    load: loadName,
    keep: (name: string) => {
      keepName(name);
      onNamed(name);
    },
  };
  return { isBusy, failure, onClose, person };
}

/** What was typed, without spaces around it; null for nothing. */
export const orNull = (text: string) => (text.trim() === '' ? null : text.trim());
