'use client';

import { type ClipboardEvent, type DragEvent, useEffect, useMemo, useRef, useState } from 'react';
import { type DeployActions, deployActions } from '@/lib/client/deploy-actions.ts';
import { deployNewCommands } from '@/lib/client/deploy-new-commands.ts';
import { readTime, statedTime, writeTime } from '@/lib/client/deploy-time.ts';
import { useDeployDraft } from '@/lib/client/use-deploy-draft.ts';
import { useForecasts } from '@/lib/client/use-forecasts.ts';
import { useRegisterDeploy } from '@/lib/client/use-register-deploy.ts';
import { scrubSecrets } from '@/lib/core/claims/scrub.ts';
import type { NewDeployView } from '@/lib/core/deploys/deploys-view.ts';
import { heldClaims } from '@/lib/core/deploys/draft.ts';
import { type ItemOrder, readItems } from '@/lib/core/deploys/items.ts';
import { tellMeasurable } from '@/lib/core/deploys/measurable.ts';
import { byteLength, MAX_SUMMARY_BYTES, readBytes, tooLong } from '@/lib/core/deploys/paste.ts';
import { useCommands, useCommandsContext } from '../layout/commands-context.tsx';
import { scopeText } from '../panels/deploy-facts.tsx';
import { itemId } from '../panels/deploy-items.tsx';
import { focusLine, insertText, type LineMark } from '../panels/summary-editor.tsx';
import { DeployNewScreen } from './deploy-new-screen.tsx';

const NOTHING = { audit: [], checks: [], followUps: [], rollback: [] };

