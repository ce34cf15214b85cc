// What a reader sees of a table: the rows that pass the filters, in the order asked for.
import { compare, exactNumber, parsedDate, parsedMoment, rescaled } from './values.js'
import { Trouble } from './file.js'
import { BOUNDED, columnsOf, firstBy, gathered, groupsOf, inTurn, rangesOf, valuesOf } from './parts.js'

const FIRST = 16 // rows of an order that are looked for before all are put into it
const PATIENCE = 10_000 // milliseconds that these have to be read, before the rest of the column is

const folded = (text) => text.normalize('NFKC').toLowerCase()

/** A reader's words for a bound as a value of the column; `way` decides where it has more places than the column. */
function bound(text, column, way) {
  if (column.kind === 'date') return parsedDate(text)
  if (column.kind === 'moment') return parsedMoment(text)
  const exact = exactNumber(text)
  if (!exact) return null
  if (column.kind === 'double') return Number(text)
  return rescaled(exact.value, exact.scale, column.scale ?? 0, way)
}

/** The value itself, or undefined where the column cannot hold it. */
function same(text, column) {
  if (column.kind === 'text') return text
  if (column.kind === 'boolean') return text === 'true'
  const low = bound(text, column, -1)
  return low !== null && low === bound(text, column, 1) ? low : undefined
}

/** Filters of one column, all of which a value must pass: `test` for a value, `may` for the bounds of many. */
function tests(column, conditions) {
  const found = []
  const known = ({ min, max }) => min !== undefined && max !== undefined
  const some = (bounds) => bounds.nulls === undefined || bounds.nulls < bounds.rows
  const chosen = conditions.filter(({ op }) => op === 'is').map(({ value }) => same(value, column))
  if (chosen.length) {
    const values = new Set(chosen.filter((value) => value !== undefined))
    found.push({
      test: (value) => values.has(value),
      may: (bounds) => some(bounds) && (!known(bounds) || [...values].some((value) => compare(value, bounds.min) >= 0 && compare(value, bounds.max) <= 0)),
    })
  }
  for (const { op, value: text } of conditions) {
    if (op === 'null') found.push({ test: (value) => value === null, may: ({ nulls }) => nulls !== 0 })
    else if (op === 'given') found.push({ test: (value) => value !== null, may: some })
    else if (op === 'has') {
      const part = folded(text)
      found.push({ test: (value) => value !== null && folded(String(value)).includes(part), may: some })
    } else if (op === 'from' || op === 'to' || op === 'below') {
      const limit = bound(text, column, op === 'to' ? -1 : 1)
      if (limit === null) throw new Trouble('x_bad_bound', { value: text })
      // A day as the last bound of moments means all of that day.
      const day = op === 'to' && column.kind === 'moment' && parsedDate(text) !== null
      const top = day ? parsedMoment(`${text.trim()}T23:59:59.999999`) : limit
      const test = {
        from: (value) => value !== null && compare(value, limit) >= 0,
        to: (value) => value !== null && compare(value, top) <= 0,
        below: (value) => value !== null && compare(value, limit) < 0,
      }[op]
      found.push({ test, may: (bounds) => some(bounds) && (!known(bounds) || test(op === 'from' ? bounds.max : bounds.min)) })
    }
  }
  return found
}

export class View {
  /** `filters`: `{ column, op, value }`; `sort`: `{ column, down }`, the first counts most. */
  constructor(table, { filters = [], sort = [], lang = 'zh' }) {
    this.table = table
    this.filters = filters.filter(({ column }) => table.byName.has(column))
    this.sort = sort.filter(({ column }) => table.byName.has(column))
    this.collator = new Intl.Collator(lang, { numeric: true })
    this.ids = this.filters.length || this.sort.length ? new Uint32Array(0) : null
    this.count = this.ids ? 0 : table.rows
    this.seen = this.ids ? 0 : table.rows
    this.sorted = !this.sort.length
    this.cancelled = false
  }

  /** Reads what the filters need, group by group; `tell` hears how far it is. */
  async run(tell = () => {}) {
    if (this.filters.length) await this.#filter(tell)
    else if (this.ids) this.seen = this.table.rows
    if (!this.sort.length) return
    if (!this.filters.length) await this.#first(tell)
    await this.#sort(tell, this.filters.length ? this.ids.slice(0, this.count) : Uint32Array.from({ length: this.table.rows }, (_, n) => n))
  }

