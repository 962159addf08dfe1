import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAssignments } from './assignments.ts';
import { classifyValue, isRedisSwitch, isSettingName } from './setting-words.ts';

const read = (text: string, apps: readonly string[] = [], skip: readonly number[] = []) =>
  readAssignments(text, new Set(skip), apps).map(({ setting, value, line }) => [setting, value, line]);

describe('what a summary says that a setting was set to', () => {
  it.each<[string, [string, string, number][]]>([
    ['fly secrets set SUSPEND_REDIS=fa61a13817d73a23 -a harbor', [['SUSPEND_REDIS', 'digest', 1]]],
    ['```\n$ flyctl secrets set SUSPEND_REDIS="true"', [['SUSPEND_REDIS', 'true', 2]]],
    [
      'run `fly secrets set A=1 B=off -a harbor`.',
      [
        ['A', 'true', 1],
        ['B', 'false', 1],
      ],
    ],
    ['fly secrets set --stage -a harbor KEY=abc', [['KEY', 'other', 1]]],
    ['fly secrets unset SUSPEND_REDIS -a harbor', [['SUSPEND_REDIS', 'unset', 1]]],
    ['heroku config:set SUSPEND_REDIS=false', [['SUSPEND_REDIS', 'false', 1]]],
    ['fly secrets set SUSPEND_REDIS= ', [['SUSPEND_REDIS', 'empty', 1]]],
    ['fly secrets set SUSPEND_REDIS=<value> API_TOKEN=[secret] B=$B', []],
    ['We set the secrets with care: a=b', []],
    ['fly secrets list', []],
  ])('%s', (text, found) => {
    expect(read(text)).toEqual(found);
  });

  it('what stands under rollback was not done', () => {
    const text = 'fly secrets set SUSPEND_REDIS=true\n## Rollback\nfly secrets set SUSPEND_REDIS=false';
    expect(read(text, [], [3])).toEqual([['SUSPEND_REDIS', 'true', 1]]);
  });

  it.each([
    ['## Next steps\n```sh\nfly secrets set SUSPEND_REDIS=false\n```', []],
    ['Next Steps\n\n1. Re-enable Redis\nfly secrets set SUSPEND_REDIS=false -a harbor', []],
    ['Next Steps\n# Test on staging environment\nfly secrets set SUSPEND_REDIS=false', []],
    ['**If issues occur**\nfly secrets set SUSPEND_REDIS=true', []],
    [
      'Next steps\nlook at it\n\nFix Applied\n\nAction Taken\nfly secrets set SUSPEND_REDIS=true',
      [['SUSPEND_REDIS', 'true', 7]],
    ],
    [
      '## Verify\n- [ ] look\n## Redis suspended\nfly secrets set SUSPEND_REDIS=true',
      [['SUSPEND_REDIS', 'true', 4]],
    ],
    ['```sh\n# Next steps\nfly secrets set SUSPEND_REDIS=true\n```', [['SUSPEND_REDIS', 'true', 3]]],
  ])('what is only planned was not done: %j', (text, found) => {
    expect(read(text)).toEqual(found);
  });

  it('a command for another app says nothing of this one', () => {
    const text =
      'fly secrets set SUSPEND_REDIS=true -a harbor-staging\nfly secrets set SUSPEND_REDIS=false -a harbor';
    expect(read(text, ['harbor'])).toEqual([['SUSPEND_REDIS', 'false', 2]]);
  });

  it('survives any text, and never hands on a value', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300 }),
        fc.string({ minLength: 12, maxLength: 40 }),
        (noise, value) => {
          const found = readAssignments(`${noise}\nfly secrets set KEY=x${value}z9q`, new Set(), []);
          for (const one of found) {
            expect(isSettingName(one.setting)).toBe(true);
            expect(['true', 'false', 'digest', 'empty', 'other', 'unset']).toContain(one.value);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the class of a value', () => {
  it.each([
    ['TRUE ', 'true'],
    ['1', 'true'],
    ['yes', 'true'],
    ['on', 'true'],
    ['False', 'false'],
    ['0', 'false'],
    ['no', 'false'],
    ['off', 'false'],
    ['', 'empty'],
    ['  ', 'empty'],
    ['fa61a13817d73a23', 'digest'],
    ['FA61A13817D73A23', 'digest'],
    ['a'.repeat(64), 'digest'],
    ['a'.repeat(15), 'other'],
    ['a'.repeat(65), 'other'],
    ['fa61a13817d73a2g', 'other'],
    ['truee', 'other'],
  ])('%j is %s', (value, kind) => {
    expect(classifyValue(value)).toBe(kind);
  });

  it.each([
    ['SUSPEND_REDIS', true],
    ['redis_suspended', true],
    ['DISABLE_REDIS', true],
    ['REDIS_URL', false],
    ['SUSPEND_REDIS_SYNC', false],
  ])('%s is the switch of Redis: %s', (name, is) => {
    expect(isRedisSwitch(name)).toBe(is);
  });
});
