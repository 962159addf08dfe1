import 'server-only';

/** Of a config, so that a server knows them; in every form that makes trouble. */
export const KNOWN_SECRETS: readonly string[] = [
  'rD7"pass\\word',
  'pg-Pass/9+w?rd',
  'upstashKey-77aa-Q',
  'correct horse battery',
  'token-of-the-config-1',
  'https://hooks.slack.com/services/T0AB/B0CD/Zk3vX0aQ8sT1bN5c',
  'secretKeyToSeal#1',
  'fm2_lJPECAAAAAAAB2bXxBCz9dQ0pYw',
];
/** Nobody knows these, and anybody can tell what they are: keys of vendors, tokens of ours, a session. */
export const FOREIGN_SECRETS: readonly string[] = [
  'napi_9f8e7d6c5b4a3f2e1d0cQw',
  'aw_Zk3vX0aQ8sT1bN5cR7dE9fG2hJ4kL6mP0qS3uV5wY1z',
  'ghp_Zk3vX0aQ8sT1bN5cR7dE9fG2hJ4k',
  'Hq7-2fK9sLx0Pz4VbN8mTr6Yw3EaJd5UcGi1oXkQvBs',
];
const ENCODINGS: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => Buffer.from(secret).toString('base64'),
  (secret) => Buffer.from(secret).toString('hex'),
  (secret) => encodeURIComponent(secret),
  (secret) => JSON.stringify(secret).slice(1, -1),
];
/** Each of the twelve in five encodings. */
export const PLANTED: readonly string[] = [...KNOWN_SECRETS, ...FOREIGN_SECRETS].flatMap((secret) =>
  ENCODINGS.map((encode) => encode(secret)),
);
/** Every one of them, as somebody would paste it. */
export const POISON = PLANTED.map((text, i) => `case ${i}: ${text} failed`).join('\n');

/** Those of them that stand in what leaves, however its JSON escapes them; without regard to case. */
export function findPlanted(value: unknown): string[] {
  const payload = JSON.stringify(value);
  const texts = [payload, payload.replaceAll('\\"', '"').replaceAll('\\\\', '\\')].map((text) =>
    text.toLowerCase(),
  );
  return PLANTED.filter((secret) => texts.some((text) => text.includes(secret.toLowerCase())));
}
