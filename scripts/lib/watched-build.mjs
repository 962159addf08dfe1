import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PlainError } from './project.mjs';

/**
 * Runs a build whose settings point to a listener of ours and to a folder that does not exist, and fails when the
 * build has connected or has made the folder: building must open no socket and no store.
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
  const restore = setVariables({
    AFTERWATCH_DATA_DIR: dataDir,
    REDIS_URL: `redis://127.0.0.1:${port}`,
    DATABASE_URL: `postgres://127.0.0.1:${port}/app`,
    APP_METRICS_URLS: `http://127.0.0.1:${port}/metrics`,
  });
  try {
    await build();
  } finally {
    restore();
    await new Promise((resolve) => listener.close(resolve));
  }
  if (connections > 0) throw new PlainError(`the build opened ${connections} connections to a source`);
  if (existsSync(dataDir)) throw new PlainError('the build opened a store');
}

function setVariables(values) {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]));
  Object.assign(process.env, values);
  return () => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
