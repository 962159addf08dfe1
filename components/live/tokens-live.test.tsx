import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { TokenActions } from '@/lib/client/use-tokens.ts';
import type { TokenView } from '@/lib/core/model/token.ts';
import { TokensLive } from './tokens-live.tsx';

afterEach(cleanup);

const TEXT = `aw_${'x'.repeat(43)}`;

/** A server that keeps what it was told; `refuses` makes it refuse to make any. */
function server({ refuses = false } = {}) {
  const asked: unknown[] = [];
  let tokens: TokenView[] = [];
  const actions: TokenActions = {
    readTokens: async () => ({ ok: true, data: { tokens, most: 100 } }),
    makeToken: async (input) => {
      asked.push(input);
      if (refuses) return { ok: false, error: { code: 'bad_input', message: 'There are 100 tokens.' } };
      const made: TokenView = {
        ...input,
        id: `00000000000${tokens.length}`,
        createdAtMs: Date.parse('2026-04-09T20:00:00Z'),
        lastUsedAtMs: null,
      };
      tokens = [made, ...tokens];
      return { ok: true, data: { ...made, token: TEXT } };
    },
    endToken: async ({ id }) => {
      asked.push(id);
      tokens = tokens.filter((one) => one.id !== id);
      return { ok: true, data: { revoked: id } };
    },
  };
  return { actions, asked };
}

function show(actions: TokenActions) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <TokensLive actions={actions} />
    </QueryClientProvider>,
  );
}

function makeOne(): void {
  fireEvent.change(screen.getByRole('textbox', { name: 'Name' }), { target: { value: ' shipper ' } });
  fireEvent.click(screen.getByRole('checkbox', { name: /ingest/ }));
  fireEvent.click(screen.getByRole('button', { name: 'Make token' }));
}

describe('the tokens', () => {
  it('are made with a name and a scope, and shown once', async () => {
    const { actions, asked } = server();
    show(actions);
    await screen.findByText('No tokens yet.');
    expect(screen.getByRole('button', { name: 'Make token' })).toHaveProperty('disabled', true);
    makeOne();
    expect(await screen.findByText(TEXT)).toBeTruthy();
    expect(await screen.findByText(/never used/)).toBeTruthy();
    expect(asked).toEqual([{ name: 'shipper', scopes: ['ingest'] }]);
    fireEvent.click(screen.getByRole('button', { name: 'Done' }));
    await expect.poll(() => screen.queryByText(TEXT)).toBeNull();
    expect(screen.getByText('shipper')).toBeTruthy();
  });

  it('are revoked by a second press', async () => {
    const { actions, asked } = server();
    show(actions);
    makeOne();
    fireEvent.click(await screen.findByRole('button', { name: 'Revoke shipper' }));
    expect(asked).toHaveLength(1);
    fireEvent.click(screen.getByRole('button', { name: 'Revoke shipper now' }));
    await screen.findByText('No tokens yet.');
    expect(asked[1]).toBe('000000000000');
  });

  it('say why one was not made', async () => {
    show(server({ refuses: true }).actions);
    makeOne();
    expect((await screen.findByRole('alert')).textContent).toBe('There are 100 tokens.');
    expect(screen.queryByText(TEXT)).toBeNull();
  });
});
