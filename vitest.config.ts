import { defineConfig } from 'vitest/config'

const SECONDS = 1_000
const devnet = { globalSetup: ['./scripts/testing/devnetSetup.ts'], testTimeout: 60 * SECONDS, hookTimeout: 120 * SECONDS }

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'services/*/src/**/*.test.ts', 'web/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
          testTimeout: 30 * SECONDS,
        },
      },
      { extends: true, test: { name: 'chain', include: ['test/chain/**/*.test.ts'], ...devnet } },
      { extends: true, test: { name: 'gateway', include: ['test/gateway/**/*.test.ts'], ...devnet } },
      { extends: true, test: { name: 'faults', include: ['test/faults/**/*.test.ts'], ...devnet } },
      { extends: true, test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...devnet } },
    ],
  },
})
