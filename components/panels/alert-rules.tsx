'use client';

import { type ReactNode, useState } from 'react';
import type { RuleView } from '@/lib/core/alerts/alerts-view.ts';
import { ALERT_GROUPS, type AlertRuleId } from '@/lib/core/alerts/rules/rule.ts';
import { Button } from '../ui/button.tsx';
import { Tag } from '../ui/chip.tsx';

/** Every rule in words, by what it is about; each can be walked over what is stored. */
export function AlertRules({
  rules,
  backtestOf,
}: Readonly<{ rules: readonly RuleView[]; backtestOf: (rule: AlertRuleId) => ReactNode }>) {
  return (
    <>
      {ALERT_GROUPS.map((group) => {
        const own = rules.filter((rule) => rule.group === group);
        if (own.length === 0) return null;
        return (
          <section key={group} aria-label={`Rules: ${group}`} className="mb-6">
            <h2 className="border-b border-line pb-2 font-semibold">
              {group} <span className="font-normal text-ink-3">{own.length}</span>
            </h2>
            <ul>
              {own.map((rule) => (
                <Rule key={rule.id} rule={rule} backtestOf={backtestOf} />
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

function Rule({
  rule: { id, words, reads, isOff },
  backtestOf,
}: Readonly<{ rule: RuleView; backtestOf: (rule: AlertRuleId) => ReactNode }>) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li aria-label={id} className="border-line py-3 not-first:border-t">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-1.5 tablet:flex-nowrap">
        <div className="min-w-0 grow">
          <p className="flex flex-wrap items-center gap-x-2">
            <code className="font-mono text-mono break-all">{id}</code>
            {isOff && <Tag title="alerts.off in the config">switched off</Tag>}
          </p>
          <p className="mt-0.5 break-words text-ink-2">{words}</p>
          <p className="break-words text-ink-3">Reads: {reads}</p>
        </div>
        <Button
          size="small"
          className="no-print"
          aria-expanded={isOpen}
          aria-label={`Backtest ${id}`}
          onClick={() => setIsOpen(!isOpen)}
        >
          Backtest
        </Button>
      </div>
      {isOpen && <div className="mt-2.5">{backtestOf(id)}</div>}
    </li>
  );
}
