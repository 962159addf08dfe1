'use client';

import type { ReactNode } from 'react';
import type { DeployLine } from '@/lib/core/model/deploy.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import { Glyph } from '../ui/glyph.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { DEPLOY_KIND_WORDS, originWords, rolledWords, sinceWords } from './deploy-words.ts';
import { MARK_GLYPHS } from './watch-words.ts';

const SHOWN = 50;
const CELL = 'py-2.5 pr-4 align-top last:pr-0 @max-[720px]:p-0';

/** The deploys of a scope, newest first: a line each, a block each on a phone. */
export function DeployList({
  deploys,
  asOfMs,
}: Readonly<{
  deploys: readonly DeployLine[];
  /** The server's clock when the data came in. */
  asOfMs: number;
}>) {
  const { shown, more } = useLongList(deploys, SHOWN, 'deploys');
  return (
    <>
      <div className="@container">
        <table className="w-full border-collapse @max-[720px]:block">
          <caption className="sr-only">Deploys, newest first</caption>
          <thead className="@max-[720px]:sr-only">
            <tr className="border-b border-line text-label text-ink-3">
              <Head>Release</Head>
              <Head>Time</Head>
              <Head>What it is</Head>
              <Head>Claims confirmed</Head>
              <Head>Audit</Head>
              <Head>Known from</Head>
            </tr>
          </thead>
          <tbody className="@max-[720px]:block">
            {shown.map((deploy) => (
              <Row key={deploy.id} deploy={deploy} asOfMs={asOfMs} />
            ))}
          </tbody>
        </table>
      </div>
      {more}
    </>
  );
}

function Head({ children }: Readonly<{ children: ReactNode }>) {
  return (
    <th scope="col" className="py-1.5 pr-4 whitespace-nowrap last:pr-0">
      {children}
    </th>
  );
}

function Row({ deploy, asOfMs }: Readonly<{ deploy: DeployLine; asOfMs: number }>) {
  const { id, release, kind, startMs, title, claims, auditErrors } = deploy;
  const rolled = rolledWords(deploy);
  return (
    <tr className="border-line not-first:border-t @max-[720px]:grid @max-[720px]:grid-cols-[minmax(0,1fr)] @max-[720px]:gap-0.5 @max-[720px]:py-3">
      <th scope="row" className={CELL}>
        <span className="flex gap-2">
          <span className="mt-0.5">
            <Glyph name={MARK_GLYPHS[kind]} />
          </span>
          <a
            href={`/deploys/${id}`}
            data-deploy=""
            className="max-w-56 min-w-0 font-medium break-words underline decoration-line-ink underline-offset-2"
          >
            {release}
          </a>
        </span>
      </th>
      <td className={`${CELL} whitespace-nowrap`}>
        <time dateTime={new Date(startMs).toISOString()}>{formatStamp(startMs)}</time>
        <span className="block text-label text-ink-3 @max-[720px]:ml-2 @max-[720px]:inline">
          {sinceWords(asOfMs, startMs)}
        </span>
      </td>
      <td className={CELL}>
        <span className="block max-w-96 break-words">{title ?? DEPLOY_KIND_WORDS[kind]}</span>
        <span className="block text-label text-ink-3">
          {[DEPLOY_KIND_WORDS[kind].toLowerCase(), rolled].filter((part) => part !== null).join(', ')}
        </span>
      </td>
      <td className={`${CELL} whitespace-nowrap`}>
        {claims.all === 0 ? (
          <span className="text-ink-3 @max-[720px]:hidden">none</span>
        ) : (
          <>
            {claims.confirmed} of {claims.all}
            <span className="hidden text-ink-3 @max-[720px]:inline"> claims confirmed</span>
          </>
        )}
      </td>
      <td className={`${CELL} whitespace-nowrap`}>
        {auditErrors === 0 ? (
          <span className="text-ink-3 @max-[720px]:hidden">–</span>
        ) : (
          <span className="inline-flex items-center gap-1.5">
            <Glyph name="warn" size={14} />
            {auditErrors} {auditErrors === 1 ? 'contradiction' : 'contradictions'}
          </span>
        )}
      </td>
      <td className={`${CELL} text-ink-3`}>{originWords(deploy)}</td>
    </tr>
  );
}
