// Bundles ./src into site_src/assets, with the licences of what others wrote, and says in scripts.json there what went in.
// The same sources and packages give the same bytes: no time, no path of this machine goes in.
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, version } from 'esbuild'
import { minify } from 'terser'

const here = dirname(fileURLToPath(import.meta.url))
const out = process.argv[2] ?? join(here, '../../site_src/assets')
const ENTRIES = ['ask', 'catalog', 'charts', 'engine', 'explore', 'form', 'kaishu', 'sql', 'writer']
const hash = (bytes) => createHash('sha256').update(bytes).digest('hex')

async function packageOf(name) {
  const folder = join(here, 'node_modules', name)
  const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  return { name, version, license, text: (await readFile(join(folder, 'LICENSE'), 'utf8')).trim() }
}

const notice = ({ name, version, text }) => `${name} ${version}\n${text}`

// Types and features that our files never have. What names them finds nothing, or does nothing.
const UNUSED = {
  'hyparquet/src/bloom.js': ['hashParquetValue', 'sbbfContains', 'bloomEligibleColumns', 'readBloomFilter'],
  'hyparquet/src/geoparquet.js': ['markGeoColumns'],
  'hyparquet/src/variant.js': ['decodeVariantColumn'],
  'hyparquet/src/wkb.js': ['wkbToGeojson'],
  'hyparquet-writer/src/bloom.js': ['BloomBuilder', 'writeBlooms'],
  'hyparquet-writer/src/geospatial.js': ['geospatialStatistics'],
  'hyparquet-writer/src/variant.js': ['encodeVariantColumn', 'autoDetectShredding', 'normalizeShreddingConfig'],
  'hyparquet-writer/src/wkb.js': ['geojsonToWkb'],
}
const leaner = {
  name: 'leaner',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules[\\/]hyparquet/ }, ({ path }) => {
      const name = path.split(/node_modules[\\/]/).pop().replaceAll('\\', '/')
      return UNUSED[name] && { contents: UNUSED[name].map((each) => `export function ${each}() {}`).join('\n') }
    })
  },
}

// `sql` is loaded by the worker `engine` alone, and has no copy of what is there.
const LENT = ['file', 'parts', 'values']
const borrowed = {
  name: 'borrowed',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^\\./(${LENT.join('|')})\\.js$`) }, ({ path }) => ({ path: path.slice(2, -3), namespace: 'lent' }))
    onLoad({ filter: /./, namespace: 'lent' }, async ({ path }) => {
      const source = await readFile(join(here, `src/${path}.js`), 'utf8')
      const names = [...source.matchAll(/^export (?:const|class|(?:async )?function\*?) ?\*? ?(\w+)/gm)].map((match) => match[1])
      return { contents: `export const { ${names.join(', ')} } = globalThis.lent.${path}` }
    })
  },
}

// Terser finds some twentieths more than esbuild.
async function smaller(code) {
  const { code: found } = await minify(code, { module: true, ecma: 2020, compress: { passes: 3 }, format: { ecma: 2020 } })
  return found
}

const made = {}
const packages = new Map()
for (const name of ENTRIES) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [`src/${name}.js`],
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['chrome108', 'firefox115', 'safari16.4'],
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    plugins: name === 'sql' ? [leaner, borrowed] : [leaner],
    write: false,
  })
  const inputs = Object.keys(Object.values(result.metafile.outputs)[0].inputs)
  const names = [...new Set(inputs.flatMap((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.slice(1) ?? []))].sort()
  for (const each of names) if (!packages.has(each)) packages.set(each, await packageOf(each))
  // Their licences ask to go along with each copy.
  const head = names.length ? `/*!\n${names.map((each) => notice(packages.get(each))).join('\n\n')}\n*/\n` : ''
  const bundled = result.outputFiles[0].text
  const minified = await smaller(bundled)
  const code = Buffer.from(head + minified)
  await writeFile(join(out, `${name}.js`), code)
  const theirs = Object.entries(Object.values(result.metafile.outputs)[0].inputs)
  const bytes = theirs.filter(([input]) => input.startsWith('node_modules/')).reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0)
  // What is theirs: their code, and the licences that go along with it.
  const share = Math.round((bytes * minified.length) / bundled.length) + Buffer.byteLength(head)
  made[`${name}.js`] = { bytes: code.length, gzip: gzipSync(code, { level: 9 }).length, packages: names, theirs: share, sha256: hash(code) }
}

const listed = [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
const licences = Buffer.from(listed.map(notice).join(`\n\n${'-'.repeat(72)}\n\n`) + '\n')
await writeFile(join(out, 'scripts.licenses.txt'), licences)
const list = {
  about: 'Made by `make scripts` from scripts/browser; not to be edited.',
  bundler: `esbuild ${version}`,
  files: made,
  licenses: { file: 'scripts.licenses.txt', sha256: hash(licences) },
  packages: listed.map(({ name, version, license }) => ({ name, version, license })),
}
await writeFile(join(out, 'scripts.json'), `${JSON.stringify(list, null, 2)}\n`)
for (const [name, { bytes, gzip }] of Object.entries(made)) console.log(`${name.padEnd(12)} ${bytes} B, ${gzip} B gz`)
