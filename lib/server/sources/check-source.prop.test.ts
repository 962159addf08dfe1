import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SOURCE_KINDS } from '@/lib/core/model/target.ts';
import { exampleValues, writeSource } from '@/lib/core/sources/write-yaml.ts';
import { checkForm, SOURCE_FORMS } from '@/lib/core/sources/yaml-form.ts';
import { checkSourceYaml } from './check-source.ts';

const SECRETS = [
  'redis://u:hunter2@h',
  'hunter2-canary',
  'FlyV1 fm2_lJPECAAA',
  'napi_0123456789',
  'a b',
  '$(id)',
  'A-B',
];

describe('the YAML generator', () => {
  it.each(SOURCE_KINDS)('what the form of %s says at first is read by the real config', (kind) => {
    const values = exampleValues(kind);
    expect(checkForm(kind, values)).toEqual([]);
    const { yaml, variables } = writeSource(kind, values);
    const { targets, faults } = checkSourceYaml(yaml, variables);
    expect(faults).toEqual([]);
    expect(targets.map((target) => target.kind)).toEqual([kind]);
  });

  it('every form that passes its own check gives lines that the real config reads as one entry of that kind', () => {
    const text = fc.oneof(
      fc.constant(''),
      fc.constantFrom(
        'true',
        'null',
        '12',
        '1e5',
        'no',
        '-x',
        'main cache',
        'a.b',
        '10.0.0.7:6379',
        '[::1]:6379',
      ),
      fc.constantFrom('http://a:1/m', 'http://a/m http://b/m', '/health', 'REDIS_URL', 'A', 'https://x/a-'),
      fc.string({ maxLength: 12 }),
    );
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        fc.constantFrom(...SOURCE_KINDS),
        fc.array(text, { minLength: 7, maxLength: 7 }),
        (kind, texts) => {
          const first = exampleValues(kind);
          const values = Object.fromEntries(
            SOURCE_FORMS[kind].map(({ key }, i) => {
              const tried = { ...first, [key]: texts[i] ?? '' };
              return [key, checkForm(kind, tried).length === 0 ? (texts[i] ?? '') : (first[key] ?? '')];
            }),
          );
          if (checkForm(kind, values).length > 0) return;
          const { yaml, variables } = writeSource(kind, values);
          const { targets, faults } = checkSourceYaml(yaml, variables);
          // What the form lets through and the config does not is told with its line; it is never another entry.
          if (faults.length > 0) return;
          seen.add(kind);
          expect(new Set(targets.map((target) => target.kind))).toEqual(new Set([kind]));
          const name = (values.name ?? '').trim();
          if (name !== '')
            for (const target of targets)
              expect(target.kind === 'app' ? target.group : target.name).toBe(name);
        },
      ),
      { numRuns: 600 },
    );
    expect(seen.size).toBe(SOURCE_KINDS.length);
  });

  it('a credential in the place of a variable’s name is refused, and not repeated', () => {
    for (const kind of SOURCE_KINDS) {
      for (const { key, type } of SOURCE_FORMS[kind]) {
        if (type !== 'variable') continue;
        for (const secret of SECRETS) {
          const problems = checkForm(kind, { ...exampleValues(kind), [key]: secret });
          expect(problems.map((problem) => problem.key)).toEqual([key]);
          expect(JSON.stringify(problems)).not.toContain(secret);
        }
      }
    }
  });

  it('an address with credentials is refused before it is sent or written', () => {
    for (const [kind, key] of [
      ['redis', 'host'],
      ['postgres', 'host'],
      ['prometheus', 'host'],
      ['app', 'machines'],
    ] as const) {
      for (const bad of ['http://u:hunter2@h/', 'u:hunter2@h:1', 'http://h/?token=hunter2'])
        expect(checkForm(kind, { ...exampleValues(kind), [key]: bad }).map((one) => one.key)).toEqual([key]);
    }
  });

  it('a host of its own and a variable for the password make one address', () => {
    const { yaml, variables } = writeSource('redis', {
      name: 'main',
      host: 'cache.internal:6380',
      user: 'watcher',
      secret: 'REDIS_PASSWORD',
      tls: 'true',
    });
    expect(yaml).toBe(
      [
        'sources:',
        '  - kind: redis',
        '    name: main',
        '    url: "rediss://watcher:$' + '{REDIS_PASSWORD}@cache.internal:6380"',
      ].join('\n'),
    );
    expect(checkSourceYaml(yaml, variables)).toMatchObject({
      faults: [],
      targets: [{ address: 'cache.internal:6380' }],
    });
  });
});
