'use client';

import { clsx } from 'clsx';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { METRIC_OPTIONS, type MetricOption, searchMetrics } from '@/lib/core/deploys/measurable.ts';
import type { SourceKind } from '@/lib/core/model/target.ts';
import { NBSP } from '@/lib/core/units/decimal.ts';
import { CLAIM_INPUT } from './claim-fields.tsx';
import { KIND_WORDS } from './words.ts';

interface MetricFieldProps {
  metric: string | null;
  /** How sure the binding by words is, 0–1. */
  confidence: number;
  /** Kinds of source that are connected: their metrics come first. */
  sources: readonly SourceKind[];
  onBind: (metric: string | null) => void;
}

/** Which metric a claim is about: a list over the whole catalogue that narrows down as one types. */
export function MetricField({ metric, confidence, sources, onBind }: Readonly<MetricFieldProps>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  /** What is typed while the list is open; null while it is closed. */
  const [typed, setTyped] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const options = typed === null ? [] : searchMetrics(typed, sources);
  const bound = metric === null ? undefined : METRIC_OPTIONS.get(metric);

  const choose = (option: MetricOption | undefined): void => {
    if (option !== undefined) onBind(option.name);
    setTyped(null);
  };
  const move = (to: number): void => {
    setAt(to);
    list.current?.children[to]?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (typed === null) setTyped('');
      else if (options.length > 0)
        move((at + (event.key === 'ArrowDown' ? 1 : -1) + options.length) % options.length);
    } else if (event.key === 'Enter' && typed !== null) {
      event.preventDefault();
      choose(options[at]);
    } else if (event.key === 'Escape' && typed !== null) {
      event.preventDefault();
      event.stopPropagation();
      setTyped(null);
    }
  };
  const isOpen = typed !== null;
  return (
    <div className="relative">
      <label htmlFor={id} className="mb-1 block text-label text-ink-3">
        Metric
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          role="combobox"
          aria-expanded={isOpen}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-describedby={`${id}-note`}
          {...(isOpen && options.length > 0 ? { 'aria-activedescendant': `${id}-${at}` } : {})}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={200}
          placeholder="Search the metrics"
          value={typed ?? metric ?? ''}
          onChange={({ target }) => {
            setTyped(target.value);
            setAt(0);
          }}
          onClick={() => {
            if (typed === null) setTyped('');
          }}
          onBlur={() => setTyped(null)}
          onKeyDown={onKeyDown}
          className={clsx(CLAIM_INPUT, 'font-mono text-mono')}
        />
        {metric !== null && (
          <button
            type="button"
            className="shrink-0 rounded-control px-1.5 text-label text-ink-2 hover:bg-hover"
            onClick={() => onBind(null)}
          >
            Unbind
          </button>
        )}
      </div>
      <p id={`${id}-note`} className="mt-1 text-label text-ink-3">
        {bound === undefined
          ? 'Unbound: it is kept and shown, and nothing can tell whether it held.'
          : `${bound.help} ${confidenceWords(confidence)}`}
      </p>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label="Metrics"
        hidden={!isOpen}
        className="absolute inset-x-0 top-15 z-10 max-h-64 overflow-y-auto rounded-control border border-line-strong bg-surface p-1 shadow-float"
      >
        {options.map((option, i) => (
          <div
            key={option.name}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            // The press must not take the focus from the field, which would close the list before the click.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(option)}
            onKeyDown={() => {}}
            className={clsx('cursor-pointer rounded-tag px-2 py-1.5', i === at && 'bg-hover')}
          >
            <span className="block font-mono text-mono break-all">{option.name}</span>
            <span className="block text-label text-ink-3">
              {option.help} From {option.sources.map((kind) => KIND_WORDS[kind]).join(', ')}.
            </span>
          </div>
        ))}
        {isOpen && options.length === 0 && (
          <div
            tabIndex={-1}
            role="option"
            aria-selected="false"
            aria-disabled="true"
            className="px-2 py-1.5 text-ink-3"
          >
            No metric fits “{typed.slice(0, 40)}”.
          </div>
        )}
      </div>
    </div>
  );
}

/** How sure a binding is, in words. */
export function confidenceWords(confidence: number): string {
  return confidence >= 1
    ? 'Bound by a person.'
    : `Bound by its words, ${Math.round(confidence * 100)}${NBSP}% sure.`;
}
