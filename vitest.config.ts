import { defineConfig } from 'vitest/config';

const TESTS = ['test/**/*.test.ts'];
const ARCHITECTURE = ['test/architecture.test.ts', 'test/architecture/**/*.test.ts'];
const E2E = ['test/e2e/**/*.test.ts'];

export default defineConfig({
  test: {
    reporters: ['default'],
    setupFiles: ['test/support/property-seed.ts'],
    projects: [
      {
        // Pure functions and virtual time: whatever takes a minute, on however busy a machine, hangs.
        extends: true,
        test: {
          name: 'unit',
          include: TESTS,
          exclude: [...ARCHITECTURE, ...E2E],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Runs the checkers themselves on seeded violations.
        extends: true,
        test: { name: 'architecture', include: ARCHITECTURE, testTimeout: 180_000, hookTimeout: 60_000 },
      },
      {
        // Real processes and sockets: one file after another, so that they do not measure each other.
        extends: true,
        test: {
          name: 'e2e',
          include: E2E,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
