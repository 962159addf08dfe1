import { storyMarkdown } from '../markdown/story.ts';
import type { FrozenCopy } from '../model/share.ts';

/** A shared copy as a Markdown document, from the same fields as its page. `url`: its link; null to name none. */
export function shareMarkdown(copy: FrozenCopy, { url }: Readonly<{ url: string | null }>): string {
  return storyMarkdown(copy, {
    words: 'Frozen copy in Afterwatch',
    url,
    verb: 'Frozen',
    atMs: copy.frozenAtMs,
  });
}