/** The page of a new deploy in the browser: reads the summary as it is typed, and hands it over once. */
export function DeployNewLive({
  view,
  actions = deployActions,
}: Readonly<{ view: NewDeployView; actions?: Pick<DeployActions, 'registerDeploy' | 'readForecasts'> }>) {
  const { announce } = useCommandsContext();
  const [openedAtMs] = useState(() => performance.now());
  const [scopeName, setScopeName] = useState<string | null>(null);
  const scope = view.scopes.find((one) => scopeText(one) === scopeName) ??
    view.scopes[0] ?? { app: 'app', environment: 'production', known: {}, sources: [] };
  const made = useDeployDraft(scope.known);
  const { draft, document: doc, fault } = made;
  // What was kept in this tab also says for which app it is.
  const keptScope = draft.scope;
  useEffect(() => setScopeName(keptScope), [keptScope]);

  const [order, setOrder] = useState<ItemOrder>('line');
  const [selected, setSelected] = useState<string | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const [pasteFault, setPasteFault] = useState<string | null>(null);
  const [isTarget, setIsTarget] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const caretLine = useRef(1);

  const items = useMemo(() => readItems(doc ?? NOTHING, draft.claims, order), [doc, draft.claims, order]);
  const marks = useMemo(() => {
    const found = new Map<number, LineMark>();
    const rank: LineMark[] = ['other', 'claim', 'finding'];
    for (const item of items) {
      const mark: LineMark = item.kind === 'claim' || item.kind === 'finding' ? item.kind : 'other';
      for (const line of item.lines) {
        const known = found.get(line);
        if (known === undefined || rank.indexOf(mark) > rank.indexOf(known)) found.set(line, mark);
      }
    }
    return found;
  }, [items]);
  const lit = items.find(({ key }) => key === selected)?.lines ?? [];
  const claims = draft.claims.filter(({ isRemoved }) => !isRemoved);
  const { sources } = scope;
  const measurable = useMemo(
    () =>
      draft.claims.filter(
        ({ claim, isRemoved }) => !isRemoved && tellMeasurable(claim, sources).kind === 'measured',
      ),
    [draft.claims, sources],
  );
  const { forecasts } = useForecasts(actions, scope, measurable);
  const texts = useMemo(() => new Map([...forecasts].map(([key, { text }]) => [key, text])), [forecasts]);
  const isAllForecast = measurable.every(({ key }) => forecasts.has(key));
  const decidable = isAllForecast
    ? [...forecasts.values()].filter(({ decidableAfterMs }) => decidableAfterMs !== null).length
    : null;

  const nowMs = () => view.asOfMs + Math.max(0, performance.now() - openedAtMs);
  const stated = statedTime(doc?.deploy.time ?? null);
  const version = doc?.deploy.version ?? doc?.deploy.commits[0] ?? '';
  // `Version: 1203` is release v1203, as the platform calls it.
  const release = (draft.release ?? version.replace(/^(\d{1,6})$/, 'v$1')).trim();
  const timeText = draft.time ?? (stated === null ? writeTime(view.asOfMs) : writeTime(stated));
  const time = readTime(timeText, nowMs());
  const wordless = claims.find(({ claim }) => claim.text.trim() === '');
  const problem =
    fault ??
    (draft.text.trim() === '' && claims.length === 0 ? 'Paste a summary, or add a claim by hand.' : null) ??
    (release === '' && draft.kind === 'code' ? 'Name the release: the summary does not.' : null) ??
    ('fault' in time ? time.fault : null) ??
    (wordless === undefined ? null : 'A claim has no words yet.');

  const register = useRegisterDeploy(actions, (id) => {
    made.clear();
    window.location.assign(`/deploys/${id}`);
  });
  const start = (): void => {
    if (problem !== null || made.isReading || 'fault' in time) {
      announce(problem ?? 'The text is still being read.');
      return;
    }
    register.run({
      app: scope.app,
      environment: scope.environment,
      ...(release === '' ? {} : { release }),
      kind: draft.kind,
      time: time.atMs,
      summary: scrubSecrets(draft.text).text,
      claims: [...heldClaims(draft.claims)],
      confirm: true,
    });
  };

  const field = (): HTMLTextAreaElement | null => document.querySelector('textarea[data-summary]');
  const take = (text: string, replaceAll: boolean): void => {
    const target = field();
    if (target === null) return;
    const rest = replaceAll
      ? ''
      : target.value.slice(0, target.selectionStart) + target.value.slice(target.selectionEnd);
    const long = tooLong(byteLength(rest) + byteLength(text));
    if (long !== null) {
      setPasteFault(`Not pasted. ${long}`);
      return;
    }
    const clean = scrubSecrets(text);
    setPasteFault(null);
    made.countSecrets(clean.count);
    insertText(target, clean.text, replaceAll);
  };
  const takeFile = async (file: File): Promise<void> => {
    const read =
      file.size > MAX_SUMMARY_BYTES
        ? { fault: `${file.name}: ${tooLong(file.size)}` }
        : readBytes(new Uint8Array(await file.arrayBuffer()), file.name);
    if ('fault' in read) setPasteFault(read.fault);
    else take(read.text, true);
  };
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>): void => {
    event.preventDefault();
    const [file] = event.clipboardData.files;
    const text = event.clipboardData.getData('text/plain');
    if (text === '' && file !== undefined) void takeFile(file);
    else if (text === '') setPasteFault('There was no text to paste.');
    else {
      const read = readBytesOf(text);
      if ('fault' in read) setPasteFault(`Not pasted. ${read.fault}`);
      else take(read.text, false);
    }
  };
  const onDrop = (event: DragEvent<HTMLTextAreaElement>): void => {
    event.preventDefault();
    setIsTarget(false);
    const [file] = event.dataTransfer.files;
    const text = event.dataTransfer.getData('text/plain');
    if (file !== undefined) void takeFile(file);
    else if (text !== '') take(text, false);
  };

  const focusItem = (key: string): void => {
    const button = document.getElementById(itemId(key));
    button?.focus();
    button?.scrollIntoView({ block: 'nearest' });
  };
  const onLine = (line: number): void => {
    caretLine.current = line;
    const found = items.find(({ lines }) => lines.includes(line));
    if (found === undefined) return;
    setSelected(found.key);
    document.getElementById(itemId(found.key))?.closest('li')?.scrollIntoView({ block: 'nearest' });
  };
  const add = (): void => {
    const line = draft.text.split('\n')[caretLine.current - 1]?.trim() ?? '';
    const words = line
      .replace(/^[\s#>*+-]+/, '')
      .replaceAll('**', '')
      .slice(0, 300);
    const key = made.addClaim(words, words === '' ? null : caretLine.current);
    setSelected(key);
    setOpened(key);
    // It is drawn by then.
    requestAnimationFrame(() => focusItem(key));
  };
  useCommands(
    'deploy-new',
    deployNewCommands({
      keys: items.map(({ key }) => key),
      selected,
      focusItem,
      focusText: () => field()?.focus(),
      add,
      choose: () => picker.current?.click(),
      start,
    }),
  );

  return (
    <DeployNewScreen
      draft={draft}
      document={doc}
      items={items}
      counts={{ all: claims.length, measurable: measurable.length, decidable }}
      editor={{
        text: draft.text,
        marks,
        lit,
        isTarget,
        onText: (text) => {
          setPasteFault(null);
          made.change({ text });
        },
        onPaste,
        onDrop,
        onTarget: setIsTarget,
        onLine,
        onLeave: (line) => {
          const found = items.find(({ lines }) => lines.includes(line)) ?? items[0];
          if (found !== undefined) focusItem(found.key);
        },
      }}
      picker={picker}
      onFile={(file) => void takeFile(file)}
      pasteFault={pasteFault ?? fault}
      isReading={made.isReading}
      facts={{
        release: { value: draft.release ?? release, fault: null, isRead: draft.release === null },
        kind: draft.kind,
        time: {
          value: timeText,
          fault: 'fault' in time ? time.fault : null,
          isRead: draft.time === null && stated !== null,
        },
        scope: scopeText(scope),
        scopes: view.scopes,
        onRelease: (value) => made.change({ release: value }),
        onKind: (kind) => made.change({ kind }),
        onTime: (value) => made.change({ time: value }),
        onScope: (value) => made.change({ scope: value }),
      }}
      list={{
        items,
        selected,
        opened,
        sources,
        forecasts: texts,
        onSelect: setSelected,
        onOpen: (key) => setOpened((now) => (now === key ? null : key)),
        onLine: (line) => {
          const target = field();
          if (target !== null) focusLine(target, line);
        },
        onChange: (key, parts) =>
          made.editClaim(key, (one) => ({ ...one, claim: { ...one.claim, ...parts } })),
        onRemove: (key, isRemoved) => {
          const one = draft.claims.find((claim) => claim.key === key);
          if (one?.read === null && isRemoved) made.dropClaim(key);
          else made.editClaim(key, (claim) => ({ ...claim, isRemoved }));
          if (isRemoved) setOpened(null);
        },
        onReset: (key) =>
          made.editClaim(key, (one) => (one.read === null ? one : { ...one, claim: one.read })),
      }}
      order={order}
      onOrder={setOrder}
      onAdd={add}
      problem={problem}
      release={release}
      failure={register.failure}
      isBusy={register.isBusy}
      onStart={start}
    />
  );
}

/** A pasted text judged as a file would be: binary and blank pastes give a sentence. */
function readBytesOf(text: string) {
  const read = readBytes(new TextEncoder().encode(text), 'What was pasted');
  return 'fault' in read ? read : { text };
}
