import type { ReactNode } from 'react';
import type { Deploy } from '@/lib/core/model/deploy.ts';
import { formatDuration } from '@/lib/core/units/duration.ts';
import { originWords, rolledWords, sinceWords } from './deploy-words.ts';

const MOST_LINKS = 20;

/** What is known of a deploy, each fact with the words for it; what is not known has no line. */
export function DeployChanged({ deploy, asOfMs }: Readonly<{ deploy: Deploy; asOfMs: number }>) {
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-1">
      {factsOf(deploy, asOfMs).map(({ name, value }) => (
        <div key={name} className="col-span-full grid grid-cols-subgrid">
          <dt className="text-ink-3">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function factsOf(deploy: Deploy, asOfMs: number): readonly { name: string; value: ReactNode }[] {
  const { startMs, endMs, document, links, app, environment, title } = deploy;
  const facts = document?.deploy;
  const span = endMs === null || endMs === startMs ? null : formatDuration(endMs - startMs);
  const rows: { name: string; value: ReactNode }[] = [];
  const tell = (name: string, value: ReactNode): void => {
    rows.push({ name, value });
  };
  tell('App', `${app}, ${environment}`);
  tell('Since', sinceWords(asOfMs, startMs));
  if (title !== null) tell('Title', title);
  const rolled = rolledWords(deploy);
  if (rolled !== null || span !== null)
    tell('Rollout', [rolled, span && `over ${span}`].filter((part) => part !== null).join(', '));
  tell('Known from', originWords(deploy));
  if (facts !== undefined && facts.commits.length > 0)
    tell('Commits', <span className="font-mono text-mono break-all">{facts.commits.join(' ')}</span>);
  if (facts?.machinesAssumed != null || facts?.machinesRunning != null)
    tell(
      'Machines',
      [
        facts.machinesRunning != null ? `${facts.machinesRunning} run, says the summary` : null,
        facts.machinesAssumed != null ? `its sums count on ${facts.machinesAssumed}` : null,
      ]
        .filter((part) => part !== null)
        .join('; '),
    );
  if (facts?.nextReview != null) tell('Next review', facts.nextReviewAt ?? facts.nextReview);
  const all = [...new Set([...links, ...(facts?.links ?? [])])].filter((link) => /^https?:\/\//.test(link));
  if (all.length > 0)
    tell(
      'Links',
      <ul>
        {all.slice(0, MOST_LINKS).map((link) => (
          <li key={link}>
            <a
              href={link}
              target="_blank"
              rel="noreferrer"
              className="break-all underline underline-offset-2"
            >
              {link}
            </a>
          </li>
        ))}
      </ul>,
    );
  return rows;
}
