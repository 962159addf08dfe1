import type { StoredView } from '@/lib/core/sources/settings-view.ts';
import { valueText } from '@/lib/core/units/format-value.ts';

const ENGINES: Readonly<Record<string, string>> = {
  sqlite: 'SQLite in the data folder',
  postgres: 'PostgreSQL',
};

const ROLES: Record<StoredView['role'], string> = {
  alone: 'One instance reads and writes them.',
  leads: 'This instance leads: it visits the sources and writes. Others that share the data follow it.',
  follows: 'This instance follows: another one visits the sources and writes.',
};

/** Where numbers are kept, how much there is, and which instance writes. */
export function SettingsData({ data }: Readonly<{ data: StoredView }>) {
  const { engine, bytes, series, role, fault } = data;
  return (
    <>
      <h2 className="mb-2.5 text-section">
        Data <span className="text-data font-normal text-ink-3">Where is what was read kept?</span>
      </h2>
      <p className="text-body text-ink-2">
        {ENGINES[engine] ?? engine}, {valueText(bytes, 'bytes')}, {series.toLocaleString('en-US')} series.{' '}
        {ROLES[role]}
      </p>
      {fault !== null && (
        <p className="mt-1.5 text-body text-ink">
          <span className="font-semibold">Nothing can be written.</span> {fault}
        </p>
      )}
    </>
  );
}
