'use client';

import { clsx } from 'clsx';
import { type ReactNode, useState } from 'react';
import { Glyph, type GlyphName } from './glyph.tsx';

/**
 * A state: shape, one or two words, and in lower case beside them the reason, which may stand on a second line where
 * there is no room (`wraps`). A changed word fades in, once.
 */
export function Status({
  glyph,
  word,
  detail,
  wraps = false,
}: Readonly<{ glyph: GlyphName; word: string; detail?: ReactNode; wraps?: boolean }>) {
  const [firstWord] = useState(word);
  return (
    <span
      className={clsx(
        'inline-flex gap-1.5 align-top font-medium',
        wraps ? 'items-start' : 'items-center whitespace-nowrap',
      )}
    >
      <span className={wraps ? 'mt-0.5' : undefined}>
        <Glyph name={glyph} />
      </span>
      <span key={word} className={word === firstWord ? undefined : 'fade-once'}>
        {wraps ? <span className="whitespace-nowrap">{word}</span> : word}
        {detail != null && detail !== '' && (
          <span className="font-normal text-ink-3">
            {' '}
            {wraps ? <span className="inline-block">{detail}</span> : detail}
          </span>
        )}
      </span>
    </span>
  );
}
