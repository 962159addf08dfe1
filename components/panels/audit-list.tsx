import type { Finding } from '@/lib/core/claims/document.ts';
import { linesText } from '@/lib/core/deploys/claim-text.ts';
import { Glyph } from '../ui/glyph.tsx';
import { AUDIT_WORDS, SEVERITY_WORDS } from './deploy-words.ts';

/** One finding: what does not add up, with what was stated beside what follows from the other numbers. */
export function FindingText({ finding }: Readonly<{ finding: Finding }>) {
  const { message, stated, computed, severity, kind } = finding;
  return (
    <>
      <span className="block font-medium break-words">{message}</span>
      <span className="block text-label break-words text-ink-3">
        {SEVERITY_WORDS[severity].word}, {AUDIT_WORDS[kind]} · stated{' '}
        <span className="text-ink-2">{stated}</span> · computed <span className="text-ink-2">{computed}</span>
      </span>
    </>
  );
}

/** Findings of one summary, or across several, the gravest first. Lines lead to the text where it is on the page. */
export function AuditList({ findings }: Readonly<{ findings: readonly Finding[] }>) {
  const order: Finding['severity'][] = ['error', 'warning', 'info'];
  const sorted = [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  return (
    <ul>
      {sorted.map((finding) => (
        <li
          key={`${finding.kind} ${finding.message} ${finding.lines.join()}`}
          className="flex gap-2 border-line py-2.5 not-first:border-t"
        >
          <span className="mt-0.5">
            <Glyph name={SEVERITY_WORDS[finding.severity].glyph} />
          </span>
          <div className="min-w-0 grow">
            <FindingText finding={finding} />
          </div>
          <LineLinks lines={finding.lines} />
        </li>
      ))}
    </ul>
  );
}

/** `line 8`, as the way to it; lines of other summaries are only named. */
export function LineLinks({ lines }: Readonly<{ lines: readonly (number | string)[] }>) {
  const own = lines.filter((line): line is number => typeof line === 'number' && line > 0);
  const others = lines.filter((line): line is string => typeof line === 'string');
  const [first] = own;
  if (first === undefined && others.length === 0) return null;
  return (
    <span className="max-w-22 shrink-0 tablet:max-w-40 text-right text-label text-ink-3">
      {first !== undefined && (
        <a href={`#L${first}`} className="inline-block underline decoration-line-ink underline-offset-2">
          {linesText(own)}
        </a>
      )}
      {others.length > 0 && <span className="break-words"> {others.join(', ')}</span>}
    </span>
  );
}
