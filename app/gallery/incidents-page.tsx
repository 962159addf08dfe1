'use client';

import { useState } from 'react';
import {
  INCIDENT_NOW_MS,
  incidentOf,
  incidentsView,
  incidentView,
  longIncident,
} from '@/components/fixtures/incident.ts';
import { IncidentScreen } from '@/components/live/incident-screen.tsx';
import { IncidentsScreen } from '@/components/live/incidents-screen.tsx';
import { IncidentExport } from '@/components/panels/incident-export.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Segmented, segmentLook } from '@/components/ui/segmented.tsx';
import type { Incident, IncidentView } from '@/lib/core/model/incident.ts';
import { SharedCharts } from './frame.tsx';

const VIEWS: Readonly<Record<string, () => IncidentView>> = {
  evening: () => incidentView(),
  long: () => incidentView({ incident: longIncident(), marks: [] }),
  'no charts': () => incidentView({ charts: [], claims: [], impact: [] }),
  empty: () => incidentView({ incident: incidentOf({ entries: [], hypotheses: [], actions: [] }) }),
  merged: () => incidentView({ incident: incidentOf({ mergedInto: '20260409T190000-abcdefghjkmp' }) }),
  resolved: () => incidentView({ incident: incidentOf({ status: 'resolved', endMs: INCIDENT_NOW_MS }) }),
};
const SHOWN = [...Object.keys(VIEWS), 'list', 'empty list'];

const nothing = () => {};
const OPENER = <Button size="small">Open an incident</Button>;

/** The page of an incident in each of its states, and the list. What is pressed here changes this page and nothing else. */
export function IncidentsPage() {
  const [shown, setShown] = useState('evening');
  const make = VIEWS[shown];
  return (
    <>
      <div className="no-print scroll-quiet overflow-x-auto px-4 py-3">
        <Segmented label="State">
          {SHOWN.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === shown}
              className={`${segmentLook(name === shown)} whitespace-nowrap`}
              onClick={() => setShown(name)}
            >
              {name}
            </button>
          ))}
        </Segmented>
      </div>
      {make === undefined ? (
        <IncidentsScreen
          view={incidentsView(shown === 'list' ? {} : { incidents: [] })}
          receivedAtMs={null}
          zone="UTC"
          remarks={[]}
          notice={null}
          isBusy={false}
          opener={OPENER}
          onScope={nothing}
        />
      ) : (
        <Page key={shown} initial={make()} />
      )}
    </>
  );
}

function Page({ initial }: Readonly<{ initial: IncidentView }>) {
  const [view, setView] = useState(initial);
  const change = (to: Partial<Incident>) => setView({ ...view, incident: { ...view.incident, ...to } });
  const { incident, marks } = view;
  const hide = (id: string, isHidden: boolean) =>
    change({
      entries: incident.entries.map((entry) =>
        entry.id === id
          ? { ...entry, hidden: isHidden ? { by: 'Ada', atMs: INCIDENT_NOW_MS } : null }
          : entry,
      ),
    });
  return (
    <SharedCharts page={{ marks, origin: null }} scale="level">
      <IncidentScreen
        view={view}
        receivedAtMs={null}
        zone="UTC"
        notice={null}
        failure={null}
        printed={null}
        tools={<IncidentExport incidentId={incident.id} onMarkdown={nothing} onPrint={nothing} />}
        acts={{
          isBusy: false,
          name: 'Ada',
          onStatus: (status) => change({ status }),
          onEdit: nothing,
          onMerge: nothing,
          onNote: () => Promise.resolve(),
          onRename: nothing,
          onHypothesis: nothing,
          onJudge: nothing,
          onAction: nothing,
          onDone: ({ id, done }) =>
            change({
              actions: incident.actions.map((action) =>
                action.id === id
                  ? { ...action, done: done === null ? { by: 'Ada', atMs: INCIDENT_NOW_MS } : null }
                  : action,
              ),
            }),
          onHide: (id) => hide(id, true),
          onShow: (id) => hide(id, false),
        }}
      />
    </SharedCharts>
  );
}
