import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PlainError } from './project.mjs';

/**
 * Runs `build(env)` with settings that point to a listener of ours and to a folder that does not exist, and fails when
 * the build has connected or has made the folder: building must open no socket and no store.
 */
export async function watchBuild(scratch, build) {
  let connections = 0;
  const listener = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address();
  const dataDir = join(scratch, 'no-store-in-a-build');
  try {
    await build({
      AFTERWATCH_DATA_DIR: dataDir,
      REDIS_URL: `redis://127.0.0.1:${port}`,
      DATABASE_URL: `postgres://127.0.0.1:${port}/app`,
      APP_METRICS_URLS: `http://127.0.0.1:${port}/metrics`,
    });
  } finally {
    await new Promise((resolve) => listener.close(resolve));
  }
  if (connections > 0) throw new PlainError(`the build opened ${connections} connections to a source`);
  if (existsSync(dataDir)) throw new PlainError('the build opened a store');
}
