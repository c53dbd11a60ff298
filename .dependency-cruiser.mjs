/** The layers of DESIGN §4 as rules; `npm run verify` executes them. */
const stages = ['feeds', 'api'];

const stagesDoNotMeet = stages.map((stage) => ({
  name: `stage-${stage}-meets-no-other`,
  comment: 'Stages meet in the log and in the tables, never by import.',
  severity: 'error',
  from: { path: `^apps/server/src/${stage}/`, pathNot: '\\.test\\.ts$|/testing/' },
  to: {
    path: stages.filter((other) => other !== stage).map((other) => `^apps/server/src/${other}/`),
  },
}));

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'engine-is-pure',
      comment: 'The engine imports nothing but itself.',
      severity: 'error',
      from: { path: '^packages/engine/src/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { pathNot: '^packages/engine/src/' },
    },
    {
      name: 'contracts-import-only-their-schema-library',
      severity: 'error',
      from: { path: '^packages/contracts/src/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^packages/contracts/src/|^node_modules/typebox/' },
    },
    {
      name: 'client-imports-only-contracts',
      severity: 'error',
      from: { path: '^packages/client/src/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^packages/(client|contracts)/src/' },
    },
    {
      name: 'web-sees-client-and-contracts-only',
      severity: 'error',
      from: { path: '^apps/web/src/' },
      to: { path: '^(apps/server|packages/engine)/' },
    },
    ...stagesDoNotMeet,
    {
      name: 'log-and-store-know-no-stage',
      comment: 'Of the venues the store knows the ports it implements.',
      severity: 'error',
      from: { path: '^apps/server/src/(log|store|runtime|config)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^apps/server/src/(feeds|api|venues|roles|cli)/',
        pathNot: '^apps/server/src/venues/(venue-host|snapshot-keeper)\\.ts$',
      },
    },
    {
      name: 'venues-know-no-stage',
      severity: 'error',
      from: { path: '^apps/server/src/venues/', pathNot: '\\.test\\.ts$' },
      to: { path: '^apps/server/src/(feeds|api|roles|cli)/' },
    },
    {
      name: 'log-adapters-are-no-siblings',
      severity: 'error',
      from: { path: '^apps/server/src/log/([^/]+)/' },
      to: { path: '^apps/server/src/log/([^/]+)/', pathNot: '^apps/server/src/log/$1/' },
    },
    {
      name: 'only-roles-wire',
      comment: 'Composition roots are imported by the command line and by tests only.',
      severity: 'error',
      from: {
        path: '^apps/server/src/',
        pathNot: '^apps/server/src/(roles|cli)/|main\\.ts$|\\.test\\.ts$',
      },
      to: { path: '^apps/server/src/roles/' },
    },
    {
      name: 'not-to-test-code',
      severity: 'error',
      from: {
        pathNot:
          '\\.test\\.ts$|\\.contract\\.ts$|/testing/|^apps/server/test/|^(bench|proofs|tools)/',
      },
      to: { path: '\\.test\\.ts$|\\.contract\\.ts$|/testing/' },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.tests.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['rialto-source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
