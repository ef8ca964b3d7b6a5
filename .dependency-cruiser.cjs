// Import direction: main → service → inbound/commands/queries/outbound/store → domain; services → packages, never back.
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: { pathNot: '^proto/gen' },
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-service-imports-a-service',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'only-hub-and-e2e-import-services',
      severity: 'error',
      from: { path: '^(packages|scripts|proto)/', pathNot: '^(packages/(hub|e2e)|scripts)/' },
      to: { path: '^services/' },
    },
    {
      name: 'domain-is-pure',
      comment: 'domain imports only domain, values, errors, and types of contracts and reference data',
      severity: 'error',
      from: { path: '^services/[^/]+/src/domain/', pathNot: '\\.(test|fixture)\\.ts$' },
      to: {
        pathNot: [
          '^services/[^/]+/(src/domain|profiles)/',
          '^packages/(values|errors|reference|gm)/',
          '^proto/gen/',
          'typebox',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'inbound-leaves-the-store-alone',
      severity: 'error',
      from: { path: '^services/[^/]+/src/inbound/grpc' },
      to: { path: '^services/[^/]+/src/store/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'kafka-behind-its-seam',
      severity: 'error',
      from: { path: '^(packages|services|scripts)/', pathNot: '^packages/messaging/' },
      to: { path: 'node_modules/kafkajs/' },
    },
    {
      name: 'driver-behind-its-seam',
      severity: 'error',
      from: { path: '^(packages|services|scripts)/', pathNot: '^packages/(postgres|messaging|hub|testkit)/' },
      to: { path: 'node_modules/(postgres|drizzle-orm)/' },
    },
    {
      name: 'sandbox-speaks-http',
      severity: 'error',
      from: { path: '^packages/sandbox/' },
      to: { path: '^(services/|packages/(hub|rpc|messaging|postgres)/)' },
    },
    {
      name: 'libraries-do-not-know-the-hub',
      severity: 'error',
      from: { path: '^(packages|services)/', pathNot: '^packages/(hub|e2e)/' },
      to: { path: '^packages/(hub|e2e)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)node_modules/(?!@erx)' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default'],
      extensions: ['.ts', '.mjs', '.js'],
    },
  },
};
