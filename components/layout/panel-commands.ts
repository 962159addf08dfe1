import type { Command } from '@/lib/client/commands.ts';

/** A command for each panel that stands on the page now: brings it into view and gives it the focus. Browser only. */
export function readPanelCommands(): readonly Command[] {
  return [...document.querySelectorAll<HTMLElement>('main h2')].flatMap((heading, index): Command[] => {
    const title = heading.textContent?.trim() ?? '';
    if (title === '') return [];
    return [
      {
        id: `panel-${index}`,
        title,
        group: 'Go to',
        keys: null,
        isAvailable: () => true,
        run: () => {
          // Under the sticky header a heading would be hidden.
          heading.classList.add('scroll-mt-18');
          heading.tabIndex = -1;
          heading.focus({ preventScroll: true });
          heading.scrollIntoView({ block: 'start' });
        },
      },
    ];
  });
}
