import { describe, expect, it } from 'vitest';
import { repairText, UNKNOWN_MARK } from './repair.ts';

const linesOf = (text: string) => repairText(text).lines;
const logicalOf = (text: string) => repairText(text).logical.map((one) => one.text);

describe('wrong decodings', () => {
  it.each([
    ['windows-1252', '500 ms â†’ 200 ms, cafÃ©', '500 ms → 200 ms, café'],
    ['Mac Roman', '500 ms ‚Üí 200 ms, caf√©', '500 ms → 200 ms, café'],
    ['windows-1254, an emoji', 'ğŸ”§ 5 â‰¤ 7', '🔧 5 ≤ 7'],
    ['ISO-8859-13, an arrow between quantities', '2.2M ā ~110K GETs', '2.2M → ~110K GETs'],
    ['ISO-8859-13, a range', '95ā99 % and 10ā50x', '95–99 % and 10–50x'],
    ['ISO-8859-13, a keycap and a letter', '1ļøā£ reducciĆ³n', '1 reducción'],
    ['ISO-8859-13, an apostrophe', 'it donāt matter ā at all', "it don't matter — at all"],
  ])('%s', (_name, given, meant) => {
    expect(linesOf(given)).toEqual([meant]);
  });

  it('leaves text alone that was decoded rightly', () => {
    const text = 'El año pasado: 5 → 3 · tālrunis kārtā, ğ, “ok” – café';
    expect(linesOf(text)).toEqual(['El año pasado: 5 → 3 · tālrunis kārtā, ğ, "ok" – café']);
  });

  it('takes a lost mark at the start of a line for a mark of unknown state', () => {
    expect(logicalOf('- ā No new spikes')).toEqual([`- ${UNKNOWN_MARK} No new spikes`]);
    expect(logicalOf('ā\nserver/cache.ts - fixed')).toEqual([`- ${UNKNOWN_MARK} server/cache.ts - fixed`]);
  });
});

describe('lines', () => {
  it('gives one entry a line of the text as given, whatever ends them', () => {
    expect(linesOf('\ufeffa\r\nb\rc\nd\0')).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each([
    ['Health Checks: PassingExpected Impact Summary', ['Health Checks: Passing', 'Expected Impact Summary']],
    ['fly deploy -a harborDocumentation Created', ['fly deploy -a harbor', 'Documentation Created']],
    ['-a harbor-staging2. Monitor Upstash Dashboard', ['-a harbor-staging', '2. Monitor Upstash Dashboard']],
    ['fly deploy -a harbor**Option B: Test First**', ['fly deploy -a harbor', '**Option B: Test First**']],
  ])('parts a heading that is glued on: %s', (text, parts) => {
    const { logical } = repairText(text);
    expect(logical.map((one) => one.text)).toEqual(parts);
    expect(logical.every((one) => one.line === 1)).toBe(true);
  });

  it.each(['Uses GitHub Actions and JavaScript', 'See docs/NextSteps', 'The "Results" page'])(
    'keeps whole: %s',
    (text) => {
      expect(logicalOf(text)).toEqual([text]);
    },
  );
});
