// One Jest configuration with two projects: `unit` (pure libraries, no database) and `integration` (real PostgreSQL and Redis).
const swc = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'commonjs' },
  jsc: {
    target: 'es2022',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
}

const common = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['sluss-source', 'node', 'node-addons'] },
  transform: { '^.+\\.(ts|tsx|mjs|js)$': ['@swc/jest', swc] },
  transformIgnorePatterns: [],
  // canonicalize offers itself to `import` alone; Jest resolves as `require`.
  moduleNameMapper: { '^canonicalize$': '<rootDir>/node_modules/canonicalize/lib/canonicalize.js' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
}

export default {
  projects: [
    {
      ...common,
      displayName: 'unit',
      roots: ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/scripts'],
      testMatch: ['**/*.spec.ts'],
    },
    {
      ...common,
      displayName: 'integration',
      roots: ['<rootDir>/test'],
      testMatch: ['**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
  coverageProvider: 'v8',
  cacheDirectory: '<rootDir>/.cache/jest',
}
