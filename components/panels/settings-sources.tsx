'use client';

import { actsText, usdOf } from '@/lib/core/sources/cost.ts';
import { SOURCE_SPECS } from '@/lib/core/sources/index.ts';
import { withoutCommand } from '@/lib/core/sources/mend.ts';
import { expectedDay } from '@/lib/core/sources/settings-sentence.ts';
import type { SourceSettingView, SourceTestView } from '@/lib/core/sources/settings-view.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { formatMoney } from '@/lib/core/units/money.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { Age } from '../ui/age.tsx';
import { Button } from '../ui/button.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { PanelFrame } from '../ui/panel-frame.tsx';
import { Status } from '../ui/status.tsx';
import { BackfillLine } from './settings-backfill.tsx';
import { SourceCalls, SourceGrants, SourceLights } from './settings-kind.tsx';
import { Mends, TestResult } from './settings-test.tsx';
import { isQuiet, SOURCE_WORDS } from './words.ts';

const SHOWN = 12;

/** How the test of one source stands. */
export type SourceTestState =
  | { kind: 'running' }
  | { kind: 'done'; result: SourceTestView }
  | { kind: 'failed'; text: string };

export interface SettingsSourcesProps {
  sources: readonly SourceSettingView[];
  receivedAtMs: number | null;
  zone?: Zone;
  tests: ReadonlyMap<string, SourceTestState>;
  /** A test runs: actions of a page run one after another. */
  isBusy: boolean;
  onTest: (id: string) => void;
  onPutAway: (id: string) => void;
  onCopy: (text: string) => void;
}

/** Every configured source: its state, what is missing, its calls and their cost, and a visit on request. */
export function SettingsSources(props: Readonly<SettingsSourcesProps>) {
  const { sources } = props;
  const sorted = [...sources].sort((a, b) => Number(isQuiet(a.state)) - Number(isQuiet(b.state)));
  const { shown, more } = useLongList(sorted, SHOWN, 'sources');
  const hasScopes = new Set(sources.map(({ scope }) => `${scope.app}/${scope.environment}`)).size > 1;
  return (
    <PanelFrame
      title="Sources"
      question="What is read, by which calls, and at what cost?"
      state={
        sources.length > 0
          ? { kind: 'ready' }
          : {
              kind: 'empty',
              text: 'Nothing is configured yet.',
              fix: 'Fill the form below and copy its lines.',
            }
      }
    >
      <ul>
        {shown.map((source) => (
          <SourceRow key={source.id} source={source} hasScopes={hasScopes} {...props} />
        ))}
      </ul>
      {more}
    </PanelFrame>
  );
}

function SourceRow({
  source,
  hasScopes,
  ...props
}: Readonly<{ source: SourceSettingView; hasScopes: boolean } & SettingsSourcesProps>) {
  const { id, name, kind, address, scope, state, ageMs, shape, error, fix, notices, backfill } = source;
  const test = props.tests.get(id) ?? null;
  return (
    <li className="border-line py-3 not-first:border-t">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="w-32 max-tablet:w-auto">
          <Status {...SOURCE_WORDS[state]} />
        </span>
        <h3 className="min-w-0 grow break-words">
          <span className="font-medium">{name}</span>
          <span className="text-ink-3">
            {' '}
            {SOURCE_SPECS[kind].title} <span className="font-mono text-mono">{address}</span>
            {hasScopes && ` · ${scope.app} · ${scope.environment}`}
          </span>
        </h3>
        <span className="whitespace-nowrap text-ink-3">
          <Age ageMs={ageMs} receivedAtMs={props.receivedAtMs} />, every{' '}
          {formatDuration(shape.intervalSeconds * 1_000)}
        </span>
        <Button
          size="small"
          aria-label={`Test ${name}`}
          disabled={props.isBusy}
          onClick={() => props.onTest(id)}
        >
          {test?.kind === 'running' ? 'Testing…' : 'Test'}
        </Button>
      </div>
      <div className="min-w-0 tablet:pl-36">
        <CostLine source={source} />
        {backfill !== null && (
          <BackfillLine
            kind={kind}
            name={name}
            backfill={backfill}
            {...(props.zone && { zone: props.zone })}
          />
        )}
        {error !== null && <p className="break-words text-ink-2">{withoutCommand(error.message)}</p>}
        {fix !== null && (
          <p className="text-ink-2">
            <span className="text-ink-3">To do: </span>
            {fix}
          </p>
        )}
        <Mends source={source} error={error} notices={notices} onCopy={props.onCopy} />
        {test?.kind === 'failed' && (
          <p role="alert" className="mt-1 text-ink-2">
            Not tested: {test.text}
          </p>
        )}
        {test?.kind === 'done' && (
          <TestResult
            source={source}
            result={test.result}
            {...(props.zone && { zone: props.zone })}
            onCopy={props.onCopy}
            onPutAway={() => props.onPutAway(id)}
          />
        )}
        <details className="mt-1">
          <summary className="min-h-6 w-fit cursor-pointer text-ink-2">
            Calls, rights and panels<span className="sr-only"> of {name}</span>
          </summary>
          <div className="mt-2 grid gap-x-12 gap-y-4 pb-2 duo:grid-cols-2">
            <SourceCalls shape={shape} />
            <div className="flex min-w-0 flex-col gap-4">
              <SourceLights shape={shape} lit={source.lit} />
              <SourceGrants shape={shape} onCopy={props.onCopy} />
              <Facts facts={source.facts} />
            </div>
          </div>
        </details>
      </div>
    </li>
  );
}

/** What was sent today, what a day comes to, and how much of our own budget that is. */
function CostLine({ source }: Readonly<{ source: SourceSettingView }>) {
  const { costToday, budget, shape } = source;
  const day = expectedDay(source);
  const usd = usdOf(shape, day);
  return (
    <p className="text-ink-2">
      <span className="text-ink-3">Watching: </span>
      {actsText(costToday)} today, about {actsText(day)} a day
      {usd !== null && `, ${formatMoney(usd)} a day at list price`}
      {budget !== null && (
        <span className="text-ink-3">
          ; our cap is {budget.contactsPerDay.toLocaleString('en-US')} commands and connects a day
        </span>
      )}
    </p>
  );
}

function Facts({ facts }: Readonly<Pick<SourceSettingView, 'facts'>>) {
  if (facts.length === 0) return null;
  return (
    <div>
      <h4 className="mb-1 text-label text-ink-3">What it says of itself</h4>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5">
        {facts.map(([what, value]) => (
          <div key={what} className="contents">
            <dt className="text-ink-3 first-letter:uppercase">{what}</dt>
            <dd className="break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
