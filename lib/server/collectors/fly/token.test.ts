import { expect, test } from 'vitest';
import { authorizationFor } from './token.ts';

test.each([
  ['FlyV1 fm2_lJPE', 'FlyV1 fm2_lJPE'],
  ['fm2_lJPE,fm2_xyz', 'FlyV1 fm2_lJPE,fm2_xyz'],
  ['Bearer fm2_lJPE', 'FlyV1 fm2_lJPE'],
  ['fm1r_abc', 'FlyV1 fm1r_abc'],
  ['fm1a_abc', 'FlyV1 fm1a_abc'],
  ['fo1_abc', 'Bearer fo1_abc'],
  ['Bearer fo1_abc', 'Bearer fo1_abc'],
  ['  flyv1   fm2_lJPE\n', 'FlyV1 fm2_lJPE'],
  ['fmx_abc', 'Bearer fmx_abc'],
])('%j is sent as %j, with the scheme that its kind wants', (pasted, sent) => {
  expect(authorizationFor(pasted)).toBe(sent);
});
