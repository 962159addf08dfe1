import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLabels, writeLabels } from './claim-labels.ts';

describe('what narrows a metric', () => {
  it('is read as it is typed, with or without blanks and quotes', () => {
    expect(readLabels(' cmd = get,status="429" ')).toEqual({ labels: { cmd: 'get', status: '429' } });
    expect(readLabels('  ')).toEqual({ labels: {} });
    expect(readLabels('cmd=get,')).toEqual({ labels: { cmd: 'get' } });
  });

  it.each(['get', 'cmd=', '=get', '1cmd=get', 'cmd=get, cmd=set', `cmd=${'x'.repeat(201)}`])(
    'of “%s” gives a sentence and no label',
    (text) => {
      expect(readLabels(text)).toHaveProperty('fault');
    },
  );

  it('comes back as it was written', () => {
    const labels = fc.dictionary(
      fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/),
      fc.stringMatching(/^[a-z0-9/:=_ .-]{1,40}$/).map((text) => text.trim() || 'x'),
      { maxKeys: 10, noNullPrototype: true },
    );
    fc.assert(
      fc.property(labels, (given) => {
        expect(readLabels(writeLabels(given))).toEqual({ labels: given });
      }),
    );
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Object.keys(readLabels(text))).toHaveLength(1);
      }),
    );
  });
});
