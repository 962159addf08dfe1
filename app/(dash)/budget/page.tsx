import type { Metadata } from 'next';
import { BudgetLive } from '@/components/live/budget-live.tsx';
import { readScopeAddress } from '@/lib/client/scope-address.ts';
import { paramReader, type SearchParams } from '@/lib/client/search-params.ts';
import { requireReader } from '@/lib/server/auth/require-reader.ts';
import { readBudget } from '@/lib/server/queries/budget.ts';
import { chooseScope, readScopes } from '@/lib/server/queries/scope.ts';
import { getRuntime } from '@/lib/server/runtime.ts';

export const metadata: Metadata = { title: 'Budget' };

/** Budget: what runs out first and when, what everything costs, and by which prices. */
export default async function BudgetPage({
  searchParams,
}: Readonly<{ searchParams: Promise<SearchParams> }>) {
  await requireReader();
  const runtime = getRuntime();
  const scopes = readScopes(runtime);
  const read = paramReader(await searchParams);
  const { address } = readScopeAddress(read, scopes, chooseScope(scopes, {}));
  const view = await readBudget(runtime, address.scope);
  return <BudgetLive initial={view} initialAddress={address} />;
}
