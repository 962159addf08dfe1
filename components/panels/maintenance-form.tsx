'use client';

import { type FormEvent, useState } from 'react';
import type { RuleView } from '@/lib/core/alerts/alerts-view.ts';
import type { AlertRuleId } from '@/lib/core/alerts/rules/rule.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/lib/core/time/range.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { useChartPage } from '../charts/chart-page.ts';
import { Button } from '../ui/button.tsx';
import { ChoiceField, CLAIM_INPUT, Labelled } from './claim-fields.tsx';

/** A window as somebody wants it. */
export interface MaintenanceAsked {
  startMs: number;
  endMs: number;
  reason: string;
  /** All rules where it is empty. */
  rules: readonly AlertRuleId[];
}

interface MaintenanceFormProps {
  rules: readonly RuleView[];
  /** Reads a time that was typed: an instant, or what is wrong with it. */
  readTime: (text: string) => { atMs: number } | { fault: string };
  isBusy: boolean;
  /** Why it was not planned; null when it was, or was not tried. */
  failure: string | null;
  /** Rejects where it was not done: what was typed stays. */
  onPlan: (asked: MaintenanceAsked) => Promise<unknown>;
}

const MOST_REASON = 200;
const LENGTHS = [30 * MINUTE_MS, HOUR_MS, 2 * HOUR_MS, 4 * HOUR_MS, 8 * HOUR_MS, DAY_MS, 7 * DAY_MS];
const AN_HOUR = String(HOUR_MS);

/** Plans a window: from when, for how long, why, and which alerts. */
export function MaintenanceForm({
  rules,
  readTime,
  isBusy,
  failure,
  onPlan,
}: Readonly<MaintenanceFormProps>) {
  const { zone } = useChartPage();
  const [from, setFrom] = useState('now');
  const [length, setLength] = useState(AN_HOUR);
  const [reason, setReason] = useState('');
  const [only, setOnly] = useState<readonly AlertRuleId[]>([]);
  const [fault, setFault] = useState<string | null>(null);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    const start = readTime(from);
    if ('fault' in start) {
      setFault(start.fault);
      return;
    }
    const asked = {
      startMs: start.atMs,
      endMs: start.atMs + Number(length),
      reason: reason.trim(),
      rules: only,
    };
    void onPlan(asked).then(
      () => {
        setFrom('now');
        setReason('');
        setOnly([]);
      },
      // What was typed stays; why it was refused stands below.
      () => {},
    );
  };
  return (
    <form aria-label="Plan a window" noValidate onSubmit={send} className="mt-6 border-t border-line pt-4">
      <h3 className="mb-2.5 font-semibold">Plan a window</h3>
      <div className="grid gap-3 tablet:grid-cols-[200px_140px_minmax(0,1fr)]">
        <Labelled label={`From, in ${zone}`}>
          {(id) => (
            <>
              <input
                id={id}
                className={CLAIM_INPUT}
                autoComplete="off"
                spellCheck={false}
                maxLength={40}
                value={from}
                aria-invalid={fault !== null}
                {...(fault === null ? {} : { 'aria-describedby': `${id}-fault` })}
                onChange={({ target }) => {
                  setFrom(target.value);
                  setFault(null);
                }}
              />
              {fault !== null && (
                <p id={`${id}-fault`} role="alert" className="mt-1 text-label text-ink-2">
                  {fault}
                </p>
              )}
            </>
          )}
        </Labelled>
        <ChoiceField
          label="For how long"
          value={length}
          choices={LENGTHS.map((ms) => [String(ms), formatDuration(ms)] as const)}
          onChoose={setLength}
        />
        <Labelled label="Why">
          {(id) => (
            <input
              id={id}
              className={CLAIM_INPUT}
              maxLength={MOST_REASON}
              required
              placeholder="cache is moved"
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          )}
        </Labelled>
      </div>
      <RuleChoice rules={rules} only={only} onOnly={setOnly} />
      {failure !== null && (
        <p role="alert" className="mt-2 break-words text-ink-2">
          Not planned: {failure}
        </p>
      )}
      <Button type="submit" className="mt-3" disabled={isBusy || reason.trim() === ''}>
        Plan it
      </Button>
    </form>
  );
}

/** All rules, unless some are named. */
function RuleChoice({
  rules,
  only,
  onOnly,
}: Readonly<{
  rules: readonly RuleView[];
  only: readonly AlertRuleId[];
  onOnly: (only: readonly AlertRuleId[]) => void;
}>) {
  return (
    <details className="mt-3">
      <summary className="cursor-pointer">
        Which alerts{' '}
        <span className="text-ink-3">
          {only.length === 0 ? 'all rules' : `${only.length} of ${rules.length} rules`}
        </span>
      </summary>
      <fieldset className="mt-1.5 grid gap-x-4 tablet:grid-cols-3">
        <legend className="sr-only">Only alerts of these rules</legend>
        {rules.map(({ id }) => (
          <label key={id} className="flex min-h-8 items-center gap-1.5">
            <input
              type="checkbox"
              checked={only.includes(id)}
              onChange={({ target }) =>
                onOnly(target.checked ? [...only, id] : only.filter((one) => one !== id))
              }
            />
            <code className="min-w-0 font-mono text-mono break-all">{id}</code>
          </label>
        ))}
      </fieldset>
    </details>
  );
}
