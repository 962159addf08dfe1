import 'server-only';
import type { FlyMachine } from './machines.ts';

/** Asks a name server for TXT records, each in the pieces in which it came, as `node:dns` gives them. */
export type ResolveTxt = (name: string) => Promise<readonly (readonly string[])[]>;

/** A machine that can be asked for its metrics. */
export interface DiscoveredMachine {
  id: string;
  region: string | null;
  /** Address on the private network; null when only its name is known. */
  address: string | null;
}

/** Where one machine serves its metrics, and how a request is made to reach that one and no other. */
export interface MachineAddress {
  machine: string;
  region: string | null;
  url: string;
  /** Sent with each request; empty on the private network. */
  headers: Readonly<Record<string, string>>;
}

const APP_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
const MACHINE_ID = /^[0-9a-z]{8,32}$/;
const MAX_MACHINES = 1_000;

/**
 * The started machines of an app, by Fly's private DNS: `vms.APP.internal` holds `id region` pairs. Works inside the
 * organisation's network only. Machines that are parked are not in it, and are not woken by it.
 */
export async function discoverByApp(app: string, resolveTxt: ResolveTxt): Promise<DiscoveredMachine[]> {
  checkApp(app);
  const text = textOf(await resolveTxt(`vms.${app}.internal`), ',');
  const found = text.split(',').map((pair): DiscoveredMachine => {
    const [id = '', region] = pair.trim().split(/\s+/);
    return { id, region: region ?? null, address: null };
  });
  return sound(found);
}

/** The same by `_instances.internal`, which lists the whole organisation and knows addresses. */
export async function discoverByOrganization(
  app: string,
  resolveTxt: ResolveTxt,
): Promise<DiscoveredMachine[]> {
  checkApp(app);
  const text = textOf(await resolveTxt('_instances.internal'), ';');
  const found = text.split(';').flatMap((entry): DiscoveredMachine[] => {
    const fields = new Map(
      entry.split(',').map((field) => {
        const at = field.indexOf('=');
        return [field.slice(0, at).trim(), field.slice(at + 1).trim()] as const;
      }),
    );
    if (fields.get('app') !== app) return [];
    const id = fields.get('instance') ?? fields.get('id') ?? '';
    const address = fields.get('ip') ?? fields.get('address') ?? null;
    return [{ id, region: fields.get('region') ?? null, address }];
  });
  return sound(found);
}

/** Those of the machine list that run: asking a parked one through the proxy would wake it. */
export function discoverByList(machines: readonly FlyMachine[]): DiscoveredMachine[] {
  return machines
    .filter(({ state, hostOk }) => state === 'started' && hostOk)
    .map(({ id, region, privateIp }) => ({ id, region, address: privateIp }));
}

/**
 * By the machine's own name on the private network. The name and not the address: a machine that moves gets another
 * one, and the name is asked for at each request.
 */
export function privateAddress(
  app: string,
  { id, region }: DiscoveredMachine,
  { port, path }: { port: number; path: string },
): MachineAddress {
  checkApp(app);
  return { machine: id, region, url: `http://${id}.vm.${app}.internal:${port}${slashed(path)}`, headers: {} };
}

/**
 * By the public address, with the header that makes Fly's proxy choose this machine or answer with an error. (With
 * `fly-prefer-instance-id` it would quietly choose another.) The endpoint is public then and needs a token of its own.
 */
export function forcedAddress(
  publicUrl: string,
  { id, region }: DiscoveredMachine,
  path: string,
): MachineAddress {
  const url = new URL(slashed(path), publicUrl).href;
  return { machine: id, region, url, headers: { 'fly-force-instance-id': id } };
}

/** True when an answer came from the machine that was asked; null when it does not say who it is. */
export function isFrom(asked: string, toldMachine: string | null | undefined): boolean | null {
  return toldMachine === null || toldMachine === undefined || toldMachine === ''
    ? null
    : toldMachine === asked;
}

function textOf(records: readonly (readonly string[])[], separator: string): string {
  // A record longer than 255 bytes comes in pieces that belong together.
  return records.map((pieces) => pieces.join('')).join(separator);
}

/** What DNS says goes into addresses, so only what looks like a machine's id may. */
function sound(found: readonly DiscoveredMachine[]): DiscoveredMachine[] {
  const known = new Map<string, DiscoveredMachine>();
  for (const one of found) {
    const region = one.region !== null && /^[a-z0-9-]{2,16}$/.test(one.region) ? one.region : null;
    const address = one.address !== null && /^[0-9a-f:]{2,45}$/i.test(one.address) ? one.address : null;
    if (MACHINE_ID.test(one.id) && known.size < MAX_MACHINES)
      known.set(one.id, { id: one.id, region, address });
  }
  return [...known.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function checkApp(app: string): void {
  if (!APP_NAME.test(app)) {
    throw new TypeError(
      'fly: an app name has only small letters, digits and hyphens; check flyApp in the config',
    );
  }
}

function slashed(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
