'use client';

import { type DIRECTIONS, LIMIT_OPS, type LimitOp, type ParsedClaim } from '@/lib/core/claims/document.ts';
import type { SourceKind } from '@/lib/core/model/target.ts';
import { ChoiceField, CLAIM_INPUT, Labelled, LabelsField, SpanField } from './claim-fields.tsx';
import { MetricField } from './metric-field.tsx';

const WINDOWS = [
  ['', 'none'],
  ['s', 'a second'],
  ['min', 'a minute'],
  ['h', 'an hour'],
  ['day', 'a day'],
  ['week', 'a week'],
  ['month', 'a month'],
  ['year', 'a year'],
] as const;
const DIRECTION_CHOICES = [
  ['', 'not said'],
  ['down', 'falls'],
  ['up', 'rises'],
  ['unchanged', 'stays'],
] as const satisfies readonly (readonly [(typeof DIRECTIONS)[number] | '', string])[];
const OP_WORDS: Record<LimitOp, string> = {
  '<': 'below',
  '<=': 'at most',
  '>': 'above',
  '>=': 'at least',
  '=': 'exactly',
};

/** Everything of one claim that a person can change. Numbers are in the unit and window that stand beside them. */
export function ClaimEditor({
  claim,
  sources,
  onChange,
}: Readonly<{
  claim: ParsedClaim;
  sources: readonly SourceKind[];
  onChange: (parts: Partial<ParsedClaim>) => void;
}>) {
  const { unit, window, limit, limitOp } = claim;
  const windows = WINDOWS.some(([one]) => one === (window ?? ''))
    ? WINDOWS
    : ([...WINDOWS, [window ?? '', window ?? '']] as const);
  const hasMore =
    claim.changePct !== null || claim.factor !== null || claim.delta !== null || claim.changePp !== null;
  return (
    <div className="flex flex-col gap-3">
      <Labelled label="Claim">
        {(id) => (
          <input
            id={id}
            className={CLAIM_INPUT}
            maxLength={300}
            value={claim.text}
            onChange={({ target }) => onChange({ text: target.value })}
          />
        )}
      </Labelled>
      <MetricField
        metric={claim.metric}
        confidence={claim.confidence}
        sources={sources}
        onBind={(metric) => onChange({ metric, labels: {}, confidence: metric === null ? 0 : 1 })}
      />
      {claim.metric !== null && (
        // Bound anew, it is about all of the metric again.
        <LabelsField key={claim.metric} labels={claim.labels} onLabels={(labels) => onChange({ labels })} />
      )}
      <div className="grid grid-cols-2 gap-3">
        <SpanField label="Before" span={claim.before} onSpan={(before) => onChange({ before })} />
        <SpanField label="Promised" span={claim.after} onSpan={(after) => onChange({ after })} />
        <Labelled label="Unit">
          {(id) => (
            <input
              id={id}
              className={CLAIM_INPUT}
              maxLength={60}
              autoComplete="off"
              spellCheck={false}
              placeholder="ms, %, USD, queries"
              value={unit ?? ''}
              onChange={({ target }) =>
                onChange({ unit: target.value.trim() === '' ? null : target.value.trimStart() })
              }
            />
          )}
        </Labelled>
        <ChoiceField<string>
          label="Per"
          value={window ?? ''}
          choices={windows}
          onChoose={(next) => onChange({ window: next === '' ? null : next })}
        />
        <ChoiceField
          label="Direction"
          value={claim.direction ?? ''}
          choices={DIRECTION_CHOICES}
          onChoose={(next) => onChange({ direction: next === '' ? null : next })}
        />
        <SpanField
          label="Change in percent"
          placeholder="−96.7"
          span={claim.changePct}
          onSpan={(changePct) => onChange({ changePct })}
        />
      </div>
      <details open={hasMore || limit !== null || claim.guard}>
        <summary className="min-h-6 w-fit cursor-pointer text-ink-2">Limit and other ways to say it</summary>
        <div className="mt-2 grid grid-cols-2 gap-3">
          <ChoiceField
            label="Limit is"
            value={limitOp ?? ''}
            choices={[['', 'none'], ...LIMIT_OPS.map((op) => [op, OP_WORDS[op]] as const)]}
            onChoose={(op) =>
              onChange(op === '' ? { limitOp: null, limit: null } : { limitOp: op, limit: limit ?? 0 })
            }
          />
          <SpanField
            label="Limit"
            span={limit}
            onSpan={(next) => onChange({ limit: next, limitOp: next === null ? null : (limitOp ?? '<=') })}
          />
          <SpanField
            label="Times"
            placeholder="10 to 50"
            span={claim.factor}
            onSpan={(factor) => onChange({ factor })}
          />
          <SpanField label="Saved or added" span={claim.delta} onSpan={(delta) => onChange({ delta })} />
          <SpanField
            label="Percentage points"
            span={claim.changePp}
            onSpan={(changePp) => onChange({ changePp })}
          />
        </div>
        <label className="mt-2 flex min-h-8 items-center gap-1.5">
          <input
            type="checkbox"
            checked={claim.guard}
            onChange={({ target }) => onChange({ guard: target.checked })}
          />
          Only must not get worse
        </label>
      </details>
    </div>
  );
}
