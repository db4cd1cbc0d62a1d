import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'apps/*/src/**/*.test.ts',
      'apps/*/test/**/*.test.ts',
      'bench/*.test.ts',
    ],
    globalSetup: ['apps/server/test/postgres.setup.ts'],
    reporters: ['default', './scripts/count-reporter.mjs'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores, and every integration file talks to one PostgreSQL: more workers only make the races noisier.
    maxWorkers: 2,
  },
})
