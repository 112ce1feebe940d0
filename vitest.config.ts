import { defineConfig } from 'vitest/config'

const ignored = ['**/node_modules/**', 'build/**', 'out/**', 'e2e/**']

/** Unit, harness and shell tests. The journeys of e2e/ have a config of their own. */
export default defineConfig({
  test: {
    include: ['{contract,harness,electron,web,renderer,scripts,bench}/**/*.test.{ts,tsx}'],
    exclude: ignored,
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
})
