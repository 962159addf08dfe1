import type { Command } from './commands.ts';

interface IncidentCommandInput {
  isLocal: boolean;
  onMarkdown: () => void;
  onPrint: () => void;
  onScale: () => void;
  onTable: () => void;
  onZone: () => void;
}

/** Everything that a reader can do by key on the page of an incident; sharing is offered by its button. */
export function incidentCommands(input: IncidentCommandInput): readonly Command[] {
  const make = (
    id: string,
    keys: string | null,
    title: string,
    run: () => void,
    group: Command['group'] = 'Page',
  ): Command => ({ id, keys, title, group, isAvailable: () => true, run });
  return [
    make('markdown', 'm', 'Copy the incident as Markdown', input.onMarkdown),
    make('print', null, 'Print the incident, or save it as PDF', input.onPrint),
    make('next-scale', 'l', 'Next axis: level, index, log', input.onScale, 'Charts'),
    make('table', 'v', 'All charts as tables, or as charts again', input.onTable, 'Charts'),
    make('zone', 'u', input.isLocal ? 'Show times in UTC' : 'Show times in the local zone', input.onZone),
  ];
}
