import type { ShareSwitch } from '../model/share.ts';

/** Texts that name something although no dictionary knows them. */
export interface NamePattern {
  what: ShareSwitch;
  pattern: RegExp;
}

/** An underscore belongs to a word only within one: around it, it is how Markdown leans on it. */
const WORD_START = '(?<![\\p{L}\\p{N}]|[\\p{L}\\p{N}]_)';
const WORD_END = '(?![\\p{L}\\p{N}]|_[\\p{L}\\p{N}])';

const SQL =
  '(?:SELECT\\b[^`\\n]{1,4000}?\\bFROM\\b|INSERT\\s+INTO\\b|UPDATE\\s+\\S{1,200}\\s+SET\\b|DELETE\\s+FROM\\b|(?:CREATE|ALTER|DROP|TRUNCATE)\\s+(?:TABLE|INDEX|SCHEMA|DATABASE|ROLE|USER)\\b|VACUUM\\b|EXPLAIN\\s+(?:ANALYZE|SELECT)\\b)';

/** Looked for beside each other: what overlaps is one thing. */
export const PATTERNS: readonly NamePattern[] = [
  // Statements: in capitals anywhere, in any case between backticks.
  { what: 'queries', pattern: new RegExp(`\\b${SQL}[^\`\\n]{0,4000}`, 'g') },
  { what: 'queries', pattern: new RegExp(`(?<=\`\\s{0,20})${SQL}[^\`\\n]{0,4000}`, 'gi') },
  // An address with its scheme, whole: also one of figures, and one that a secret was taken out of.
  {
    what: 'hosts',
    pattern:
      /(?<![a-z0-9])[a-z][a-z0-9+.-]{1,15}:\/\/(?:[^\s"'<>()[\]`]|\[secret\]|(?<=[/@])\[[0-9a-f:.%]{2,60}\]){1,2000}(?<![.,;:!?])/gi,
  },
  // People by mail.
  { what: 'people', pattern: /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}(?:@[\w.-]{1,255}){0,8}/g },
  // Names that only hosts have.
  {
    what: 'hosts',
    pattern:
      /\b(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.){1,8}(?:internal|local|localdomain|lan|corp|intra|flycast|upstash\.io|neon\.tech|fly\.dev|fly\.io|amazonaws\.com|azure\.com|googleapis\.com|render\.com|vercel\.app|herokuapp\.com|supabase\.co|planetscale\.com)(?::\d{1,5})?\b/gi,
  },
  { what: 'hosts', pattern: /(?<!\d)(?:\d{1,3}\.){3,8}\d{1,3}(?!\d)(?:(?::\d{1,5}|\/\d{1,2})(?!\d|\.\d))?/g },
  {
    what: 'hosts',
    pattern:
      /(?<![\w.])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?!\w|:[0-9a-f:])|(?<![\w.])(?=[0-9a-f:]{0,40}[0-9a-f])(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?(?!\w|:[0-9a-f:])/gi,
  },
  { what: 'hosts', pattern: /\blocalhost(?::\d{1,5})?\b/gi },
  // Regions as clouds write them.
  {
    what: 'regions',
    pattern: new RegExp(
      `${WORD_START}(?:aws-|gcp-|azure-)?(?:us|eu|ap|sa|ca|me|af|il|mx|cn)-(?:north|south|east|west|central|northeast|southeast|northwest|southwest)(?:-?\\d)[a-z]?${WORD_END}`,
      'giu',
    ),
  },
  // Ids of Fly machines.
  {
    what: 'machines',
    pattern: new RegExp(
      `(?<!-)${WORD_START}(?=[0-9a-f]*\\d)(?=[0-9a-f]*[a-f])[0-9a-f]{14}(?!-)${WORD_END}`,
      'gu',
    ),
  },
  { what: 'people', pattern: /(?<![\w@/.])@[a-z][\w-]{1,38}\b/gi },
  // Money.
  {
    what: 'money',
    pattern:
      /[−-]?(?:\b[A-Z]{1,3})?[$€£]\s?\d[\d,.]{0,30}(?<![.,])(?:\s?[kKmM]\b)?|(?<![\w.])\d[\d,.]{0,30}(?<![.,])\s?(?:USD|EUR|GBP|US dollars?|dollars?|cents?|euros?)\b/g,
  },
];