  // The rows that are seen at first, by the bounds of pages: they are there long before the column has been read.
  async #first(tell) {
    const [{ column: name, down }] = this.sort
    const column = this.table.byName.get(name)
    if (this.sort.length > 1 || !BOUNDED.has(column.kind) || this.table.groups.length < 2) return
    const way = down ? -1 : 1
    const take = async ({ group, from, to }) => {
      const [values] = await columnsOf(this.table, group, [from, to], [name])
      return Array.from(values, (value, n) => ({ id: group.start + from + n, keys: [value] })).filter(({ keys }) => keys[0] !== null)
    }
    const found = await firstBy(this.table, column, { wanted: FIRST, down, alone: true, order: (a, b) => way * compare(a.keys[0], b.keys[0]) || a.id - b.id, take })
    this.#check()
    if (!found) return
    this.ids = Uint32Array.from(found, ({ id }) => id)
    this.count = found.length
    tell({ first: this.count, rows: this.table.rows })
    // What else is asked for would be in the way of what these rows hold.
    await Promise.race([new Promise((resolve) => (this.looked = resolve)), new Promise((resolve) => setTimeout(resolve, PATIENCE))])
    this.#check()
  }

  #check() {
    if (this.cancelled) throw new Trouble('x_cancelled')
  }

  async #filter(tell) {
    const wanted = [...new Set(this.filters.map(({ column }) => column))].map((name) => {
      const column = this.table.byName.get(name)
      return { name, index: column.index, tests: tests(column, this.filters.filter((each) => each.column === name)) }
    })
    const bounds = wanted.flatMap(({ name, index, tests }) => tests.map(({ may }) => ({ name, index, may })))
    const names = wanted.map(({ name }) => name)
    const read = async (group) => {
      const ranges = await rangesOf(this.table, group, bounds)
      return Promise.all(ranges.map(async (range) => ({ from: group.start + range[0], columns: await columnsOf(this.table, group, range, names) })))
    }
    const groups = groupsOf(this.table, bounds)
    this.seen = this.table.rows - groups.reduce((sum, { rows }) => sum + rows, 0)
    for await (const [group, parts] of inTurn(groups, read)) {
      for (const { from, columns } of parts) {
        this.#check()
        const rows = columns[0].length
        const found = new Uint32Array(rows)
        let count = 0
        next: for (let i = 0; i < rows; i++) {
          for (let c = 0; c < wanted.length; c++) {
            const value = columns[c][i]
            for (const { test } of wanted[c].tests) if (!test(value)) continue next
          }
          found[count++] = from + i
        }
        this.#add(found.subarray(0, count))
      }
      this.seen += group.rows
      tell({ count: this.count, seen: this.seen, rows: this.table.rows, sorting: false })
      await new Promise((resolve) => setTimeout(resolve))
      this.#check()
    }
    this.seen = this.table.rows
  }

  #add(found) {
    if (this.count + found.length > this.ids.length) {
      const larger = new Uint32Array(Math.max(1024, 2 * this.ids.length, this.count + found.length))
      larger.set(this.ids.subarray(0, this.count))
      this.ids = larger
    }
    this.ids.set(found, this.count)
    this.count += found.length
  }

  async #sort(tell, ids) {
    const ranks = []
    for (const [n, { column }] of this.sort.entries()) {
      const values = await this.#values(column, ids, (share) => tell({ count: ids.length, seen: this.seen, rows: this.table.rows, sorting: true, share: (n + share) / this.sort.length }))
      ranks.push(this.#ranks(values, this.table.byName.get(column)))
    }
    const order = Uint32Array.from(ids, (_, n) => n)
    const ways = this.sort.map(({ down }) => (down ? -1 : 1))
    order.sort((a, b) => {
      for (let k = 0; k < ranks.length; k++) {
        const x = ranks[k][a]
        const y = ranks[k][b]
        // Missing values (NaN) come last, whichever way it goes.
        if (x !== y && (x === x || y === y)) return x !== x ? 1 : y !== y ? -1 : (x - y) * ways[k]
      }
      return a - b
    })
    this.ids = order.map((n) => ids[n])
    this.count = ids.length
    this.sorted = true
  }

  #values(name, ids, tell) {
    return valuesOf(this.table, name, ids, async (done) => {
      this.#check()
      tell(done / ids.length)
      await new Promise((resolve) => setTimeout(resolve))
      this.#check()
    })
  }

  // Numbers stand for themselves; what is not a safe number gets its place among the different values.
  #ranks(values, column) {
    if (column.kind === 'boolean') return Float64Array.from(values, (value) => (value === null ? NaN : Number(value)))
    const plain = column.kind !== 'text' && values.every((value) => value === null || (typeof value === 'number' && !Number.isNaN(value)))
    if (plain) return Float64Array.from(values, (value) => value ?? NaN)
    const different = [...new Set(values)].filter((value) => value !== null)
    different.sort(column.kind === 'text' ? (a, b) => this.collator.compare(a, b) || compare(a, b) : compare)
    const place = new Map(different.map((value, n) => [value, n]))
    return Float64Array.from(values, (value) => place.get(value) ?? NaN)
  }

  /** Columns of values for rows `start` and on of what is seen. */
  async rows(start, count, names) {
    const end = Math.min(start + count, this.count)
    if (end <= start) return names.map(() => [])
    if (!this.ids) return Promise.all(names.map((name) => this.table.range(name, start, end)))
    const ids = this.ids.slice(start, end)
    return Promise.all(names.map((name) => gathered(this.table, name, ids)))
  }

  id(row) {
    return this.ids ? this.ids[row] : row
  }
}
