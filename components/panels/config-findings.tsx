'use client';

import { FINDING_WORDS, type SettingFinding } from '@/lib/core/settings/finding.ts';
import { Glyph } from '../ui/glyph.tsx';
import { SEVERITY_GLYPHS } from './config-words.ts';
import { CopyBlock } from './settings-copy.tsx';

/** What is wrong with one setting, worst first, and what to type against it. */
export function SettingFindings({
  setting,
  findings,
  onCopy,
}: Readonly<{ setting: string; findings: readonly SettingFinding[]; onCopy: (text: string) => void }>) {
  const commands = [
    ...new Map(findings.flatMap((one) => one.commands).map((one) => [one.text, one])).values(),
  ];
  return (
    <>
      <ul aria-label={`What is wrong with ${setting}`}>
        {findings.map(({ kind, severity, way, text }) => (
          <li key={`${kind} ${text}`} className="flex max-w-272 items-start gap-1.5 py-0.5">
            <span className="mt-0.5">
              <Glyph name={SEVERITY_GLYPHS[severity]} />
            </span>
            <p className="min-w-0 break-words">
              <span className="font-medium">{FINDING_WORDS[kind]}</span>{' '}
              <span className="text-ink-3">{way}</span> <Worded text={text} />
            </p>
          </li>
        ))}
      </ul>
      {commands.map(({ why, text }) => (
        <div key={text} className="mt-1.5 max-w-160">
          <p className="text-label text-ink-3">{why}</p>
          <CopyBlock text={text} label={`the command ${why.toLowerCase()}`} onCopy={onCopy} />
        </div>
      ))}
    </>
  );
}

/** What stands between backticks is code. */
function Worded({ text }: Readonly<{ text: string }>) {
  const parts = text.split('`');
  return (
    <span className="text-ink-2">
      {parts.map((part, i) =>
        i % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never change their order.
          <code key={i} className="font-mono text-mono">
            {part}
          </code>
        ) : (
          part
        ),
      )}
    </span>
  );
}
