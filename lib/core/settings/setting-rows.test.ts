import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../time/range.ts';
import type { SettingFinding, SettingFindingKind } from './finding.ts';
import type { SettingsFacts } from './setting-facts.ts';
import { settingRows } from './setting-rows.ts';
import { factsOf, machineOf, NO_REDIS, recordOf, secretOf, tellingOf } from './test-facts.ts';

const SENT = { count: 18_240, ms: 300_000 };

function rowOf(facts: SettingsFacts, setting = 'SUSPEND_REDIS') {
  const row = settingRows(facts).rows.find((one) => one.setting === setting);
  if (row === undefined) throw new Error(`no row of ${setting}`);
  return row;
}
function kindsOf(facts: SettingsFacts, setting = 'SUSPEND_REDIS'): [SettingFindingKind, string, string][] {
  return rowOf(facts, setting).findings.map(({ kind, way, severity }) => [kind, way, severity]);
}
function one(facts: SettingsFacts, kind: SettingFindingKind): SettingFinding {
  const finding = rowOf(facts).findings.find((each) => each.kind === kind);
  if (finding === undefined) throw new Error(`no ${kind}`);
  return finding;
}

describe('a SUSPEND_REDIS that holds a digest', () => {
  it('is caught by what was declared alone: the record of the deploy', () => {
    const facts = factsOf({ records: [recordOf('digest')] });
    expect(kindsOf(facts)).toEqual([['looks_like_digest', 'declared', 'error']]);
    expect(one(facts, 'looks_like_digest').text).toBe(
      'v1204 set `SUSPEND_REDIS` to 16 or more hexadecimal characters at 9 Apr 17:32Z: a digest, copied in place of a value? Accepted: true, 1, yes, on; or false, 0, no, off. fly secrets list prints digests, never values.',
    );
    expect(one(facts, 'looks_like_digest').commands).toEqual([
      { why: 'To suspend Redis', text: 'fly secrets set SUSPEND_REDIS=true -a harbor' },
      { why: 'To use Redis', text: 'fly secrets set SUSPEND_REDIS=false -a harbor' },
    ]);
  });

  it('is caught by what was declared alone: a plain setting at the platform', () => {
    const env = [{ name: 'SUSPEND_REDIS', value: 'digest' as const }];
    const facts = factsOf({ machines: [machineOf('3d8dd7a1', { env }), machineOf('9185e2bc', { env: [] })] });
    expect(kindsOf(facts)).toEqual([['looks_like_digest', 'declared', 'error']]);
    expect(one(facts, 'looks_like_digest').machines).toEqual(['3d8dd7a1']);
  });

  it('is caught by what the process parsed alone', () => {
    const facts = factsOf({ machines: [tellingOf('3d8dd7a1', 'false', 'digest')] });
    expect(kindsOf(facts)).toEqual([['looks_like_digest', 'parsed', 'error']]);
    expect(one(facts, 'looks_like_digest').text).toBe(
      '`SUSPEND_REDIS` on 3d8dd7a1 holds 16 or more hexadecimal characters: a digest, copied in place of a value? Read as false. Accepted: true, 1, yes, on; or false, 0, no, off.',
    );
  });

  it('is caught by what is observed alone: it is asked to suspend and its traffic says otherwise', () => {
    const facts = factsOf({
      // Nothing says what it holds: a team that expects Redis suspended, and a counter of commands.
      expected: 'suspended',
      secrets: [secretOf()],
      machines: [machineOf('3d8dd7a1', { redis: { ...NO_REDIS, sent: SENT } })],
    });
    expect(kindsOf(facts)).toEqual([['observed_differs', 'observed', 'error']]);
    expect(one(facts, 'observed_differs').text).toBe(
      '3d8dd7a1 is asked to suspend Redis, and its traffic shows that it does not: 18.2K Redis commands in 5 min.',
    );
  });

  it('is caught all three ways at once, and no way says less for the others', () => {
    const facts = factsOf({
      records: [recordOf('digest')],
      secrets: [secretOf()],
      machines: ['3d8dd7a1', '9185e2bc'].map((name) =>
        tellingOf(name, 'false', 'digest', { suspended: false, asked: true, sent: SENT }),
      ),
    });
    expect(kindsOf(facts)).toEqual([
      ['looks_like_digest', 'declared', 'error'],
      ['asked_in_vain', 'declared', 'error'],
      ['looks_like_digest', 'parsed', 'error'],
      ['observed_differs', 'observed', 'error'],
      ['observed_differs', 'observed', 'error'],
    ]);
    expect(one(facts, 'asked_in_vain').text).toBe(
      'What was set asks to suspend Redis, and 3d8dd7a1, 9185e2bc use it, though its secret was set at 9 Apr 17:32Z: v1204 set it to what looks like a digest at 9 Apr 17:32Z; its own setting holds more than a plain no. Their processes read `SUSPEND_REDIS` as false.',
    );
  });
});

