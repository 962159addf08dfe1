'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { KnownFacts } from '@/lib/core/claims/audit/known.ts';
import type { ClaimsDocument, ParsedClaim } from '@/lib/core/claims/document.ts';
import { scrubSecrets } from '@/lib/core/claims/scrub.ts';
import { blankClaim, type DraftClaim, joinDraft } from '@/lib/core/deploys/draft.ts';
import { byteLength, tooLong } from '@/lib/core/deploys/paste.ts';
import { type DeployDraft, EMPTY_DRAFT, keepDraft, loadDraft } from './deploy-store.ts';

/** After the last key; a long text waits longer, so that reading it takes at most a fifth of the time. */
const TYPING_MS = 180;
const SHARE = 4;

const readerOf = () => import('@/lib/core/claims/index.ts');

/** Runs when the browser has nothing better to do, at the latest after a moment. Gives the way to call it off. */
function whenIdle(run: () => void): () => void {
  if (typeof window.requestIdleCallback !== 'function') {
    const timer = setTimeout(run, 0);
    return () => clearTimeout(timer);
  }
  const handle = window.requestIdleCallback(run, { timeout: 500 });
  return () => window.cancelIdleCallback(handle);
}

/** What was last read, and of which text. */
interface Read {
  text: string;
  known: KnownFacts;
  document: ClaimsDocument;
}

function makeKey(): string {
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint32Array(2));
  return `k${a.toString(36)}${b.toString(36)}`;
}

/**
 * A deploy while it is written: the text as typed, what is read from it in idle moments, and what a person made of the
 * claims. Kept in this tab until it is registered. Secrets are replaced before anything is kept or read.
 */
export function useDeployDraft(known: KnownFacts) {
  const [draft, setDraft] = useState<DeployDraft>(EMPTY_DRAFT);
  const [read, setRead] = useState<Read | null>(null);
  const [isLoaded, setIsLoaded] = useState(false);
  const [readerFailed, setReaderFailed] = useState(false);
  const costMs = useRef(0);
  const { text } = draft;

  useEffect(() => {
    const stored = loadDraft();
    // What was typed before the page came to life is not thrown away.
    if (stored !== null) setDraft((now) => (now.text === '' ? stored : now));
    setIsLoaded(true);
  }, []);

  useEffect(() => {
    if (!isLoaded) return;
    const timer = setTimeout(() => {
      const clean = scrubSecrets(draft.text);
      keepDraft(clean.count === 0 ? draft : { ...draft, text: clean.text });
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [draft, isLoaded]);

  const bytes = byteLength(text);
  const fault = tooLong(bytes);
  const isBlank = text.trim() === '';
  const isDue = !isBlank && fault === null && (read === null || read.text !== text || read.known !== known);

  useEffect(() => {
    if (!isDue) return;
    let isOver = false;
    let cancelIdle = () => {};
    const timer = setTimeout(
      () => {
        void readerOf().then(
          ({ parseClaims }) => {
            if (isOver) return;
            cancelIdle = whenIdle(() => {
              const startedMs = performance.now();
              const clean = scrubSecrets(text);
              const document = parseClaims(clean.text, { known });
              costMs.current = performance.now() - startedMs;
              setReaderFailed(false);
              setRead({ text: clean.text, known, document });
              setDraft((now) => ({
                ...now,
                text: now.text === text ? clean.text : now.text,
                redactions: now.redactions + (now.text === text ? clean.count : 0),
                claims: [...joinDraft(now.claims, document.claims, makeKey)],
              }));
            });
          },
          () => setReaderFailed(true),
        );
      },
      Math.max(TYPING_MS, costMs.current * SHARE),
    );
    return () => {
      isOver = true;
      clearTimeout(timer);
      cancelIdle();
    };
  }, [isDue, text, known]);

  // An emptied page has read nothing; what was added by hand stays.
  const isEmptied = isLoaded && isBlank && read !== null;
  if (isEmptied) {
    setRead(null);
    setDraft((now) => ({ ...now, claims: [...joinDraft(now.claims, [], makeKey)] }));
  }

  const change = useCallback((parts: Partial<Omit<DeployDraft, 'claims'>>) => {
    setDraft((now) => ({ ...now, ...parts }));
  }, []);
  const countSecrets = useCallback((count: number) => {
    setDraft((now) => ({ ...now, redactions: now.redactions + count }));
  }, []);
  const editClaim = useCallback((key: string, edit: (one: DraftClaim) => DraftClaim) => {
    setDraft((now) => ({ ...now, claims: now.claims.map((one) => (one.key === key ? edit(one) : one)) }));
  }, []);
  const addClaim = useCallback((words: string, line: number | null): string => {
    const key = makeKey();
    const claim: ParsedClaim = blankClaim(words, line);
    setDraft((now) => ({ ...now, claims: [...now.claims, { key, claim, read: null, isRemoved: false }] }));
    return key;
  }, []);
  const dropClaim = useCallback((key: string) => {
    setDraft((now) => ({ ...now, claims: now.claims.filter((one) => one.key !== key) }));
  }, []);
  const clear = useCallback(() => {
    keepDraft(EMPTY_DRAFT);
    setRead(null);
    setDraft(EMPTY_DRAFT);
  }, []);

  return {
    draft,
    /** What was last read; null while there is nothing to read. */
    document: read?.document ?? null,
    /** True while the text is ahead of what was read. */
    isReading: isDue,
    bytes,
    /** Why the text cannot be taken; null when it can. */
    fault:
      fault ?? (readerFailed ? 'The reader could not be loaded. Reload the page; the text is kept.' : null),
    change,
    countSecrets,
    editClaim,
    addClaim,
    dropClaim,
    clear,
  };
}
