'use client';

import { type ReactNode, useState } from 'react';
import { Glyph, type GlyphName } from './glyph.tsx';

/** A state: shape, one or two words, and in lower case beside them the reason. A changed word fades in, once. */
export function Status({
  glyph,
  word,
  detail,
}: Readonly<{ glyph: GlyphName; word: string; detail?: ReactNode }>) {
  const [firstWord] = useState(word);
  return (
    <span className="inline-flex items-center gap-1.5 font-medium whitespace-nowrap">
      <Glyph name={glyph} />
      <span key={word} className={word === firstWord ? undefined : 'fade-once'}>
        {word}
        {detail != null && detail !== '' && <span className="font-normal text-ink-3"> {detail}</span>}
      </span>
    </span>
  );
}