describe('findings of a setting', () => {
  const plain = (parsed: 'true' | 'false') => tellingOf('a', parsed, 'ok');

  it.each<[string, SettingsFacts, [SettingFindingKind, string, string][]]>([
    ['a plain no that nobody objects to', factsOf({ machines: [plain('false')], secrets: [secretOf()] }), []],
    [
      'a plain yes without traffic',
      factsOf({
        machines: [tellingOf('a', 'true', 'ok', { suspended: true, sent: { count: 0, ms: 300_000 } })],
      }),
      [],
    ],
    [
      'a text that is neither yes nor no',
      factsOf({ machines: [tellingOf('a', 'false', 'unparsable')] }),
      [['unparsable', 'parsed', 'error']],
    ],
    [
      'a process that could not read it',
      factsOf({ machines: [tellingOf('a', 'invalid', 'ok')] }),
      [['unparsable', 'parsed', 'error']],
    ],
    [
      'an empty text',
      factsOf({ machines: [tellingOf('a', 'false', 'empty')] }),
      [['empty', 'parsed', 'warning']],
    ],
    [
      'machines that read it differently',
      factsOf({ machines: [plain('false'), tellingOf('b', 'true', 'ok')] }),
      [['machines_disagree', 'parsed', 'warning']],
    ],
    [
      'a secret that no machine has yet',
      factsOf({ machines: [plain('false')], secrets: [secretOf({ status: 'staged' })] }),
      [['staged', 'declared', 'warning']],
    ],
    [
      'a secret that some machines have',
      factsOf({ machines: [plain('false')], secrets: [secretOf({ status: 'partial' })] }),
      [['partial', 'declared', 'warning']],
    ],
    [
      'a secret that hides a plain setting of the same name, digest or not',
      factsOf({
        secrets: [secretOf()],
        machines: [machineOf('a', { env: [{ name: 'SUSPEND_REDIS', value: 'digest' }] })],
      }),
      [['masked', 'declared', 'warning']],
    ],
    [
      'a record that says true, and a machine that holds a plain no',
      factsOf({ machines: [plain('false')], records: [recordOf('true')] }),
      [['declared_differs', 'declared', 'warning']],
    ],
    [
      'a machine that says suspended and sends commands',
      factsOf({ machines: [tellingOf('a', 'true', 'ok', { suspended: true, sent: SENT })] }),
      [['observed_differs', 'observed', 'error']],
    ],
    [
      'a machine that says it uses Redis, and whose log says otherwise',
      factsOf({ machines: [tellingOf('a', 'false', 'ok', { suspended: false, suspendedLines: 3 })] }),
      [['observed_differs', 'observed', 'warning']],
    ],
    [
      'a process that reads true and says that it uses Redis',
      factsOf({ machines: [tellingOf('a', 'true', 'ok', { suspended: false })] }),
      [['observed_differs', 'observed', 'error']],
    ],
    [
      'a process that reads false and says that Redis is suspended',
      factsOf({ machines: [tellingOf('a', 'false', 'ok', { suspended: true })] }),
      [['observed_differs', 'observed', 'warning']],
    ],
    [
      'a config that expects it suspended, and a machine that does not',
      factsOf({
        expected: 'suspended',
        machines: [machineOf('a', { redis: { ...NO_REDIS, suspended: false } })],
        secrets: [secretOf()],
      }),
      [['asked_in_vain', 'declared', 'error']],
    ],
  ])('%s', (_name, facts, kinds) => {
    expect(kindsOf(facts)).toEqual(kinds);
  });

  it('a secret read as false by a process that does not say what it holds may be asked in vain: the words say that it can’t be told', () => {
    const redis = { ...NO_REDIS, suspended: false };
    const facts = factsOf({ secrets: [secretOf()], machines: [machineOf('a', { redis })] });
    expect(kindsOf(facts)).toEqual([['asked_in_vain', 'declared', 'warning']]);
    expect(one(facts, 'asked_in_vain').text).toContain('was set at 9 Apr 17:32Z, and a uses Redis');
    expect(one(facts, 'asked_in_vain').text).toContain('can’t be told'.replace('’', "'"));
    const known = factsOf({
      secrets: [secretOf()],
      machines: [machineOf('a', { redis: { ...redis, asked: false } })],
    });
    expect(kindsOf(known)).toEqual([]);
  });

  it('a secret that was changed later makes a record old: it asks for nothing any more', () => {
    const record = recordOf('true');
    const later = secretOf({ updatedMs: record.atMs + HOUR_MS });
    const facts = (secret: ReturnType<typeof secretOf>) =>
      factsOf({ records: [record], secrets: [secret], machines: [plain('false')] });
    expect(kindsOf(facts(later))).toEqual([]);
    expect(kindsOf(facts(secretOf({ updatedMs: record.atMs + 60_000 })))).toEqual([
      ['declared_differs', 'declared', 'warning'],
    ]);
    expect(rowOf(facts(later)).declared.map(({ by }) => by)).toEqual(['secret', 'record']);
  });

  it.each([
    ['a misread switch offers the way that was asked for', 'asked_in_vain', ['To suspend Redis']],
    [
      'a digest offers both ways, since nobody can know which was meant',
      'looks_like_digest',
      ['To suspend Redis', 'To use Redis'],
    ],
    ['traffic that goes on offers the way that was asked for', 'observed_differs', ['To suspend Redis']],
  ] as const)('%s', (_name, kind, whys) => {
    const facts = factsOf({
      machines: [tellingOf('a', 'false', 'digest', { suspended: false, asked: true, sent: SENT })],
    });
    expect(one(facts, kind).commands.map(({ why }) => why)).toEqual(whys);
    expect(one({ ...facts, platformApp: null }, kind).commands).toEqual([]);
  });

  it('a staged secret is brought to every machine by a deploy of secrets', () => {
    const facts = factsOf({ secrets: [secretOf({ status: 'staged' })] });
    expect(one(facts, 'staged').commands).toEqual([
      { why: 'To bring it to every machine', text: 'fly secrets deploy -a harbor' },
    ]);
  });

  it.each([
    [[], 'the others keep the value before'],
    [['9185e2bc'], '9185e2bc keeps the value before'],
    [['a', 'b'], 'a, b keep the value before'],
  ])('a partial secret names the machines that wait for it: %j', (waiting, words) => {
    const facts = factsOf({ secrets: [secretOf({ status: 'partial', waiting })] });
    expect(one(facts, 'partial').text).toContain(words);
    expect(one(facts, 'partial').machines).toEqual(waiting);
  });

  it('only the newest record counts', () => {
    const facts = factsOf({
      records: [recordOf('false'), { ...recordOf('digest'), release: 'v1203' }],
      machines: [plain('false')],
    });
    expect(kindsOf(facts)).toEqual([]);
  });

  it('hexadecimal characters are an error in a flag, worth knowing in what an app reports, and nothing in a plain commit id', () => {
    const machines = [
      machineOf('a', {
        reported: [{ setting: 'SIGNING', parsed: 'other', looks: 'digest' }],
        env: [{ name: 'GIT_SHA', value: 'digest' }],
      }),
    ];
    expect(kindsOf(factsOf({ machines }), 'SIGNING')).toEqual([['looks_like_digest', 'parsed', 'info']]);
    expect(kindsOf(factsOf({ machines }), 'GIT_SHA')).toEqual([]);
  });

  it('settings without traffic of their own are never judged by it', () => {
    const machines = [
      machineOf('a', {
        reported: [{ setting: 'WORKERS_ON', parsed: 'true', looks: 'ok' }],
        redis: { ...NO_REDIS, suspended: true, sent: SENT },
      }),
    ];
    expect(kindsOf(factsOf({ machines }), 'WORKERS_ON')).toEqual([]);
    expect(rowOf(factsOf({ machines }), 'WORKERS_ON').cells[0]?.observed).toBeNull();
    // The mode that the app tells has a row of its own, without a name.
    expect(kindsOf(factsOf({ machines }), 'Redis switch')).toEqual([
      ['observed_differs', 'observed', 'error'],
    ]);
  });
});

