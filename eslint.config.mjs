// The house's lint rules. What a compiler cannot refuse stands here: a pure core, no casts to proofs, no text in components.
import tseslint from 'typescript-eslint'

const ban = (selector, message) => ({ selector, message })

/** Everywhere. */
const everywhere = [
  ban('TSEnumDeclaration', 'A union of strings says the same and needs no run-time object (house style § 4).'),
  ban('ExportDefaultDeclaration', 'Export by name.'),
  ban('ExportNamedDeclaration > ExportSpecifier[exported.name="default"]', 'Export by name.'),
]

/** Permits, scopes and their like come from the policy alone. */
const proofs = ['TSAsExpression', 'TSTypeAssertion'].map((kind) =>
  ban(
    `${kind} TSTypeReference[typeName.name=/^(Permit|Scope)$/]`,
    'A permit or scope is given by libs/policy, never made by a cast: ask decide() or scopeOf().',
  ),
)

/** No clock, no randomness, no timers, no process in the core: time and randomness are passed in. */
const pure = [
  ban('CallExpression[callee.object.name="Date"][callee.property.name="now"]', 'Time comes as `at: Instant`.'),
  ban('NewExpression[callee.name="Date"][arguments.length=0]', 'Time comes as `at: Instant`.'),
  ban('CallExpression[callee.name="Date"]', 'Time comes as `at: Instant`.'),
  ban('MemberExpression[object.name="performance"][property.name="now"]', 'Time comes as `at: Instant`.'),
  ban('MemberExpression[object.name="Math"][property.name="random"]', 'Randomness comes as `random`.'),
  ban('MemberExpression[property.name="randomUUID"]', 'Ids are made at the edge and passed in.'),
  ban('CallExpression[callee.name="randomUUID"]', 'Ids are made at the edge and passed in.'),
  ban('MemberExpression[property.name="getRandomValues"]', 'Randomness comes as `random`.'),
  ban(
    'CallExpression[callee.name=/^(setTimeout|setInterval|setImmediate|queueMicrotask)$/]',
    'The core waits for nothing.',
  ),
  ban('MemberExpression[object.name="process"]', 'The core knows no process.'),
]

/** Texts live in the catalogues (house style § 8). */
const texts = [
  ban('JSXText[value=/\\p{L}/u]', 'Text belongs in the catalogue: apps/web/src/i18n.'),
  ban(
    ':not(JSXAttribute) > JSXExpressionContainer > Literal[value=/\\p{L}{2,}/u]',
    'Text belongs in the catalogue: apps/web/src/i18n.',
  ),
  ban(
    ':not(JSXAttribute) > JSXExpressionContainer > TemplateLiteral > TemplateElement[value.raw=/\\p{L}{2,}/u]',
    'Text belongs in the catalogue.',
  ),
  ban(
    'JSXAttribute[name.name=/^(aria-label|aria-description|aria-roledescription|label|title|alt|placeholder|description|errorMessage)$/] > Literal[value=/\\p{L}/u]',
    'Text belongs in the catalogue: apps/web/src/i18n.',
  ),
]

const restrict = (...groups) => ({ 'no-restricted-syntax': ['error', ...groups.flat()] })
const specs = ['**/*.spec.ts', '**/*.spec.tsx', '**/spec/**']

// Tools read a default export and nothing else.
const configuration = [
  '*.config.mjs',
  '**/*.config.ts',
  '**/*.config.mjs',
  'test/support/global-*.ts',
  'test/**/global-*.ts',
]

export default tseslint.config(
  { ignores: ['**/node_modules/', 'dist/', '.data/', '.cache/', 'test-results/', 'playwright-report/', '**/*.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strict],
    rules: {
      ...restrict(everywhere, proofs),
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // Module augmentation needs interfaces.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-extraneous-class': 'off', // Nest's modules are classes without members
      '@typescript-eslint/no-dynamic-delete': 'error',
      'no-console': 'error',
      'no-eval': 'error',
      'no-restricted-globals': ['error', { name: 'event', message: 'Name the event you mean.' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-else-return': 'error',
    },
  },
  {
    files: ['libs/domain/src/**/*.ts', 'libs/policy/src/**/*.ts', 'libs/protocol/src/**/*.ts'],
    ignores: specs,
    rules: restrict(everywhere, proofs, pure),
  },
  // The one constructor of permits and scopes.
  { files: ['libs/policy/src/**/*.ts'], ignores: specs, rules: restrict(everywhere, pure) },
  { files: ['libs/policy/src/**/*.spec.ts'], rules: restrict(everywhere) },
  {
    files: ['apps/web/src/features/**/*.tsx', 'apps/web/src/ui/**/*.tsx'],
    ignores: specs,
    rules: restrict(everywhere, proofs, texts),
  },
  // What a person runs in a terminal.
  {
    files: ['bench/**/*.ts', 'apps/seed/src/**/*.ts', 'test/browser/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  { files: configuration, rules: restrict(proofs) },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: { ecmaVersion: 2023 },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
)
