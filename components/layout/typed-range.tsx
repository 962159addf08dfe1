'use client';

import { type FormEvent, useId, useRef, useState } from 'react';
import { readTypedWindow, type TypedWindow } from '@/lib/client/typed-time.ts';
import { writeWall } from '@/lib/client/zone-time.ts';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { Button } from '../ui/button.tsx';
import { Glyph } from '../ui/glyph.tsx';

interface TypedRangeProps {
  /** What the fields hold at first. */
  seen: TimeRange;
  zone: Zone;
  nowMs: () => number;
  onShow: (range: TimeRange) => void;
}

const FIELDS = [
  { name: 'from', label: 'From' },
  { name: 'to', label: 'To' },
] as const;

/** Both ends of a window, typed in the zone that the page shows. A fault is said at the field that it is in. */
export function TypedRange({ seen, zone, nowMs, onShow }: Readonly<TypedRangeProps>) {
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const [typed, setTyped] = useState<TypedWindow>(() => ({
    from: writeMinute(seen.startMs, zone),
    to: writeMinute(seen.endMs, zone),
  }));
  const [fault, setFault] = useState<{ field: keyof TypedWindow; text: string } | null>(null);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const result = readTypedWindow(typed, zone, nowMs());
    if ('range' in result) {
      onShow(result.range);
      return;
    }
    setFault({ field: result.field, text: result.fault });
    form.current?.querySelector<HTMLInputElement>(`[name="${result.field}"]`)?.focus();
  };

  return (
    <form ref={form} noValidate onSubmit={submit} className="mt-4">
      <div className="grid grid-cols-2 gap-3">
        {FIELDS.map(({ name, label }) => (
          <div key={name}>
            <label htmlFor={`${id}-${name}`} className="mb-1.5 block text-label text-ink-3">
              {label}
            </label>
            <input
              id={`${id}-${name}`}
              name={name}
              value={typed[name]}
              onChange={(event) => {
                setTyped({ ...typed, [name]: event.target.value });
                setFault(null);
              }}
              autoComplete="off"
              spellCheck={false}
              aria-invalid={fault?.field === name}
              aria-describedby={`${id}-hint ${id}-fault`}
              className="h-11 w-full rounded-control border border-line-strong bg-surface px-2.5 text-ink aria-invalid:border-ink max-tablet:text-[16px] tablet:h-8"
            />
          </div>
        ))}
      </div>
      <p id={`${id}-hint`} className="mt-1.5 text-label text-ink-3">
        Times are in {zone}. “now” works too.
      </p>
      <div className="mt-2.5 flex min-h-9 items-center gap-3">
        <p id={`${id}-fault`} role="alert" className="flex min-w-0 flex-1 items-start gap-1.5 text-label">
          {fault !== null && (
            <>
              <Glyph name="bad_outline" size={14} />
              {fault.text}
            </>
          )}
        </p>
        <Button type="submit" className="max-tablet:h-11 max-tablet:px-5">
          Show
        </Button>
      </div>
    </form>
  );
}

/** Whole minutes: what a person would have typed. */
function writeMinute(atMs: number, zone: Zone): string {
  return writeWall(Math.floor(atMs / 60_000) * 60_000, zone);
}
