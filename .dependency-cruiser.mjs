/**
 * The import order of the source tree. A layer imports from itself and from the layers above it.
 * Keep it equal to the map in docs/architecture.md.
 */
const layers = [
  { name: 'text', path: '^src/text/' },
  { name: 'types', path: '^src/types/' },
  { name: 'geo', path: '^src/geo/' },
  { name: 'lexer', path: '^src/lexer/' },
  { name: 'parser', path: '^src/parser/' },
  { name: 'tables', path: '^src/tables/' },
  { name: 'engine/plan', path: '^src/engine/plan/' },
  { name: 'engine/functions', path: '^src/engine/functions/' },
  { name: 'engine/evaluator', path: '^src/engine/evaluator/' },
  { name: 'engine/binder', path: '^src/engine/binder/' },
  { name: 'engine/operators', path: '^src/engine/operators/' },
  { name: 'engine', path: '^src/engine/[^/]+$' },
  { name: 'engine/lineage', path: '^src/engine/lineage/' },
  { name: 'node', path: '^src/(node/|platform-browser[.]ts$)' },
  { name: 'api', path: '^src/api/' },
  { name: 'rules', path: '^src/rules/' },
  { name: 'replay', path: '^src/replay/' },
  { name: 'testing', path: '^src/testing/' },
  { name: 'report', path: '^src/report/' },
  { name: 'index', path: '^src/index[.]ts$' },
  { name: 'matchers', path: '^src/matchers/' },
  { name: 'vitest', path: '^src/vitest/' },
  { name: 'cli', path: '^src/cli/' },
]

const everyLayer = layers.map(layer => layer.path)

/** Folders that run in Node only. Everything else in src is the core, which a browser loads too. */
const nodeOnly = '^src/(node|vitest|cli)/'

/** The packages that the core may load: pure JavaScript that runs in a browser. */
const corePackages = [
  '@noble/hashes',
  'chevrotain',
  'decimal[.]js',
  'fast-json-stable-stringify',
  'fflate',
  'geographiclib-geodesic',
  'h3-js',
  'luxon',
  'nodes2ts',
  're2js',
  'yaml',
]

const npm = names => `(^|/)node_modules/(@types/)?(${names})(/|$)`

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Two files that import each other, by type only or not, are one concept or three.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...layers.slice(0, -1).map((layer, position) => ({
      name: `order-${layer.name.replace('/', '-')}`,
      comment: `src/${layer.name} imports only from itself and from the layers above it.`,
      severity: 'error',
      from: { path: layer.path },
      to: { path: everyLayer.slice(position + 1) },
    })),
    {
      name: 'known-layer',
      comment: 'A new folder in src gets its place in the order first.',
      severity: 'error',
      from: { path: '^src/', pathNot: everyLayer },
      to: {},
    },
    {
      name: 'known-layer-imported',
      comment: 'A new folder in src gets its place in the order first.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/', pathNot: everyLayer },
    },
    {
      name: 'no-node-built-in-in-core',
      comment: 'The core runs in a browser: what only Node has lives in src/node.',
      severity: 'error',
      from: { path: '^src/', pathNot: nodeOnly },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-src-node-in-core',
      comment: 'The core reaches src/node through the package import "#platform" only.',
      severity: 'error',
      from: { path: '^src/', pathNot: nodeOnly },
      to: { path: '^src/node/', dependencyTypesNot: ['aliased-subpath-import'] },
    },
    {
      name: 'core-packages',
      comment: 'The core loads only packages that are known to run in a browser.',
      severity: 'error',
      from: { path: '^src/', pathNot: nodeOnly },
      to: { path: '(^|/)node_modules/', pathNot: npm(corePackages.join('|')) },
    },
    {
      name: 'chevrotain-in-parser-only',
      comment: 'Nothing outside the lexer and the parser sees Chevrotain.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(lexer|parser)/' },
      to: { path: npm('@?chevrotain') },
    },
    {
      name: 'no-development-dependency',
      comment: 'What ships does not load what is installed for development only.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/vitest/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'deprecated'],
        dependencyTypesNot: ['type-only', 'aliased-subpath-import'],
      },
    },
    {
      name: 'src-stands-alone',
      comment: 'src imports neither tests, benchmarks, scripts nor built files.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts|dist|bin)/' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    // src has a package.json of its own (for its imports); the dependencies are in the root's.
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json', '.d.ts'],
    },
  },
}
