import { describe, expect, it } from 'vitest';
import { loadConfig } from './load-config.ts';
import { faultsOf, inputOf } from './test-input.ts';

const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const SOURCES = `sources: [{kind: redis, url: "redis://cache:6379"}]\n`;
const fileOf = (url: string, secret = `\${S}`) =>
  `${SOURCES}notify:\n  webhook:\n    url: "${url}"\n    secret: "${secret}"\n`;
const load = (url: string, secret = SECRET) => loadConfig(inputOf(fileOf(url), { S: secret }));

const NOBODY = { receivers: [], heartbeat: null };
const receiverOf = (url: string) => {
  const [receiver] = load(url).notify.receivers;
  if (receiver?.kind !== 'webhook') throw new Error('no webhook');
  return receiver;
};

describe('notify', () => {
  it('nobody is told where nothing is written', () => {
    expect(loadConfig(inputOf(SOURCES)).notify).toEqual(NOBODY);
    expect(loadConfig(inputOf(`${SOURCES}notify: {}\n`)).notify).toEqual(NOBODY);
  });

  it('the webhook of earlier versions is a receiver of that name, told of everything; neither address nor secret shows itself', () => {
    const receiver = receiverOf('https://hooks.example.com/in?key=hush');
    expect(receiver).toMatchObject({
      ...{ name: 'webhook', kind: 'webhook', address: 'hooks.example.com:443', severity: 'info' },
      topics: ['alerts', 'verdicts', 'reminders'],
    });
    expect(receiver.url.reveal()).toBe('https://hooks.example.com/in?key=hush');
    expect(receiver.secrets.map((one) => one.reveal())).toEqual([SECRET]);
    expect(JSON.stringify(receiver)).not.toMatch(/hush|whsec/);
    // Whoever runs the server wrote it: it may lie in a private network.
    expect(receiverOf('http://10.0.0.7:8080/in').address).toBe('10.0.0.7:8080');
  });

  it.each<[what: string, url: string, secret: string, said: RegExp]>([
    ['another scheme', 'ftp://hooks.example.com/', SECRET, /notify\.webhook\.url.*http:\/\/ or https:\/\//],
    [
      'credentials',
      'https://user:pass@hooks.example.com/',
      SECRET,
      /notify\.webhook\.url: must not hold a user or password$/,
    ],
    ['a short secret', 'https://hooks.example.com/', 'short', /notify\.webhook\.secret: must be whsec_/],
    ['too few bytes', 'https://hooks.example.com/', 'whsec_c2hvcnQ=', /24 to 64 bytes/],
    ['no base64', 'https://hooks.example.com/', `whsec_${'?'.repeat(40)}`, /24 to 64 bytes/],
    ['spaces', 'https://hooks.example.com/', 'twenty-four signs with spaces', /without spaces/],
  ])('%s is a fault with its place and without its value', (_what, url, secret, said) => {
    const [fault, ...more] = faultsOf(() => load(url, secret));
    expect(more).toEqual([]);
    expect(fault?.message.replace(/ \(its value.*/, '')).toMatch(said);
    expect(fault?.line).toBeGreaterThan(1);
    expect(fault?.message).not.toMatch(/user:pass|short|twenty/);
  });

  it('unknown keys are named with what there is', () => {
    const [fault] = faultsOf(() =>
      loadConfig(inputOf(`${SOURCES}notify: {webhook: {url: "https://a.example", secrets: x}}\n`)),
    );
    expect(fault?.message).toMatch(/secret/);
    const [other] = faultsOf(() => loadConfig(inputOf(`${SOURCES}notify: {slack: x}\n`)));
    expect(other?.message).toMatch(/known: receivers, webhook, heartbeat/);
  });

  it('a secret that stands in the file is warned about', () => {
    const { warnings } = loadConfig(inputOf(fileOf('https://hooks.example.com/', SECRET)));
    expect(warnings).toEqual([
      expect.stringMatching(/:\d+: notify\.webhook\.secret holds a secret; keep it in a variable/),
    ]);
    expect(load('https://hooks.example.com/').warnings).toEqual([]);
  });

  it('the demo tells nobody', () => {
    const input = inputOf(fileOf('https://hooks.example.com/'), { S: SECRET, AFTERWATCH_DEMO: '1' });
    expect(loadConfig(input).notify).toEqual(NOBODY);
  });
});

const KEY = 'R'.repeat(32);
const ENV = {
  SLACK: 'https://hooks.slack.com/services/T0/B0/hush1',
  DISCORD: 'https://discord.com/api/webhooks/1/hush2',
  HOOK: SECRET,
  HOOK_NEXT: 'the-next-secret-of-the-hook',
  PD: KEY,
  SMTP: 'smtps://sender:hush%403@mail.example.com',
  BEAT: 'https://beat.example.com/hush4',
};
const ALL = `${SOURCES}notify:
  receivers:
    - { kind: slack, url: "\${SLACK}", severity: warning }
    - { kind: discord, url: "\${DISCORD}", topics: [verdicts] }
    - { kind: webhook, name: pager, url: "https://hooks.example.com:8443/in", secret: ["\${HOOK}", "\${HOOK_NEXT}"] }
    - { kind: pagerduty, routingKey: "\${PD}", severity: critical }
    - { kind: email, url: "\${SMTP}", from: watch@example.com, to: [ann@example.com, bo@example.com] }
  heartbeat: { url: "\${BEAT}", every: 5m }
`;
const one = (written: string) => `${SOURCES}notify:\n  receivers:\n    - ${written}\n`;

describe('receivers', () => {
  it('of all five kinds are read, each with its defaults, and none shows a credential', () => {
    const { notify, warnings } = loadConfig(inputOf(ALL, ENV));
    expect(
      notify.receivers.map(({ name, kind, address, topics, severity }) => [
        name,
        kind,
        address,
        topics.join(' '),
        severity,
      ]),
    ).toEqual([
      ['slack', 'slack', 'hooks.slack.com:443', 'alerts verdicts reminders', 'warning'],
      ['discord', 'discord', 'discord.com:443', 'verdicts', 'info'],
      ['pager', 'webhook', 'hooks.example.com:8443', 'alerts verdicts reminders', 'info'],
      ['pagerduty', 'pagerduty', 'events.pagerduty.com:443', 'alerts', 'critical'],
      ['email', 'email', 'mail.example.com:465', 'alerts verdicts reminders', 'info'],
    ]);
    const [, , hook, pagerduty, email] = notify.receivers;
    expect(hook?.kind === 'webhook' && hook.secrets.map((secret) => secret.reveal())).toEqual([
      SECRET,
      ENV.HOOK_NEXT,
    ]);
    expect(pagerduty?.kind === 'pagerduty' && pagerduty.routingKey.reveal()).toBe(KEY);
    expect(email).toMatchObject({ from: 'watch@example.com', to: ['ann@example.com', 'bo@example.com'] });
    expect(notify.heartbeat).toMatchObject({ address: 'beat.example.com:443', everyMs: 300_000 });
    expect(JSON.stringify(notify)).not.toMatch(/hush|whsec|RRRR|next-secret|services/);
    expect(warnings).toEqual([]);
  });

  it('readers of mail may come as one text with commas, so that a variable can hold them', () => {
    const text = one(`{ kind: email, url: "smtp://mail", from: a@b.example, to: "\${TO}" }`);
    const [email] = loadConfig(inputOf(text, { TO: 'ann@b.example, bo@b.example' })).notify.receivers;
    expect(email).toMatchObject({ to: ['ann@b.example', 'bo@b.example'], address: 'mail:587' });
  });

  it.each<[what: string, written: string, said: RegExp]>([
    [
      'an unknown kind',
      '{ kind: teams, url: "https://a.example" }',
      /receivers\[0\]\.kind: must be slack, discord, webhook, pagerduty, email/,
    ],
    ['a missing address', '{ kind: slack }', /receivers\[0\]\.url: is missing/],
    [
      'a key of another kind',
      '{ kind: slack, url: "https://a.example", routingKey: x }',
      /routingKey is not a key here.*known: kind, url, name, topics, severity/,
    ],
    [
      'a slip in a key',
      '{ kind: slack, url: "https://a.example", topic: [alerts] }',
      /topic is not a key here; did you mean topics/,
    ],
    [
      'a topic that is none',
      '{ kind: slack, url: "https://a.example", topics: [deploys] }',
      /topics\[0\]: must be alerts or verdicts or reminders/,
    ],
    ['no topic at all', '{ kind: slack, url: "https://a.example", topics: [] }', /topics: names nothing/],
    [
      'a severity that is none',
      '{ kind: slack, url: "https://a.example", severity: high }',
      /severity: must be critical or warning or info/,
    ],
    [
      'a name with a slash',
      '{ kind: slack, url: "https://a.example", name: "a/b" }',
      /name: must be up to 32 letters/,
    ],
    [
      'a short routing key',
      '{ kind: pagerduty, routingKey: hushhush }',
      /routingKey: must be the integration key/,
    ],
    [
      'a mail server without a scheme',
      '{ kind: email, url: "mail.example.com", from: a@b.example, to: [a@b.example] }',
      /url: must begin with smtp:\/\/ or smtps:\/\//,
    ],
    [
      'a user without a password',
      '{ kind: email, url: "smtp://hush@mail", from: a@b.example, to: [a@b.example] }',
      /both a user and a password/,
    ],
    [
      'a path after the mail server',
      '{ kind: email, url: "smtp://mail/hush", from: a@b.example, to: [a@b.example] }',
      /must end with the host and port/,
    ],
    [
      'a sender that could end a header',
      '{ kind: email, url: "smtp://mail", from: "a@b.example\\nBcc: hush@x.example", to: [a@b.example] }',
      /from: must be an address such as/,
    ],
    [
      'a reader with a name',
      '{ kind: email, url: "smtp://mail", from: a@b.example, to: "Hush <a@b.example>" }',
      /to: must be an address such as/,
    ],
    [
      'a third of three secrets too short',
      `{ kind: webhook, url: "https://a.example", secret: ["${SECRET}", hush] }`,
      /secret.*must be whsec_/,
    ],
  ])('%s is a fault with its place, its line and without its value', (_what, written, said) => {
    const faults = faultsOf(() => loadConfig(inputOf(one(written))));
    expect(faults.map(({ message }) => message).join('\n')).toMatch(said);
    for (const { line, message } of faults) {
      expect(line).toBe(4);
      expect(message).not.toMatch(/hush/i);
    }
  });

  it('two of one name are a fault: each has a line of its own in the store', () => {
    const text = `${SOURCES}notify:\n  receivers:\n    - { kind: slack, url: "https://a.example" }\n    - { kind: slack, url: "https://b.example" }\n`;
    expect(faultsOf(() => loadConfig(inputOf(text)))).toMatchObject([
      { line: 5, message: expect.stringMatching(/receivers\[1\]: is a second receiver named slack/) },
    ]);
  });

  it('faults of several receivers are told at once', () => {
    const text = `${SOURCES}notify:\n  receivers:\n    - { kind: slack }\n    - { kind: email, url: "smtp://m" }\n  heartbeat: { url: "ftp://a", every: 1s }\n`;
    const said = faultsOf(() => loadConfig(inputOf(text))).map(({ line, message }) => `${line} ${message}`);
    for (const part of [
      /^4 .*\[0\]\.url/,
      /^5 .*\[1\]\.from/,
      /^5 .*\[1\]\.to/,
      /^6 .*heartbeat\.url/,
      /^6 .*heartbeat\.every/,
    ])
      expect(said).toContainEqual(expect.stringMatching(part));
  });

  it.each([
    [
      'an address of Slack',
      '{ kind: slack, url: "https://hooks.slack.com/services/hush" }',
      /receivers\[0\]\.url holds a credential/,
    ],
    ['a routing key', `{ kind: pagerduty, routingKey: ${KEY} }`, /routingKey holds a secret/],
    [
      'a password of a mail server',
      '{ kind: email, url: "smtp://u:hush@m", from: a@b.example, to: [a@b.example] }',
      /url holds a credential/,
    ],
  ])('%s in the file itself is warned about', (_what, written, said) => {
    const { warnings } = loadConfig(inputOf(one(written)));
    expect(warnings).toEqual([expect.stringMatching(said)]);
    expect(warnings.join()).not.toMatch(/hush|RRRR/);
  });

  it('an address of a signed webhook is no credential: the secret is', () => {
    const { warnings } = loadConfig(
      inputOf(one(`{ kind: webhook, url: "https://a.example/in", secret: "\${S}" }`), { S: SECRET }),
    );
    expect(warnings).toEqual([]);
  });
});
