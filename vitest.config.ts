import { defineConfig } from 'vitest/config'

const SECONDS = 1_000
const patient = { testTimeout: 60 * SECONDS, hookTimeout: 120 * SECONDS }
/** One node for all tests of the project; a test that stops it, or moves its time, starts its own. */
const sharedNode = { ...patient, globalSetup: ['./scripts/testing/devnetSetup.ts'] }

export default defineConfig({
  test: {
    // What is waited for may take its time on a busy machine.
    expect: { poll: { timeout: 10 * SECONDS } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'services/*/src/**/*.test.ts', 'web/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
          testTimeout: 30 * SECONDS,
        },
      },
      { extends: true, test: { name: 'chain', include: ['test/chain/**/*.test.ts'], ...patient, maxWorkers: 2 } },
      { extends: true, test: { name: 'context', include: ['test/context/**/*.test.ts'], ...patient, maxWorkers: 2 } },
      { extends: true, test: { name: 'network', include: ['test/network/**/*.test.ts'], ...patient } },
      { extends: true, test: { name: 'gateway', include: ['test/gateway/**/*.test.ts'], ...sharedNode } },
      { extends: true, test: { name: 'faults', include: ['test/faults/**/*.test.ts'], ...sharedNode } },
      { extends: true, test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...sharedNode } },
    ],
  },
})
