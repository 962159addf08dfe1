import { describe, expect, test } from 'vitest';
import {
  discoverByApp,
  discoverByList,
  discoverByOrganization,
  forcedAddress,
  isFrom,
  privateAddress,
} from './discover.ts';
import { readMachines } from './machines.ts';

/** A name server that knows one name. */
const dns =
  (name: string, records: readonly (readonly string[])[]) =>
  async (asked: string): Promise<readonly (readonly string[])[]> => {
    if (asked !== name) throw Object.assign(new Error(`queryTxt ENOTFOUND ${asked}`), { code: 'ENOTFOUND' });
    return records;
  };

describe('by private DNS', () => {
  test('the started machines of an app come with their region, joined where DNS cut the record', async () => {
    const pieces = ['148e21ea1d9589 ams,3d8d99', '25c47689 lhr'];
    expect(await discoverByApp('shop', dns('vms.shop.internal', [pieces]))).toEqual([
      { id: '148e21ea1d9589', region: 'ams', address: null },
      { id: '3d8d9925c47689', region: 'lhr', address: null },
    ]);
  });

  test('the organisation’s list gives addresses, and only of the app that was asked for', async () => {
    const text =
      'instance=148e21ea1d9589,app=shop,ip=fdaa:0:1:a7b:1:2:3:2,region=ams;instance=3d8d9925c47689,app=other,ip=fdaa:0:1:a7b:1:2:4:2,region=lhr';
    expect(await discoverByOrganization('shop', dns('_instances.internal', [[text]]))).toEqual([
      { id: '148e21ea1d9589', region: 'ams', address: 'fdaa:0:1:a7b:1:2:3:2' },
    ]);
  });

  test('no machine runs: none are found; what is no id never gets into an address', async () => {
    expect(await discoverByApp('shop', dns('vms.shop.internal', [['']]))).toEqual([]);
    expect(await discoverByApp('shop', dns('vms.shop.internal', []))).toEqual([]);
    const hostile = ['evil.example/ ams', '../../etc ams', '148e21ea1d9589 @evil', '148E21EA1D9589 ams'];
    expect(await discoverByApp('shop', dns('vms.shop.internal', [[hostile.join(',')]]))).toEqual([
      { id: '148e21ea1d9589', region: null, address: null },
    ]);
  });

  test('an app name that is none is refused before DNS is asked; a name that DNS lacks fails as DNS says', async () => {
    const never = () => Promise.reject(new Error('asked'));
    await expect(discoverByApp('shop.internal.evil', never)).rejects.toThrow('app name');
    await expect(discoverByApp('shop', dns('vms.other.internal', []))).rejects.toThrow('ENOTFOUND');
  });
});

test('of the machine list only those are asked that run on a host that answers', () => {
  const machine = (id: string, state: string, host_status = 'ok') => ({
    id,
    state,
    host_status,
    region: 'ams',
  });
  const machines = readMachines([
    machine('148e21ea1d9589', 'started'),
    machine('248e21ea1d9589', 'stopped'),
    machine('348e21ea1d9589', 'started', 'unreachable'),
    machine('448e21ea1d9589', 'starting'),
  ]);
  expect(discoverByList(machines).map(({ id }) => id)).toEqual(['148e21ea1d9589']);
});

describe('an address', () => {
  const machine = { id: '148e21ea1d9589', region: 'ams', address: null };

  test('on the private network is the machine’s own name, so that a move is followed', () => {
    expect(privateAddress('shop', machine, { port: 9091, path: 'metrics' })).toEqual({
      machine: '148e21ea1d9589',
      region: 'ams',
      url: 'http://148e21ea1d9589.vm.shop.internal:9091/metrics',
      headers: {},
    });
  });

  test('from outside forces the machine, and never merely prefers it', () => {
    expect(forcedAddress('https://shop.fly.dev', machine, '/metrics')).toEqual({
      machine: '148e21ea1d9589',
      region: 'ams',
      url: 'https://shop.fly.dev/metrics',
      headers: { 'fly-force-instance-id': '148e21ea1d9589' },
    });
  });

  test('is held against what the answer says of itself', () => {
    expect(isFrom('148e21ea1d9589', '148e21ea1d9589')).toBe(true);
    expect(isFrom('148e21ea1d9589', '248e21ea1d9589')).toBe(false);
    expect(isFrom('148e21ea1d9589', undefined)).toBeNull();
  });
});
