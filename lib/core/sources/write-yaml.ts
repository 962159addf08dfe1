import type { SourceKind } from '../model/target.ts';
import { addressesOf, type FormValues, fieldText, SOURCE_FORMS } from './yaml-form.ts';

/** A variable that the lines refer to. */
export interface NamedVariable {
  name: string;
  /** What it has to hold, in words. */
  holds: string;
  /** Something of the right shape that is no secret, for the check of the lines. */
  standIn: string;
}

export interface WrittenSource {
  /** Lines of `afterwatch.yml`, from `sources:` on; without a line break at the end. */
  yaml: string;
  /** To be set where Afterwatch starts. */
  variables: readonly NamedVariable[];
}

const STAND_IN = 'stand-in';
/** Needs no quotes in YAML 1.2 and is taken for text: no number, no null, no truth value. */
const PLAIN = /^(?!(?:true|false|null|~)$)[A-Za-z][\w./-]*$/i;
const PLAIN_ADDRESS = /^https?:\/\/[\w./%~:+-]*[\w/]$/;

/** The entry that a filled form describes; the form has been checked. Fields that are not filled in are left out. */
export function writeSource(kind: SourceKind, values: FormValues): WrittenSource {
  const of = (key: string): string => fieldText(values, key);
  const variables: NamedVariable[] = [];
  const refer = (key: string, holds: string, standIn = STAND_IN): string => {
    const variable = of(key);
    if (!variables.some(({ name }) => name === variable)) variables.push({ name: variable, holds, standIn });
    return `\${${variable}}`;
  };
  const lines: string[] = [];
  const write = (key: string, text: string): void => void lines.push(`    ${key}: ${text}`);
  const writeIf = (key: string): void => {
    if (of(key) !== '') write(key, quote(of(key)));
  };

  writeIf('name');
  switch (kind) {
    case 'redis': {
      const scheme = of('tls') === 'true' ? 'rediss' : 'redis';
      write('url', urlOf(scheme, of, refer));
      break;
    }
    case 'postgres':
      write('url', urlOf('postgres', of, refer));
      break;
    case 'upstash':
      write('email', refer('email', 'the e-mail address of the account', 'stand-in@example.com'));
      write('apiKey', refer('secret', 'the management API key'));
      writeIf('database');
      break;
    case 'neon':
      write('apiKey', refer('secret', 'the API key'));
      writeIf('project');
      break;
    case 'app':
      lines.push('    machines:', ...addressesOf(of('machines')).map((one) => `      - ${quote(one)}`));
      writeIf('health');
      if (of('secret') !== '') write('token', refer('secret', 'the token of its pages'));
      break;
    case 'fly':
      writeIf('flyApp');
      write('token', refer('secret', 'the token, as fly tokens create prints it'));
      writeIf('organization');
      break;
    case 'prometheus':
      write('url', quote(of('host')));
      if (of('secret') !== '') write('token', refer('secret', 'the token'));
      break;
    case 'logs':
      writeIf('logApp');
      break;
    default:
      kind satisfies never;
  }
  return { yaml: ['sources:', `  - kind: ${kind}`, ...lines].join('\n'), variables };
}

/** What a form of this kind holds at first: the usual names of variables, where they are needed. */
export function firstValues(kind: SourceKind): FormValues {
  return Object.fromEntries(
    SOURCE_FORMS[kind].map(({ key, type, isNeeded, placeholder }) => [
      key,
      type === 'variable' && isNeeded ? placeholder : '',
    ]),
  );
}

/** A form with every needed field filled in, for a kind that nobody has filled in: what its YAML looks like. */
export function exampleValues(kind: SourceKind): FormValues {
  return Object.fromEntries(
    SOURCE_FORMS[kind].map(({ key, isNeeded, placeholder }) => [key, isNeeded ? placeholder : '']),
  );
}

function urlOf(
  scheme: string,
  of: (key: string) => string,
  refer: (key: string, holds: string, standIn?: string) => string,
): string {
  const host = of('host');
  if (host === '') return refer('secret', `the whole address, ${scheme}://…`, `${scheme}://${STAND_IN}:6379`);
  const database = of('database') === '' ? '' : `/${of('database')}`;
  const password = refer('secret', 'the password, with / ? # @ % percent-encoded');
  // A host in brackets, and the colons, are safe without quotes only in this very shape.
  return `"${scheme}://${of('user')}:${password}@${host}${database}"`;
}

function quote(text: string): string {
  // YAML 1.2 takes every JSON text for what it is.
  return PLAIN.test(text) || PLAIN_ADDRESS.test(text) ? text : JSON.stringify(text);
}
