import 'server-only';
import { CATALOGUE } from '@/lib/core/metrics/catalogue/index.ts';
import { type Scope, targetId } from '@/lib/core/model/target.ts';
import type { ShareNames } from '@/lib/core/shares/redact.ts';
import type { Target } from '../config/types.ts';
import { readScopes, targetIdsOf, targetsOf } from '../queries/scope.ts';
import type { Runtime } from '../runtime.ts';

/** Words that name nothing: in their place a text would lose its sense and hide nothing. */
const GENERIC = words(
  'all api app apps auth cache client cron database default demo dev fly front frontend http https jobs localhost logs main neon postgres primary prod production prometheus proxy redis replica server staging test unknown upstash web worker workers',
  // What stands for a name itself.
  'amount host machine person region secret statement',
);
/** What people call the tokens of programs. */
const PROGRAMS = words(
  'actions bot ci/cd deploy deploys deployer github gitlab pipeline release releases script',
);
/** Statements of a database at most; more would make every text slow. */
const MOST_STATEMENTS = 2_000;

type Forms = string[];

/**
 * What may stand in a text of this app that is a name of something, from all that the runtime knows: its own things first,
 * then those of every other app, which a note may name too.
 */
export function collectNames(runtime: Runtime, scope: Scope, people: readonly string[]): ShareNames {
  const scopes = [scope, ...readScopes(runtime).filter((other) => !isSame(other, scope))];
  const targets = scopes.flatMap((one) => targetsOf(runtime, one));
  const own = new Set(
    scopes.flatMap(({ app, environment }) => [app.toLowerCase(), environment.toLowerCase()]),
  );
  const tell = (list: readonly Forms[]): Forms[] =>
    list.map((forms) => forms.filter((form) => isName(form, own))).filter((forms) => forms.length > 0);
  const snapshots = targets.flatMap((target) => {
    const found = target.kind === 'fly' ? runtime.flyApps?.get(targetId(target)) : undefined;
    return found === undefined ? [] : [found];
  });
  const machines = snapshots.flatMap((snapshot) => snapshot.machines ?? []);
  const statuses = targets.map((target) => runtime.poller.status(targetId(target), runtime.clock.wallMs()));
  return {
    hosts: tell([
      ...targets.filter(({ kind }) => kind !== 'app').map((target) => [target.name, ...hostsOf(target)]),
      ...targets.filter(({ kind }) => kind === 'app').map(hostsOf),
      ...machines.map(({ privateIp }) => (privateIp === null ? [] : [privateIp])),
      ...snapshots.map(({ app, organization }) => [app, ...(organization === null ? [] : [organization])]),
    ]),
    machines: tell([
      ...machines.map(({ id, name }) => [...idForms(id), name]),
      ...targets.flatMap((target) =>
        target.kind === 'app'
          ? [[target.name, ...(target.machine === undefined ? [] : idForms(target.machine.id))]]
          : [],
      ),
      ...labelValues(runtime, scopes, 'machine').map(idForms),
    ]),
    regions: tell([
      ...machines.map(({ region }) => (region === null ? [] : [region])),
      ...statuses.map((status) => (status?.facts.region === undefined ? [] : [status.facts.region])),
      ...labelValues(runtime, scopes, 'region').map((region) => [region]),
    ]),
    queries: labelValues(runtime, scopes, 'family')
      .slice(0, MOST_STATEMENTS)
      .filter((text) => /\s/.test(text.trim()))
      .map((text) => [text, text.replace(/ … #[0-9a-f]{6}$/, '')]),
    people: [
      ...[...new Set(people)].filter(isPerson).map(personForms),
      ...(runtime.auth?.tokens.list() ?? [])
        .filter(({ name }) => isName(name, own) && !PROGRAMS.has(name.toLowerCase()))
        .map(({ name }) => [name]),
      ...targets.flatMap((target) => (target.kind === 'upstash' ? [[target.email]] : [])),
    ],
  };
}

/** Every address that the config holds of a target, with its port and without. */
function hostsOf(target: Target): Forms {
  const urls = 'apiUrl' in target ? [target.apiUrl] : [];
  if (target.kind === 'app') urls.push(target.metricsUrl ?? '', target.healthUrl ?? '');
  if (target.kind === 'fly')
    urls.push(
      target.machinesUrl,
      target.graphqlUrl ?? '',
      target.prometheusUrl ?? '',
      target.scrape?.url ?? '',
    );
  const flyApp = target.kind === 'fly' ? [target.flyApp] : [];
  const known = urls.filter((url) => URL.canParse(url)).map((url) => new URL(url));
  const hosts = [target.address, ...known.flatMap(({ host, hostname }) => [host, hostname]), ...flyApp];
  return [...new Set(hosts.flatMap((host) => [host, host.replace(/:\d{1,5}$/, '').replace(/^\[|\]$/g, '')]))];
}

/** An id as people write it: whole, and by its first or last digits. */
function idForms(id: string): Forms {
  const short = [id.slice(0, 8), id.slice(0, 6), id.slice(-6)];
  return /^[0-9a-f]{12,32}$/.test(id)
    ? [id, ...short.filter((part) => /\d/.test(part) && /[a-f]/.test(part))]
    : [id];
}

function labelValues(runtime: Runtime, scopes: readonly Scope[], label: string): string[] {
  const targetIds = scopes.flatMap((scope) => targetIdsOf(runtime, scope));
  const metrics = Object.entries(CATALOGUE).filter(([, { labels }]) => labels.includes(label));
  const values = metrics.flatMap(([metric]) =>
    runtime.store.findSeries({ metric, targetIds }).flatMap(({ labels }) => labels[label] ?? []),
  );
  return [...new Set(values)];
}

function isSame(a: Scope, b: Scope): boolean {
  return a.app === b.app && a.environment === b.environment;
}

function words(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.split(' ')));
}

function isName(form: string, own: ReadonlySet<string>): boolean {
  const word = form.trim().toLowerCase();
  if (own.has(word) || GENERIC.has(word)) return false;
  return word.length >= 3 || (word.length === 2 && /\d/.test(word) && /[a-z]/.test(word));
}

/** Not one of the words that stand for whoever asked. */
function isPerson(by: string): boolean {
  return by.trim().length >= 2 && !/^(?:somebody|a program|its team|the demo)\b/i.test(by);
}

/** A name whole, and its parts that begin with a capital: a first name is a name. */
function personForms(by: string): Forms {
  const whole = by.trim();
  const parts = whole.split(/[\s,]+/).filter((part) => part.length >= 3 && /^\p{Lu}/u.test(part));
  const titled = whole.replace(/(?<![\p{L}])\p{Ll}/gu, (letter) => letter.toUpperCase());
  return [...new Set([whole, titled, ...(/\s/.test(whole) ? [whole.toLowerCase()] : []), ...parts])];
}
