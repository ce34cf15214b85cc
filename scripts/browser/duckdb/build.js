// Puts the pack into site_src/duckdb: DuckDB-Wasm's own files, and our way to them. 1.28.0 is the last version with Parquet
// built in; later ones ask a foreign host for it (docs/scripts.md).
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const out = process.argv[2] ?? join(here, '../../../site_src/duckdb')
const packages = join(here, 'node_modules')
const dist = join(packages, '@duckdb/duckdb-wasm/dist')

await mkdir(out, { recursive: true })
await build({ absWorkingDir: here, entryPoints: ['duckdb.js'], bundle: true, minify: true, format: 'esm', target: ['chrome108', 'firefox115', 'safari16.4'], charset: 'utf8', legalComments: 'none', outfile: join(out, 'duckdb.js') })
await copyFile(join(dist, 'duckdb-eh.wasm'), join(out, 'duckdb-eh.wasm'))
// The comment at its end names a file that is not there.
const worker = await readFile(join(dist, 'duckdb-browser-eh.worker.js'), 'utf8')
await writeFile(join(out, 'duckdb-worker.js'), worker.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n'))
const { license, version } = JSON.parse(await readFile(join(packages, '@duckdb/duckdb-wasm/package.json'), 'utf8'))
const arrow = await readFile(join(packages, 'apache-arrow/LICENSE.txt'), 'utf8')
await writeFile(join(out, 'duckdb-licenses.txt'), `@duckdb/duckdb-wasm ${version} (${license}), https://github.com/duckdb/duckdb-wasm\nCopyright Stichting DuckDB Foundation\n\napache-arrow\n\n${arrow}`)
