import { bundleWorkers } from '../scripts/bundle.mjs';

/** Tests run the store worker and the demo fleet that the product ships: bundled once before the first test. */
export default async function setup(): Promise<void> {
  await bundleWorkers();
}
