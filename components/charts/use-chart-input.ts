'use client';

import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import type { TimeRange } from '@/lib/core/time/range.ts';
import type { CrosshairStore } from './crosshair-store.ts';
import { zoomRange } from './zoom-range.ts';

/** Two instants, in the order they were chosen. */
export interface Selection {
  anchorMs: number;
  headMs: number;
}

interface ChartInputOptions {
  chartId: string;
  store: CrosshairStore;
  range: TimeRange;
  stepMs: number;
  /** Index of the bucket that the keyboard stands on, and of the newest. */
  index: number;
  lastIndex: number;
  /** Where a bucket is drawn; null when there is none. */
  atMsOf: (index: number) => number | null;
  onStep: (index: number) => void;
  /** Null where the page cannot zoom. */
  onZoom: ((range: TimeRange) => void) | null;
}

/** How far one press of a key moves the crosshair, in buckets. */
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 };
/** A hand that clicks trembles; only a longer way is a drag. */
const DRAG_PX = 4;

/**
 * Crosshair and zoom of one chart, by mouse, touch and keyboard. Mouse: move points, drag selects and zooms, a click
 * does neither. Touch: points. Keys: arrows point, with Shift they select, Enter zooms, Escape lets go.
 */
export function useChartInput(options: ChartInputOptions) {
  const { chartId, store, range, stepMs, index, lastIndex, atMsOf, onStep, onZoom } = options;
  const [selection, setSelection] = useState<Selection | null>(null);
  /** Where the mouse went down; the selection begins once it has moved far enough. */
  const press = useRef<{ atMs: number; clientX: number } | null>(null);

  function atMsUnder(event: PointerEvent<HTMLElement>): number {
    const box = event.currentTarget.getBoundingClientRect();
    const share = box.width > 0 ? (event.clientX - box.left) / box.width : 0;
    return range.startMs + Math.min(1, Math.max(0, share)) * (range.endMs - range.startMs);
  }

  function zoom({ anchorMs, headMs }: Selection) {
    const chosen = zoomRange(anchorMs, headMs, stepMs, range);
    setSelection(null);
    store.set(null);
    if (chosen !== null) onZoom?.(chosen);
  }

  function letGo() {
    press.current = null;
    setSelection(null);
    // A chart that loses the focus because another one is pointed at must not take the crosshair from it.
    if (store.get()?.chartId === chartId) store.set(null);
  }

  const pointer = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      const atMs = atMsUnder(event);
      store.set({ atMs, chartId });
      // A finger that moves must go on moving the crosshair or scrolling the page.
      if (onZoom === null || event.pointerType !== 'mouse' || event.button !== 0) return;
      setSelection(null);
      press.current = { atMs, clientX: event.clientX };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const atMs = atMsUnder(event);
      store.set({ atMs, chartId });
      if (press.current === null) return;
      const isDrag = selection !== null || Math.abs(event.clientX - press.current.clientX) >= DRAG_PX;
      if (!isDrag) return;
      // The drag may end outside the plot.
      event.currentTarget.setPointerCapture(event.pointerId);
      setSelection({ anchorMs: press.current.atMs, headMs: atMs });
    },
    onPointerUp: () => {
      if (press.current === null) return;
      press.current = null;
      if (selection !== null) zoom(selection);
    },
    onPointerCancel: letGo,
    onPointerLeave: (event: PointerEvent<HTMLElement>) => {
      // A lifted finger leaves what it pointed at to be read.
      if (event.pointerType !== 'touch' && selection === null) letGo();
    },
  };

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (event.key === 'Escape') {
      // The selection first: one key press undoes one step.
      if (selection === null) letGo();
      else {
        press.current = null;
        setSelection(null);
      }
      return;
    }
    if (event.key === 'Enter' && selection !== null) {
      event.preventDefault();
      zoom(selection);
      return;
    }
    const step = STEPS[event.key];
    const target =
      event.key === 'Home' ? 0 : event.key === 'End' ? lastIndex : step === undefined ? null : index + step;
    if (target === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = Math.min(lastIndex, Math.max(0, target));
    const atMs = atMsOf(next);
    if (atMs === null) return;
    onStep(next);
    store.set({ atMs, chartId });
    if (event.shiftKey && onZoom !== null) {
      setSelection({ anchorMs: selection?.anchorMs ?? atMsOf(index) ?? atMs, headMs: atMs });
    } else if (!event.shiftKey) {
      setSelection(null);
    }
  }

  return { selection, handlers: { ...pointer, onKeyDown, onBlur: letGo } };
}
