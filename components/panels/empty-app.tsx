import type { ReactNode } from 'react';
import { sendCommand } from '@/lib/core/deploys/send-words.ts';

const VARIABLES = 'REDIS_URL=redis://… npm start';
const FILE = `sources:
  - kind: redis
    url: \${REDIS_URL}
  - kind: postgres
    url: \${DATABASE_URL}
  - kind: app
    machines:
      - http://10.0.0.1:9091/metrics`;

/** An app without a source: the ways in, and nothing else. */
export function EmptyApp() {
  return (
    <section
      aria-labelledby="empty-app"
      className="mt-7 rounded-box border border-dashed border-line-strong px-5 py-5 tablet:px-7 tablet:py-6.5"
    >
      <h2 id="empty-app" className="text-section">
        Three ways to begin
      </h2>
      <p className="text-ink-3">
        The first two light a chart in under a minute; a deploy can be told before any source is there.
      </p>
      <div className="mt-4 grid gap-x-7 gap-y-5 duo:grid-cols-2 wall:grid-cols-3">
        <Way
          title="Run the demo"
          text="A pretend fleet on this machine; nothing leaves it, and your settings stay as they are:"
        >
          npm start -- --demo
        </Way>
        <Way
          title="Connect a source"
          text="Redis, Postgres or machines with /metrics: one variable each, or afterwatch.yml."
          link={{
            href: '/settings#connect',
            label: 'What each lights up and costs, and a form for its lines',
          }}
        >
          {`${VARIABLES}\n\n# or afterwatch.yml\n${FILE}`}
        </Way>
        <Way
          title="Send a deploy"
          text="What a release promises, from your pipeline, with a token from Settings; or pasted here."
          link={{ href: '/deploys/new', label: 'Paste a summary instead' }}
        >
          {sendCommand('$AFTERWATCH_URL')}
        </Way>
      </div>
    </section>
  );
}

function Way({
  title,
  text,
  link,
  children,
}: Readonly<{
  title: string;
  text: string;
  link?: { href: string; label: string };
  children: ReactNode;
}>) {
  return (
    <div className="min-w-0 border-t border-line-strong pt-3">
      <h3 className="font-medium">{title}</h3>
      <p className="text-ink-3">{text}</p>
      <pre className="mt-2 overflow-x-auto rounded-control bg-sunken px-2.5 py-2 font-mono text-mono whitespace-pre-wrap">
        {children}
      </pre>
      {link !== undefined && (
        <a href={link.href} className="mt-2 inline-block text-ink-2 underline underline-offset-2">
          {link.label}
        </a>
      )}
    </div>
  );
}
