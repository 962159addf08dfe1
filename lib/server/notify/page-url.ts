import 'server-only';
import type { Scope } from '@/lib/core/model/target.ts';
import { isWildcardHost } from '@/lib/core/security/addresses.ts';
import type { Config } from '../config/types.ts';

type Base = Pick<Config, 'publicUrl' | 'bind'>;

/** Address of the page of a deploy: under the public address, else under the one that the server listens on. */
export function pageUrl(base: Base, deployId: string): string {
  return `${originOf(base)}/deploys/${deployId}`;
}

/** Address of the page of an alert. */
export function alertUrl(base: Base, { app, environment }: Scope, alertId: string): string {
  return `${originOf(base)}/alerts?${new URLSearchParams({ app, env: environment, alert: alertId })}`;
}

/** Address of the settings. */
export function settingsUrl(base: Base): string {
  return `${originOf(base)}/settings#receivers`;
}

function originOf({ publicUrl, bind }: Base): string {
  return publicUrl?.origin ?? `http://${hostOf(bind)}`;
}

function hostOf({ host, port }: Config['bind']): string {
  const name = isWildcardHost(host) ? '127.0.0.1' : host;
  return `${name.includes(':') ? `[${name}]` : name}:${port}`;
}
