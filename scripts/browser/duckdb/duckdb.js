// Queries answered by DuckDB-Wasm, in the form that `sql.js` answers them in.
import * as duckdb from '@duckdb/duckdb-wasm'

function kindOf(type) {
  if (/^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT)$/.test(type)) return 'integer'
  if (/^DECIMAL/.test(type)) return 'decimal'
  if (/^(DOUBLE|FLOAT)$/.test(type)) return 'double'
  if (type === 'BOOLEAN') return 'boolean'
  if (type === 'DATE') return 'date'
  return /^TIMESTAMP/.test(type) ? 'moment' : 'text'
}

const named = (name) => `"${name.replaceAll('"', '""')}"`

export class DuckDB {
  static async open({ wasm, worker, sources }) {
    const made = new DuckDB()
    made.worker = new Worker(worker)
    const db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), made.worker)
    await db.instantiate(wasm)
    made.connection = await db.connect()
    for (const [name, { url }] of Object.entries(sources)) {
      await db.registerFileURL(`${name}.parquet`, url, duckdb.DuckDBDataProtocol.HTTP, false)
      await made.connection.query(`CREATE VIEW ${named(name)} AS SELECT * FROM parquet_scan('${name.replaceAll("'", "''")}.parquet')`)
    }
    return made
  }

  /** Values come as texts, made by DuckDB itself: what JavaScript would round keeps its digits. */
  async query(text, shown) {
    const inner = text.trim().replace(/;\s*$/, '')
    try {
      const described = (await this.connection.query(`DESCRIBE ${inner}`)).toArray().map((row) => row.toJSON())
      const columns = described.map(({ column_name: name, column_type: type }) => ({ name, kind: kindOf(type), utc: /WITH TIME ZONE/.test(type) }))
      const table = await this.connection.query(`SELECT COLUMNS(*)::VARCHAR FROM (${inner}\n) LIMIT ${shown + 1}`)
      const count = Math.min(shown, table.numRows)
      const texts = columns.map(({ kind }, c) => {
        const column = table.getChildAt(c)
        return Array.from({ length: count }, (_, i) => ((value) => (value !== null && kind === 'moment' ? value.replace(' ', 'T') : value))(column.get(i)))
      })
      return { columns, count, more: table.numRows > shown, texts }
    } catch (error) {
      throw { code: 'ask_duckdb_says', values: { message: String(error.message ?? error).split('\n')[0] } } // eslint-disable-line no-throw-literal
    }
  }

  end() {
    this.worker.terminate()
  }
}
