import { beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../config/secret.ts';
import { registerSecretsIn } from '../log/secrets.ts';
import { cleanShareText } from './clean-share-text.ts';
import { FOREIGN_SECRETS, KNOWN_SECRETS, PLANTED } from './test-secrets.ts';

const [NEON = ''] = FOREIGN_SECRETS;
const TOKEN = 'Zk3vX0aQ_8sT-1bN5cR7dE9fG2hJ4kL6mP0qS3uV5wY';
const base64 = (text: string) => Buffer.from(text).toString('base64');

beforeAll(() => registerSecretsIn(KNOWN_SECRETS.map((secret) => new Secret(secret))));

describe('cleanShareText', () => {
  it('of twelve secrets in five encodings no byte is left', () => {
    for (const secret of PLANTED)
      expect(cleanShareText(`before ${secret} after`).text, secret).toBe('before [secret] after');
  });

  it.each<[how: string, text: string]>([
    ['with the escapes of Markdown', NEON.replaceAll('_', '\\_')],
    ['with every sign escaped', 'pg\\-Pass\\/9\\+w\\?rd'],
    ['as JSON of another program', 'pg-Pass/9\\u002bw?rd'],
    ['as HTML', 'pg-Pass/9&#43;w&#x3F;rd'],
    ['in base64, behind a name', `auth=${base64(NEON)}`],
    ['in base64, behind a path', `/v1/${base64(`me:${NEON}`)}`],
    ['in base64 for addresses', Buffer.from(`{"k":"${NEON}?>"}`).toString('base64url')],
    ['in hex, with its mark', `0x${Buffer.from(NEON).toString('hex').toUpperCase()}`],
    ['in an address', `https://example.org/?k=${encodeURIComponent(`a ${NEON}`)}`],
    ['as the link of another share', `https://watch.example.org/s/${TOKEN}`],
    ['as the picture of one', `/s/${TOKEN}/preview.png`],
  ])('a credential %s is taken out', (_how, text) => {
    const { text: clean, count } = cleanShareText(`before ${text} after`);
    expect(count).toBe(1);
    expect(clean).toMatch(/^before \S*\[secret\]\S* after$/);
    expect(clean).not.toContain(text);
    expect(clean).not.toContain(TOKEN);
  });

  it.each([
    'commit 3f2a91c07be44d1c9a5f6e8d7c6b5a4938271605 of lib/server/queries/incident-numbers.ts',
    'deploy 20260409T180000-abcdefghijkm &amp; R\\&D, 50\\% of C:\\\\temp, a\\_b',
    'internationalisation_of_everything_that_is_long = 100%25, UNDERSCORED_NAMES_OF_CONSTANTS/and/paths/that/are/long',
    '[a link](/deploys/20260409T180000-abcdefghijkm), `GET /s/index.html`',
  ])('%s: stays as it is', (text) => {
    expect(cleanShareText(text)).toEqual({ text, count: 0 });
  });

  it('a text of any form costs no more than its length', () => {
    const started = performance.now();
    for (const piece of ['a', '%41', '\\_', '=a', 'a/', '&#65;', 'Zk3v'])
      cleanShareText(piece.repeat((64 * 1024) / piece.length));
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
