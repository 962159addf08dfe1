import { describe, expect, test } from 'vitest';
import { endpointOf, parseNeonHost } from './host.ts';

describe('parseNeonHost', () => {
  test.each([
    ['ep-calm-lake-123456.eu-central-1.aws.neon.tech', 'ep-calm-lake-123456', false],
    ['ep-calm-lake-123456-pooler.eu-central-1.aws.neon.tech', 'ep-calm-lake-123456', true],
    ['EP-Calm-Lake-a1b2c3d4.c-5.us-east-2.aws.neon.tech.', 'ep-calm-lake-a1b2c3d4', false],
    ['eu-central-1.aws.neon.tech', null, false],
    ['neon.tech', null, false],
  ])('%s', (host, endpointId, pooled) => {
    expect(parseNeonHost(host)).toEqual({ endpointId, pooled });
  });

  test.each(['notneon.tech', 'neon.tech.example.test', 'ep-calm-lake-1.neon.technology', '127.0.0.1', ''])(
    '%s is no host of Neon',
    (host) => {
      expect(parseNeonHost(host)).toBeNull();
    },
  );
});

describe('endpointOf', () => {
  test('finds the endpoint in the host, pooled or not, else in the options', () => {
    const pooled = 'postgres://a:b@ep-calm-lake-123456-pooler.eu-central-1.aws.neon.tech/app?sslmode=require';
    expect(endpointOf(pooled)).toBe('ep-calm-lake-123456');
    const region = 'postgres://a:b@eu-central-1.aws.neon.tech/app';
    expect(endpointOf(`${region}?options=endpoint%3Dep-calm-lake-123456`)).toBe('ep-calm-lake-123456');
    expect(endpointOf(`${region}?options=-c%20endpoint%3Dep-x-1-pooler`)).toBe('ep-x-1');
    expect(endpointOf(region)).toBeNull();
    expect(endpointOf(`${region}?options=endpoint%3D../../start`)).toBeNull();
    expect(endpointOf('postgres://a:b@db.example.test/app?options=endpoint%3Dep-x-1')).toBeNull();
    expect(endpointOf('no address')).toBeNull();
  });
});
