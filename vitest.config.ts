import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
const alias = [
  { find: 'server-only', replacement: `${root}test/empty.ts` },
  { find: /^@\//, replacement: root },
];

/**
 * A limit ends what hangs on a busy machine; it measures nothing. Files of most projects share their workers, since a
 * new one for each costs more than many of their tests.
 */
const HANGS_MS = 30_000;

const ALONE = [
  'lib/actions/**/*.test.ts',
  'lib/server/http/server-front.test.ts',
  'lib/server/http/pass-on.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['test/bundle-worker.ts'],
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'core',
          environment: 'node',
          setupFiles: ['test/fixed-seed.ts'],
          isolate: false,
          include: ['lib/core/**/*.test.ts'],
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'unit',
          environment: 'node',
          setupFiles: ['test/fixed-seed.ts'],
          isolate: false,
          include: ['lib/**/*.test.ts', 'scripts/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: ['lib/core/**', ...ALONE, '**/*.live.test.ts'],
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
        },
      },
      {
        // These change what a whole process shares (a module of Next's, every HTTP server), which must not outlast them.
        resolve: { alias },
        test: {
          name: 'alone',
          environment: 'node',
          setupFiles: ['test/fixed-seed.ts'],
          include: ALONE,
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
        },
      },
      {
        // Against the real redis-server and PostgreSQL that `npm test` installs.
        resolve: { alias },
        test: {
          name: 'live',
          environment: 'node',
          include: ['lib/**/*.live.test.ts', 'test/**/*.live.test.ts'],
          testTimeout: 2 * HANGS_MS,
          hookTimeout: 2 * HANGS_MS,
          maxConcurrency: 2,
        },
      },
      {
        plugins: [react()],
        resolve: {
          alias: [...alias, { find: /^next\/navigation$/, replacement: `${root}test/next-navigation.ts` }],
        },
        test: {
          // `clean-page.ts` takes away what a test leaves in the window. A module that a file puts in another's place it
          // can't: `next/navigation` stands for all of them, and none has a `vi.mock` of its own.
          name: 'dom',
          environment: 'jsdom',
          setupFiles: ['test/clean-page.ts', 'test/fixed-seed.ts'],
          isolate: false,
          testTimeout: HANGS_MS,
          hookTimeout: HANGS_MS,
          include: ['components/**/*.test.tsx', 'lib/client/**/*.test.tsx'],
        },
      },
    ],
  },
});