describe('the table of settings', () => {
  it('a missing word looks missing, with its reason', () => {
    const facts = factsOf({
      machines: [
        machineOf('a', { silent: 'it does not answer' }),
        machineOf('b'),
        machineOf('c', { reported: [{ setting: 'LIMITER_SYNC_SECONDS', parsed: 'other', looks: 'ok' }] }),
        tellingOf('d', 'false', 'ok'),
      ],
      secrets: [secretOf()],
    });
    expect(rowOf(facts).cells.map(({ parsed, why }) => [parsed, why])).toEqual([
      [null, 'it does not answer'],
      [null, 'its app does not say'],
      [null, 'its app does not say this one'],
      ['false', null],
    ]);
  });

  it('a machine that tells its mode and no setting is shown as read, without looks', () => {
    const facts = factsOf({
      machines: [machineOf('a', { redis: { ...NO_REDIS, suspended: true } })],
      secrets: [secretOf()],
    });
    expect(rowOf(facts).cells[0]).toMatchObject({ parsed: 'true', looks: null, why: null });
  });

  it('those in trouble stand first, then what a process tells, then the rest', () => {
    const machines = [
      machineOf('a', {
        reported: [
          { setting: 'B_SECONDS', parsed: 'other', looks: 'ok' },
          { setting: 'SUSPEND_REDIS', parsed: 'false', looks: 'digest' },
        ],
        env: [{ name: 'A_PORT', value: 'other' }],
      }),
    ];
    const secrets = [secretOf({ name: 'DATABASE_URL', status: 'staged' }), secretOf({ name: 'A_KEY' })];
    expect(settingRows(factsOf({ machines, secrets })).rows.map(({ setting }) => setting)).toEqual([
      'SUSPEND_REDIS',
      'DATABASE_URL',
      'B_SECONDS',
      'A_KEY',
      'A_PORT',
    ]);
  });

  it('shows at most 200 and says how many are left', () => {
    const env = Array.from({ length: 230 }, (_, i) => ({ name: `S_${i}`, value: 'other' as const }));
    const { rows, left } = settingRows(factsOf({ machines: [machineOf('a', { env })] }));
    expect([rows.length, left]).toEqual([200, { settings: 30, machines: 0 }]);
  });

  it('of many machines shows 50, those in trouble before the others, in the order of all', () => {
    const machines = Array.from({ length: 80 }, (_, i) =>
      tellingOf(`m${i}`, 'false', i === 77 ? 'digest' : 'ok'),
    );
    const { rows, left } = settingRows(factsOf({ machines }));
    const names = rows[0]?.cells.map(({ machine }) => machine) ?? [];
    expect(left).toEqual({ settings: 0, machines: 30 });
    expect([names.length, names[0], names[48], names[49]]).toEqual([50, 'm0', 'm48', 'm77']);
  });

  it('a finding marks the cells of the machines that it names, and no other', () => {
    const facts = factsOf({ machines: [tellingOf('a', 'false', 'digest'), tellingOf('b', 'false', 'ok')] });
    expect(rowOf(facts).cells.map(({ worst }) => worst.parsed)).toEqual(['error', null]);
  });
});

describe('a switch whose record nobody wrote', () => {
  it('is caught three ways all the same: what it holds asks, its process reads false, its traffic goes on', () => {
    const machines = [
      tellingOf('3d8dd7a1', 'false', 'digest', { suspended: false, asked: true, sent: SENT }),
    ];
    const facts = factsOf({ machines, secrets: [secretOf()] });
    expect(kindsOf(facts)).toEqual([
      ['asked_in_vain', 'declared', 'error'],
      ['looks_like_digest', 'parsed', 'error'],
      ['observed_differs', 'observed', 'error'],
    ]);
  });
});
