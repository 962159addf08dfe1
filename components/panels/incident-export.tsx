'use client';

import { Keys } from '../ui/kbd.tsx';
import { MenuItem, MenuItems } from '../ui/menu.tsx';
import { Popover } from '../ui/popover.tsx';

interface IncidentExportProps {
  incidentId: string;
  onMarkdown: () => void;
  onPrint: () => void;
}

const FILES = [
  { format: 'md', title: 'Markdown file' },
  { format: 'json', title: 'JSON file' },
  { format: 'csv', title: 'CSV of the charts' },
] as const;

/** Ways to take an incident along: to copy, as files, on paper. */
export function IncidentExport({ incidentId, onMarkdown, onPrint }: Readonly<IncidentExportProps>) {
  return (
    <Popover id="incident-export" label="Export" face="Export" role="menu">
      {(close) => {
        const choose = (run: () => void) => () => {
          close();
          run();
        };
        return (
          <MenuItems>
            <MenuItem title="Copy as Markdown" detail={<Keys keys="m" />} onChoose={choose(onMarkdown)} />
            {FILES.map(({ format, title }) => (
              <a
                key={format}
                role="menuitem"
                tabIndex={-1}
                href={`/api/incidents/${incidentId}/export?format=${format}`}
                download
                onClick={close}
                className="flex min-h-11 w-full items-center rounded-tag px-2.5 py-1 whitespace-nowrap hover:bg-hover focus-visible:-outline-offset-2 tablet:min-h-7.5"
              >
                {title}
              </a>
            ))}
            <MenuItem title="Print, or save as PDF" onChoose={choose(onPrint)} />
          </MenuItems>
        );
      }}
    </Popover>
  );
}
