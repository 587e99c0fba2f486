import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    setupFiles: ['test/property-seed.ts'],
    include: ['test/**/*.test.ts'],
    // A guard against a hang, not a budget: CI machines are slow.
    testTimeout: 30_000,
    // By default one processor is left out: of two, that is half.
    maxWorkers: '100%',
  },
})
