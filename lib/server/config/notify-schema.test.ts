import { describe, expect, it } from 'vitest';
import { loadConfig } from './load-config.ts';
import { faultsOf, inputOf } from './test-input.ts';

const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const SOURCES = `sources: [{kind: redis, url: "redis://cache:6379"}]\n`;
const fileOf = (url: string, secret = `\${S}`) =>
  `${SOURCES}notify:\n  webhook:\n    url: "${url}"\n    secret: "${secret}"\n`;
const load = (url: string, secret = SECRET) => loadConfig(inputOf(fileOf(url), { S: secret }));

describe('notify', () => {
  it('nobody is told where nothing is written', () => {
    expect(loadConfig(inputOf(SOURCES)).notify).toEqual({ webhook: null });
    expect(loadConfig(inputOf(`${SOURCES}notify: {}\n`)).notify).toEqual({ webhook: null });
  });

  it('a receiver is its address and its secret, neither of which shows itself', () => {
    const { webhook } = load('https://hooks.example.com/in?key=hush').notify;
    expect(webhook?.address).toBe('hooks.example.com:443');
    expect(webhook?.url.reveal()).toBe('https://hooks.example.com/in?key=hush');
    expect(webhook?.secret.reveal()).toBe(SECRET);
    expect(JSON.stringify(webhook)).not.toMatch(/hush|whsec/);
    // Whoever runs the server wrote it: it may lie in a private network.
    expect(load('http://10.0.0.7:8080/in').notify.webhook?.address).toBe('10.0.0.7:8080');
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
    expect(other?.message).toMatch(/known: webhook/);
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
    expect(loadConfig(input).notify).toEqual({ webhook: null });
  });
});
