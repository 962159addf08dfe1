'use client';

import { copyText } from '@/lib/client/copy-text.ts';
import { tokenActions } from '@/lib/client/token-actions.ts';
import { type TokenActions, useTokens } from '@/lib/client/use-tokens.ts';
import { TokensPanel } from '../panels/tokens-panel.tsx';

/** Tokens in the browser: makes, lists and revokes them. */
export function TokensLive({ actions = tokenActions }: Readonly<{ actions?: TokenActions }>) {
  const { view, made, isBusy, failure, make, putAway, end } = useTokens(actions);
  return (
    <TokensPanel
      tokens={view === null ? null : view.tokens}
      made={made}
      isBusy={isBusy}
      failure={failure}
      onMake={make}
      onCopy={(token) => void copyText(token)}
      onPutAway={putAway}
      onEnd={end}
    />
  );
}
