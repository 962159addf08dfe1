import type { Declared } from '@/lib/core/settings/setting-rows.ts';
import type { ValueClass } from '@/lib/core/settings/setting-words.ts';
import { DAY_MS } from '@/lib/core/time/range.ts';
import { formatClock, formatStamp } from '@/lib/core/units/clock.ts';
import type { Zone } from '@/lib/core/units/zone.ts';
import { Status } from '../ui/status.tsx';

interface When {
  nowMs: number;
  zone: Zone;
}

const VALUE_WORDS: Readonly<Record<ValueClass | 'unset', string>> = {
  true: 'true',
  false: 'false',
  digest: 'looks like a digest',
  empty: 'empty',
  other: 'set',
  unset: 'removed',
};

/** Every way in which a setting was set, one a line. */
export function DeclaredList({ declared, nowMs, zone }: Readonly<When & { declared: readonly Declared[] }>) {
  if (declared.length === 0) return <span className="text-ink-3">nothing tells</span>;
  return (
    <ul className="min-w-0 @max-[640px]:text-right">
      {declared.map((one) => (
        <li key={`${one.by} ${one.name} ${one.value} ${one.atMs}`} className="break-words">
          <Line one={one} when={{ nowMs, zone }} />
        </li>
      ))}
    </ul>
  );
}

function Line({ one, when }: Readonly<{ one: Declared; when: When }>) {
  switch (one.by) {
    case 'config':
      return (
        <>
          suspended <Soft text="expected by afterwatch.yml" />
        </>
      );
    case 'env':
      return (
        <>
          {VALUE_WORDS[one.value ?? 'other']} <Soft text="in [env]" />
        </>
      );
    case 'record':
      return (
        <>
          {VALUE_WORDS[one.value ?? 'other']} <Soft text="by " />
          {one.href === null ? (
            one.name
          ) : (
            <a
              href={one.href}
              className="underline decoration-line underline-offset-2 hover:decoration-current"
            >
              {one.name}
            </a>
          )}
          <Soft text={timeOf(one.atMs, when)} />
        </>
      );
    case 'secret':
      return <SecretLine one={one} when={when} />;
    default:
      return one.by satisfies never;
  }
}

/** Its digest tells whether it changed, never what it is. */
function SecretLine({ one, when }: Readonly<{ one: Declared; when: When }>) {
  return (
    <>
      secret
      <Soft text={timeOf(one.atMs, when)} />
      {one.name !== null && (
        <span
          className="block font-mono text-mono text-ink-3"
          title="Its digest tells whether it changed, never what it is"
        >
          digest {one.name}
        </span>
      )}
      {one.status === 'staged' && (
        <Status glyph="warn_outline" word="Staged" detail="on no machine yet" wraps />
      )}
      {one.status === 'partial' && <Status glyph="half" word="Partial" detail="on some machines" wraps />}
      {one.status === 'unknown' && <Soft text=", on which machines is not known" />}
    </>
  );
}

function timeOf(atMs: number | null, { nowMs, zone }: When): string {
  if (atMs === null) return '';
  return `, ${nowMs - atMs < DAY_MS ? formatClock(atMs, 'minutes', zone) : formatStamp(atMs, 'minutes', zone)}`;
}

function Soft({ text }: Readonly<{ text: string }>) {
  return <span className="text-ink-3">{text}</span>;
}
