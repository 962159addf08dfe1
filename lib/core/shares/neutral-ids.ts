import type { EntryFact } from '../model/incident.ts';
import type { FrozenCopy } from '../model/share.ts';

/**
 * The copy with words of its own in place of every id, which may hold names of sources and machines, and without links
 * into this server. Things that belonged together still do: a claim, its chart and the entries about it.
 */
export function neutralIds(copy: FrozenCopy): FrozenCopy {
  const deploy = counter('deploy');
  const claim = counter('claim');
  const alert = counter('alert');
  const incident = counter('incident');
  // Claims first, so that they are counted in their order.
  const claims = copy.claims.map((one) => ({ ...one, id: claim(one.id) }));
  const fact = (own: EntryFact): EntryFact => {
    switch (own.kind) {
      case 'deploy':
        return { ...own, deployId: deploy(own.deployId) };
      case 'alert':
        return { ...own, alertId: alert(own.alertId) };
      case 'verdict':
        return {
          ...own,
          deployId: deploy(own.deployId),
          claimId: own.claimId === null ? null : claim(own.claimId),
        };
      case 'merge':
        return { ...own, incidentId: incident(own.incidentId) };
      case 'mode':
      case 'status':
      case 'note':
      case 'hypothesis':
      case 'action':
      case 'share':
        return own;
      default:
        return own satisfies never;
    }
  };
  return {
    ...copy,
    claims,
    timeline: copy.timeline.map((entry) => ({ ...entry, fact: fact(entry.fact) })),
    charts: copy.charts.map((chart) => ({
      ...chart,
      id: chart.id.startsWith('claim:') ? `claim:${claim(chart.id.slice('claim:'.length))}` : chart.id,
      marks: chart.marks.map((mark, i) => ({ ...mark, id: `mark-${i + 1}`, href: null })),
      view: {
        ...chart.view,
        comparison: null,
        lines: chart.view.lines.map((line, i) => ({ ...line, key: `line-${i + 1}` })),
        missing: chart.view.missing === null ? null : { ...chart.view.missing, fix: null },
      },
    })),
  };
}

function counter(word: string): (id: string) => string {
  const known = new Map<string, string>();
  return (id) => {
    const own = known.get(id) ?? `${word}-${known.size + 1}`;
    known.set(id, own);
    return own;
  };
}
