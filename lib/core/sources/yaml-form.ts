import type { SourceKind } from '../model/target.ts';

/**
 * What one field of the form holds. A `variable` is the NAME of a variable of the environment: the form never takes
 * what the variable holds.
 */
export type FieldType = 'name' | 'variable' | 'host' | 'address' | 'addresses' | 'word' | 'path' | 'switch';

export interface FormField {
  key: string;
  label: string;
  type: FieldType;
  isNeeded: boolean;
  placeholder: string;
  hint?: string;
}

const name: FormField = {
  key: 'name',
  label: 'Name',
  type: 'name',
  isNeeded: false,
  placeholder: 'left out: the kind',
};
const variable = (key: string, label: string, placeholder: string, isNeeded = true): FormField => ({
  key,
  label,
  type: 'variable',
  isNeeded,
  placeholder,
});
const word = (key: string, label: string, placeholder: string, isNeeded = false): FormField => ({
  key,
  label,
  type: 'word',
  isNeeded,
  placeholder,
});

const HOST_HINT = 'Left out: the variable holds the whole address.';

/** The fields of each kind, in the order of the form. */
export const SOURCE_FORMS: Readonly<Record<SourceKind, readonly FormField[]>> = {
  redis: [
    name,
    {
      key: 'host',
      label: 'Host',
      type: 'host',
      isNeeded: false,
      placeholder: 'cache.internal:6379',
      hint: HOST_HINT,
    },
    word('user', 'User', 'watcher'),
    variable('secret', 'Variable with the address or password', 'REDIS_URL'),
    { key: 'tls', label: 'TLS', type: 'switch', isNeeded: false, placeholder: '' },
  ],
  upstash: [
    name,
    variable('email', 'Variable with the e-mail address', 'UPSTASH_EMAIL'),
    variable('secret', 'Variable with the API key', 'UPSTASH_API_KEY'),
    word('database', 'Database', 'name or id; left out: the only one'),
  ],
  postgres: [
    name,
    {
      key: 'host',
      label: 'Host',
      type: 'host',
      isNeeded: false,
      placeholder: 'db.internal:5432',
      hint: HOST_HINT,
    },
    word('user', 'User', 'watcher'),
    word('database', 'Database', 'app'),
    variable('secret', 'Variable with the address or password', 'DATABASE_URL'),
  ],
  neon: [
    name,
    variable('secret', 'Variable with the API key', 'NEON_API_KEY'),
    word('project', 'Project', 'shiny-wind-028834'),
  ],
  app: [
    name,
    {
      key: 'machines',
      label: 'Metrics pages',
      type: 'addresses',
      isNeeded: true,
      placeholder: 'http://10.0.0.7:9091/metrics',
      hint: 'One address a line, each machine by its own.',
    },
    { key: 'health', label: 'Health page', type: 'path', isNeeded: false, placeholder: '/health' },
    variable('secret', 'Variable with the token', 'left out: no token is sent', false),
  ],
  fly: [
    name,
    word('flyApp', 'App on Fly', 'your-app', true),
    variable('secret', 'Variable with the token', 'FLY_API_TOKEN'),
    word('organization', 'Organization', 'left out: asked from Fly'),
  ],
  prometheus: [
    name,
    {
      key: 'host',
      label: 'Address',
      type: 'address',
      isNeeded: true,
      placeholder: 'https://prometheus.internal:9090',
    },
    variable('secret', 'Variable with the token', 'left out: no token is sent', false),
  ],
  logs: [name, word('logApp', 'Only lines of this app', 'left out: all')],
};

export type FormValues = Readonly<Record<string, string>>;

export interface FormProblem {
  key: string;
  text: string;
}

const VARIABLE = /^[A-Z_][A-Z0-9_]{0,63}$/;
const HOST = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9a-fA-F:]{2,45}\])(?::\d{1,5})?$/;
const ADDRESS = /^https?:\/\/(?:[A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?(?:\/[\w./%~:+-]*)?$/;
const WORD = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9._-])?$/;
const PATH = /^\/(?!\/)[\w./%~-]*$/;
const MOST_ADDRESSES = 100;

/** What is wrong with a filled form, by field; empty when it can be written down. No text repeats what was typed. */
export function checkForm(kind: SourceKind, values: FormValues): readonly FormProblem[] {
  return SOURCE_FORMS[kind].flatMap((field): FormProblem[] => {
    const value = fieldText(values, field.key);
    const text =
      value === '' ? (field.isNeeded ? `${field.label} is needed.` : null) : problemOf(field, value);
    return text === null ? [] : [{ key: field.key, text }];
  });
}

/** A field without the spaces around it; empty when it was not filled in. */
export function fieldText(values: FormValues, key: string): string {
  return Object.hasOwn(values, key) ? (values[key] ?? '').trim() : '';
}

/** The addresses of a field that takes several. */
export function addressesOf(value: string): readonly string[] {
  return value.split(/[\s,]+/).filter((address) => address !== '');
}

function problemOf({ type }: FormField, value: string): string | null {
  switch (type) {
    case 'variable':
      return VARIABLE.test(value)
        ? null
        : 'Give the name of a variable in capitals, such as REDIS_URL, and never what it holds.';
    case 'host':
      return HOST.test(value) ? null : 'Give a host and its port, without user, password or path.';
    case 'address':
      return ADDRESS.test(value)
        ? null
        : 'Give an address that begins with http:// or https://, without user or password.';
    case 'addresses': {
      const all = addressesOf(value);
      if (all.length > MOST_ADDRESSES)
        return `Give at most ${MOST_ADDRESSES} here; a list in the file may be longer.`;
      return all.every((address) => ADDRESS.test(address))
        ? null
        : 'Each must begin with http:// or https://, without user, password or query.';
    }
    case 'name':
      return NAME.test(value) ? null : 'Use letters, digits, spaces, dots and dashes, 64 at most.';
    case 'word':
      return WORD.test(value) ? null : 'Use letters, digits, dots and dashes, 64 at most.';
    case 'path':
      return PATH.test(value) ? null : 'Give a path that begins with /.';
    case 'switch':
      return value === 'true' || value === 'false' ? null : 'Is on or off.';
    default:
      return type satisfies never;
  }
}
