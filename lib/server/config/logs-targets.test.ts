import { describe, expect, it } from 'vitest';
import { loadConfig } from './load-config.ts';
import { faultsOf, inputOf } from './test-input.ts';

const targets = (yaml: string) => loadConfig(inputOf(yaml, {})).targets;
const faults = (yaml: string) =>
  faultsOf(() => loadConfig(inputOf(yaml, {}))).map(({ line, message }) => `${line} ${message}`);

describe('a logs source', () => {
  it('needs nothing but its kind', () => {
    expect(targets('sources:\n  - kind: logs\n')).toEqual([
      {
        app: 'default',
        environment: 'production',
        kind: 'logs',
        name: 'logs',
        address: 'POST /api/logs',
        patterns: [],
        keepText: false,
        logApp: null,
        intervalSeconds: null,
        timeoutSeconds: null,
      },
    ]);
  });

  it('takes patterns of text, of a regular expression and of a level', () => {
    const yaml = `
sources:
  - kind: logs
    keepText: true
    logApp: harbor
    interval: 30s
    patterns:
      - { name: oom, match: "Out of memory" }
      - { name: slow, match: '/took \\d{4,}ms/i', level: warn }
      - { name: fatal, level: fatal }
`;
    expect(targets(yaml)).toMatchObject([
      {
        keepText: true,
        logApp: 'harbor',
        intervalSeconds: 30,
        patterns: [
          { name: 'oom', match: 'Out of memory', level: null },
          { name: 'slow', match: '/took \\d{4,}ms/i', level: 'warn' },
          { name: 'fatal', match: null, level: 'fatal' },
        ],
      },
    ]);
  });

  it('tells of each fault in its own line, and never the pattern', () => {
    const yaml = `
sources:
  - kind: logs
    patterns:
      - { name: Bad Name, match: x }
      - { name: back, match: '/(canary)\\1/' }
      - { name: nothing }
      - { name: twice, match: x }
      - { name: twice, match: y }
      - { name: flags, match: '/canary/gs' }
      - { name: typo, mach: x }
      - { name: grave, level: bad }
`;
    const found = faults(yaml);
    expect(found).toEqual([
      expect.stringMatching(/^5 .*small letters/),
      expect.stringMatching(/^6 .*back-references are not/),
      expect.stringMatching(/^7 .*needs a match, a level or both/),
      expect.stringMatching(/^9 .*names a pattern twice/),
      expect.stringMatching(/^10 .*flags other than i/),
      expect.stringMatching(/^11 .*did you mean match/),
      expect.stringMatching(/^12 .*debug or info or warn or error or fatal/),
    ]);
    expect(found.join()).not.toContain('canary');
  });

  it('may stand beside others of another name, and no two may share one', () => {
    expect(targets('sources:\n  - kind: logs\n  - kind: logs\n    name: workers\n')).toHaveLength(2);
    expect(faults('sources:\n  - kind: logs\n  - kind: logs\n')).toEqual([
      expect.stringMatching(/same app, environment, kind and name/),
    ]);
  });
});
