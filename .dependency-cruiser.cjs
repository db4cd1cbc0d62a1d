/*
 * The layers of ARCHITECTURE.md as rules. `npm run deps` runs them and then plants one violation of each, since a rule
 * that no longer matches anything passes silently. Packages are matched with or without a prefix before node_modules.
 */
const src = '^apps/server/src'
const test = '\\.test\\.ts$'
const contract = '^packages/contract/src/'
const sdk = '^packages/sdk/src/'
const npm = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`

/** Which other features a feature may use. An arrow that would close a circle means: merge the two, or move the rule down. */
const arrows = {
  pictures: [],
  accounts: ['pictures'],
  pricing: [],
  drivers: ['accounts', 'pictures'],
  ledger: [],
  payments: ['accounts', 'ledger'],
  trips: ['accounts', 'drivers', 'pricing', 'payments'],
  payouts: ['drivers', 'ledger', 'payments'],
  receipts: ['accounts', 'payments', 'trips'],
  tracking: ['accounts', 'drivers', 'trips'],
  live: ['accounts', 'trips', 'tracking'],
  operations: ['accounts', 'pricing', 'drivers', 'trips', 'tracking', 'payments', 'ledger'],
}

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

const arrowRules = [
  ...Object.entries(arrows).map(([feature, allowed]) =>
    forbid(
      'feature-arrows',
      `${feature} may use ${allowed.join(', ') || 'no other feature'}`,
      { path: `${src}/features/${feature}/`, pathNot: test },
      { path: `${src}/features/[^/]+/`, pathNot: `${src}/features/(${[feature, ...allowed].join('|')})/` },
    ),
  ),
  forbid(
    'feature-arrows',
    'a feature without a line in the table of arrows uses no other feature',
    {
      path: `${src}/features/([^/]+)/`,
      pathNot: [test, `${src}/features/(${Object.keys(arrows).join('|')})/`],
    },
    { path: `${src}/features/`, pathNot: `${src}/features/$1/` },
  ),
]

module.exports = {
  forbidden: [
    forbid('no-cycles', 'a circle has no first file to read', {}, { circular: true }),
    forbid('everything-resolves', 'no rule sees an import that leads nowhere', {}, { couldNotResolve: true }),
    forbid(
      'contract-stands-alone',
      'clients import the contract; it brings zod and nothing else',
      { path: contract, pathNot: test },
      { pathNot: [contract, npm('zod')] },
    ),
    forbid(
      'sdk-stands-alone',
      'it knows the API by the generated types alone, as any client could',
      { path: sdk, pathNot: test },
      { pathNot: [sdk, npm('openapi-fetch')] },
    ),
    forbid(
      'kernel-is-pure',
      'words all features share; no I/O, no technology',
      { path: `${src}/kernel/`, pathNot: test },
      { pathNot: [`${src}/kernel/`, contract, '^(node:)?crypto$'] },
    ),
    forbid(
      'platform-knows-no-feature',
      'platform is used by features, never the other way round',
      { path: `${src}/platform/`, pathNot: test },
      {
        path: [`${src}/(features|classic)/`, `${src}/[^/]+\\.ts$`],
        pathNot: `${src}/(config|server-root)\\.ts$`,
      },
    ),
    forbid(
      'models-are-pure',
      'data in, data or a Refusal out',
      { path: `${src}/features/([^/]+)/model/`, pathNot: test },
      { pathNot: [`${src}/features/$1/model/`, `${src}/kernel/`, contract] },
    ),
    forbid(
      'features-meet-at-their-index',
      "another feature's index.ts is its front door",
      { path: `${src}/features/([^/]+)/`, pathNot: test },
      {
        path: `${src}/features/[^/]+/`,
        pathNot: [`${src}/features/$1/`, `${src}/features/[^/]+/index\\.ts$`],
      },
    ),
    forbid(
      'features-meet-at-their-index',
      'only app.ts wires routes and sockets; everybody else comes by the front door',
      {
        path: '^(apps|packages)/',
        pathNot: [test, `${src}/features/`, `${src}/app\\.ts$`, '^apps/server/test/'],
      },
      { path: `${src}/features/[^/]+/`, pathNot: `${src}/features/[^/]+/index\\.ts$` },
    ),
    ...arrowRules,
    forbid(
      'the-world-is-passed-in',
      'a use case takes platform as an argument; stores and edges may use the tools of their technology',
      { path: `${src}/features/`, pathNot: [test, '-store\\.ts$', '[-/](routes|live)\\.ts$'] },
      { path: `${src}/platform/`, dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'edges-call-use-cases',
      'routes and sockets parse, authenticate and call one use case',
      { path: `${src}/features/[^/]+/[^/]*(routes|live)\\.ts$` },
      { path: ['-store\\.ts$', `${src}/features/[^/]+/model/`], dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'sql-lives-in-stores',
      'one place where a row becomes a model',
      {
        path: '^(apps|packages)/',
        pathNot: [test, '-store\\.ts$', `${src}/platform/`, '^apps/server/test/'],
      },
      { path: npm('pg', 'kysely') },
    ),
    forbid(
      'http-lives-at-the-edge',
      'a use case knows neither a request nor a socket',
      {
        path: `${src}/`,
        pathNot: [
          test,
          `${src}/platform/(http|socket)/`,
          `${src}/features/[^/]+/[^/]*(routes|live)\\.ts$`,
          `${src}/classic/`,
          `${src}/app\\.ts$`,
        ],
      },
      { path: npm('fastify', '@fastify/[^/]+', 'fastify-type-provider-zod', 'ws') },
    ),
    forbid(
      'classic-only-in-classic',
      "the old wire's spellings stay in one room",
      {
        path: '^(apps|packages)/',
        pathNot: [test, `${src}/classic/`, `${src}/app\\.ts$`, '^apps/server/test/'],
      },
      { path: `${src}/classic/` },
    ),
    forbid(
      'web-flows-one-way',
      'pages use features, features use ui, ui uses lib',
      { path: '^apps/web/src/lib/', pathNot: test },
      { path: '^apps/web/src/', pathNot: '^apps/web/src/lib/' },
    ),
    forbid(
      'web-flows-one-way',
      'pages use features, features use ui, ui uses lib',
      { path: '^apps/web/src/ui/', pathNot: test },
      { path: '^apps/web/src/', pathNot: '^apps/web/src/(ui|lib)/' },
    ),
    forbid(
      'web-flows-one-way',
      "a feature is one user's task and knows no other",
      { path: '^apps/web/src/features/([^/]+)/', pathNot: test },
      { path: '^apps/web/src/', pathNot: '^apps/web/src/(features/$1|ui|lib)/' },
    ),
    forbid(
      'clients-talk-over-the-wire',
      'web and simulator are clients like any other: packages, but nothing of another app',
      { path: '^apps/(web|simulator)/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    forbid(
      'nothing-imports-tests',
      'what only a test needs stays with the tests',
      { path: '^(apps|packages)/', pathNot: [test, '^apps/[^/]+/test/'] },
      { path: ['^apps/[^/]+/test/', test] },
    ),
  ],
  options: {
    // Excluding `dist` would also hide packages whose entry lies in their own dist folder, and the rules about them with it.
    doNotFollow: { path: '(^|/)node_modules/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js', '.json', '.d.ts'],
    },
  },
}
