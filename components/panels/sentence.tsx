import type { SentenceView } from '@/lib/core/model/view.ts';

/** The one loud thing on the page: what is known, then what holds it back. */
export function Sentence({ sentence }: Readonly<{ sentence: SentenceView }>) {
  return (
    <h1 className="proportional max-w-272 text-hero-phone break-words text-pretty tablet:text-hero">
      {sentence.verdict}
      {sentence.limit !== null && (
        <span className="mt-1.5 block text-ink-3 tablet:mt-0"> {sentence.limit}</span>
      )}
    </h1>
  );
}
