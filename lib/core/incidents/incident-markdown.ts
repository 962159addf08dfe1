import { type Story, storyMarkdown } from '../markdown/story.ts';
import type { IncidentView } from '../model/incident.ts';

/** An incident as a Markdown document, to be filed. Hidden lines are counted, not told. `url`: its page; null to name none. */
export function incidentMarkdown(view: IncidentView, { url }: Readonly<{ url: string | null }>): string {
  return storyMarkdown(storyOf(view), {
    words: 'Incident in Afterwatch',
    url,
    verb: 'Written',
    atMs: view.asOfMs,
  });
}

function storyOf({
  incident,
  scope,
  range,
  sentence,
  release,
  impact,
  charts,
  claims,
  marks,
}: IncidentView): Story {
  const shown = incident.entries.filter(({ hidden }) => hidden === null);
  const deployMark = marks.find((mark) => mark.release === release);
  const merged = incident.mergedInto === null ? null : `It was merged into incident ${incident.mergedInto}.`;
  return {
    kind: 'incident',
    place: `${scope.app}, ${scope.environment}`,
    title: sentence.verdict,
    lead: [sentence.limit, merged].filter((text) => text !== null).join(' ') || null,
    standing: { kind: 'incident', status: incident.status },
    ...{ range, span: { startMs: incident.startMs, endMs: incident.endMs } },
    deploy: release === null || deployMark === undefined ? null : { release, startMs: deployMark.startMs },
    ...{ impact, charts, claims, checks: [] },
    timeline: shown,
    hypotheses: incident.hypotheses,
    actions: incident.actions.map(({ done, ...action }) => ({ ...action, done: done !== null })),
    leftOut: [{ what: 'hidden', count: incident.entries.length - shown.length }],
  };
}
