import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['rialto-source'] },
  ssr: { resolve: { conditions: ['rialto-source'], externalConditions: ['rialto-source'] } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'apps/*/src/**/*.test.ts',
      'apps/server/test/**/*.test.ts',
      'tools/**/*.test.ts',
    ],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
