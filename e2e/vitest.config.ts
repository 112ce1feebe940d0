import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** One journey at a time: each starts a whole lab, and a bench beside another measures the other. */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    include: ['e2e/journeys/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
})
