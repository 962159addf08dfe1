'use client';

import type { ReactNode } from 'react';
import type { WatchedDeployLine } from '@/lib/core/model/watch.ts';
import { formatStamp } from '@/lib/core/units/clock.ts';
import { Tag } from '../ui/chip.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { useLongList } from '../ui/long-list.tsx';
import { Status } from '../ui/status.tsx';
import { DEPLOY_KIND_WORDS, originWords, rolledWords, sinceWords } from './deploy-words.ts';
import { claimWords, MARK_GLYPHS } from './watch-words.ts';

const SHOWN = 50;
const CELL = 'py-2.5 pr-4 align-top last:pr-0 @max-[720px]:p-0';

/** The deploys of a scope, newest first: a line each, a block each on a phone. */
export function DeployList({
  deploys,
  asOfMs,
}: Readonly<{
  deploys: readonly WatchedDeployLine[];
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
              <Head>Verdict</Head>
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

function Row({ deploy, asOfMs }: Readonly<{ deploy: WatchedDeployLine; asOfMs: number }>) {
  const { id, release, kind, startMs, title, auditErrors } = deploy;
  const rolled = rolledWords(deploy);
  return (
    <tr className="border-line not-first:border-t @max-[720px]:grid @max-[720px]:grid-cols-[minmax(0,1fr)] @max-[720px]:gap-0.5 @max-[720px]:py-3">
      <th scope="row" className={`${CELL} @max-[720px]:-order-2`}>
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
      <td className={`${CELL} @max-[720px]:-order-1`}>
        <Verdict deploy={deploy} />
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

/** Where its watch stands; without one, how many of its claims a person has confirmed. */
function Verdict({ deploy: { watch, claims } }: Readonly<{ deploy: WatchedDeployLine }>) {
  const open = claims.all - claims.confirmed;
  const waits = open > 0 ? `${open} of ${claims.all} claims not confirmed` : null;
  if (watch === null) {
    return claims.all === 0 ? (
      <span className="text-ink-3 @max-[720px]:hidden">nothing promised</span>
    ) : (
      <span className="text-ink-3">{waits ?? `${claims.confirmed} claims, not watched`}</span>
    );
  }
  return (
    <>
      <span className="flex flex-wrap items-center gap-x-2">
        <Status {...claimWords(watch)} wraps />
        {watch.overridden && (
          <Tag title="A person says something else; it stands on its page">overridden</Tag>
        )}
      </span>
      <span className="block pl-5.5 text-label text-ink-3">
        {[watch.of === 0 ? null : `${watch.met} of ${watch.of} met`, watch.closed ? 'over' : null, waits]
          .filter((part) => part !== null)
          .join(', ')}
      </span>
    </>
  );
}
