'use client';

import type { SourceKind } from '@/lib/core/model/target.ts';
import { actsText, dayCostOf, usualShape } from '@/lib/core/sources/cost.ts';
import { SOURCE_SPECS } from '@/lib/core/sources/index.ts';
import { exampleValues, writeSource } from '@/lib/core/sources/write-yaml.ts';
import { Button } from '../ui/button.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { CopyBlock } from './settings-copy.tsx';
import { SourceCalls, SourceGrants, SourceLights } from './settings-kind.tsx';

/** Kinds of source that nobody has configured: what each would light up, what it needs, and the lines that bring it. */
export function SettingsMissing({
  kinds,
  onCopy,
  onFill,
}: Readonly<{
  kinds: readonly SourceKind[];
  onCopy: (text: string) => void;
  /** Opens the form for this kind. */
  onFill: (kind: SourceKind) => void;
}>) {
  if (kinds.length === 0) return null;
  return (
    <PanelFrame title="Not configured" question="What would each light up?" state={{ kind: 'ready' }}>
      <ul>
        {kinds.map((kind) => (
          <MissingRow key={kind} kind={kind} onCopy={onCopy} onFill={onFill} />
        ))}
      </ul>
    </PanelFrame>
  );
}

function MissingRow({
  kind,
  onCopy,
  onFill,
}: Readonly<{ kind: SourceKind; onCopy: (text: string) => void; onFill: (kind: SourceKind) => void }>) {
  const { title, reads, lights, variables } = SOURCE_SPECS[kind];
  const shape = usualShape(kind);
  return (
    <li className="border-line py-3 not-first:border-t">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h3 className="min-w-0 grow">
          <span className="font-medium">{title}</span> <span className="text-ink-3">{reads}</span>
        </h3>
        <Button size="small" aria-label={`Connect ${title}`} onClick={() => onFill(kind)}>
          Connect
        </Button>
      </div>
      <p className="text-ink-2">
        <span className="text-ink-3">Would light up: </span>
        {lights.map(({ panel }) => panel).join(', ')}
        <span className="text-ink-3"> · {actsText(dayCostOf(shape))} a day</span>
      </p>
      <details className="mt-1">
        <summary className="min-h-6 w-fit cursor-pointer text-ink-2">
          Lines, calls and rights<span className="sr-only"> of {title}</span>
        </summary>
        <div className="mt-2 grid gap-x-12 gap-y-4 pb-2 duo:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-4">
            <div>
              <h4 className="mb-1 text-label text-ink-3">In afterwatch.yml</h4>
              <CopyBlock
                text={writeSource(kind, exampleValues(kind)).yaml}
                label={`the lines for ${title}`}
                onCopy={onCopy}
              />
              {variables.length > 0 && (
                <p className="mt-1.5 text-label text-ink-3">
                  Or without a file: set <code className="font-mono">{variables.join(' and ')}</code>.
                </p>
              )}
            </div>
            <SourceLights shape={shape} lit={null} />
          </div>
          <div className="flex min-w-0 flex-col gap-4">
            <SourceCalls shape={shape} />
            <SourceGrants shape={shape} onCopy={onCopy} />
          </div>
        </div>
      </details>
    </li>
  );
}
