import 'server-only';
import { cleanText } from './clean-text.ts';
import type { Exposition } from './exposition.ts';
import { factSchema, type HealthBody, objectSchema } from './schema.ts';

/** Facts that a machine's own answers may give; all short, free of anything but plain characters. */
export type AppFact = 'version' | 'region' | 'machine';

const MAX_CHARS = 64;
/** A release, a region or a machine id; no URL with a query, no sentence, nothing with a secret's usual signs. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._:+/@ -]*$/;

/** Keys in a health body, most telling first; compared without case and separators. */
const KEYS: Readonly<Record<AppFact, readonly string[]>> = {
  version: [
    'releaseid',
    'release',
    'version',
    'appversion',
    'imagedigest',
    'image',
    'commit',
    'gitsha',
    'flymachineversion',
    'machineversion',
  ],
  region: ['region', 'flyregion'],
  machine: ['machineid', 'machine', 'flymachineid', 'flyallocid', 'instanceid', 'hostname'],
};
/** Objects of a health body that are looked into as well. */
const INNER = new Set([
  'env',
  'fly',
  'machine',
  'meta',
  'info',
  'app',
  'build',
  'release',
  'process',
  'runtime',
]);

/** `*_info` families that name the app's own version, most telling first: family and label. */
const INFO_LABELS: readonly (readonly [family: string, label: string])[] = [
  ['target_info', 'service_version'],
  ['app_info', 'version'],
  ['application_info', 'version'],
  ['app_build_info', 'version'],
  ['build_info', 'version'],
];
/** Versions of the runtime or a library: true, but not the app's. */
const RUNTIME_INFO = new Set([
  'python_info',
  'nodejs_version_info',
  'go_info',
  'jvm_info',
  'jvm_runtime_info',
  'process_runtime_info',
  'prometheus_build_info',
]);

/** Version, region and machine from a health body and from `*_info` families; the health body wins. */
export function readFacts(
  body: HealthBody | null,
  page: Exposition | null,
): Partial<Record<AppFact, string>> {
  const found: Partial<Record<AppFact, string>> = {};
  const fields = body === null ? new Map<string, unknown>() : fieldsOf(body);
  for (const fact of ['version', 'region', 'machine'] as const) {
    const text = KEYS[fact].map((key) => plainText(fields.get(key))).find((value) => value !== null);
    if (text !== undefined && text !== null) found[fact] = text;
  }
  const version = page === null ? null : versionFromInfo(page);
  if (found.version === undefined && version !== null) found.version = version;
  return found;
}

/** Fields of the body and of a few known inner objects by normalised key; outer fields win. */
function fieldsOf(body: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const [key, value] of Object.entries(body)) if (isFact(value)) setOnce(fields, key, value);
  for (const [key, value] of Object.entries(body)) {
    const inner = INNER.has(normalise(key)) ? objectSchema.safeParse(value) : null;
    if (inner?.success !== true) continue;
    for (const [innerKey, innerValue] of Object.entries(inner.data)) {
      // `{"machine": {"id": …}}`: the object's name is half of the key.
      const fullKey = normalise(innerKey) === 'id' ? `${key}id` : innerKey;
      if (isFact(innerValue)) setOnce(fields, fullKey, innerValue);
    }
  }
  return fields;
}

function setOnce(fields: Map<string, unknown>, key: string, value: unknown): void {
  const name = normalise(key);
  if (!fields.has(name)) fields.set(name, value);
}

function normalise(key: string): string {
  return key
    .slice(0, 80)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

function isFact(value: unknown): boolean {
  return factSchema.safeParse(value).success;
}

function plainText(value: unknown): string | null {
  // Most pages tell few of these words, and a refusal costs more than a look.
  if (value === undefined) return null;
  const fact = factSchema.safeParse(value);
  if (!fact.success) return null;
  const text = cleanText(String(fact.data), MAX_CHARS + 1);
  return text.length <= MAX_CHARS && PLAIN.test(text) ? text : null;
}

function versionFromInfo(page: Exposition): string | null {
  const named = INFO_LABELS.map(([family, label]) => labelOfFamily(page, family, label));
  const others = [...page.families.keys()]
    .filter((name) => name.endsWith('_info') && !RUNTIME_INFO.has(name))
    .map((name) => labelOfFamily(page, name, 'version'));
  return [...named, ...others].find((text) => text !== null) ?? null;
}

function labelOfFamily(page: Exposition, family: string, label: string): string | null {
  return plainText(page.families.get(family)?.samples[0]?.labels[label]);
}
