import 'server-only';
import { isDevelopment } from '../config/bind-address.ts';
import type { Config } from '../config/types.ts';
import { guardOutput } from '../log/guard-output.ts';
import { registerSecretsIn } from '../log/secrets.ts';
import { installServerFront } from './server-front.ts';

/**
 * What must stand before anything is logged or answered: secrets of the configuration become unprintable, output
 * that goes past our log is scrubbed, and every request passes the front. Call it once the configuration is read.
 */
export function hardenProcess(config: Config): void {
  registerSecretsIn(config);
  guardOutput();
  installServerFront({ behindProxy: config.publicUrl !== null, refuseUpgrades: !isDevelopment() });
}
