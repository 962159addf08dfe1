// For tests: a thread that says that it is ready, and then works without end.
import { parentPort } from 'node:worker_threads';

parentPort.on('message', () => {
  for (;;);
});
parentPort.postMessage({ kind: 'ready' });
