// What a reader sees of a table: the rows that pass the filters, in the order asked for.
import { compare, exactNumber, parsedDate, parsedMoment, rescaled } from './values.js'
import { Trouble } from './file.js'

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
    else if (this.ids) {
      this.ids = Uint32Array.from({ length: this.table.rows }, (_, n) => n)
      this.count = this.seen = this.table.rows
    }
    if (this.sort.length) await this.#sort(tell)
  }

  #check() {
    if (this.cancelled) throw new Trouble('x_cancelled')
  }

  async #filter(tell) {
    const wanted = [...new Set(this.filters.map(({ column }) => column))].map((name) => {
      const column = this.table.byName.get(name)
      return { name, index: column.index, tests: tests(column, this.filters.filter((each) => each.column === name)) }
    })
    const passes = (bounds, each) => each.tests.every(({ may }) => may(bounds))
    const groups = this.table.groups.filter((group) => wanted.every((each) => passes(group.bounds[each.index], each)))
    let skipped = this.table.rows - groups.reduce((sum, { rows }) => sum + rows, 0)
    const reading = groups.map(() => null)
    const read = (n) => (reading[n] ??= n < groups.length ? this.#candidates(groups[n], wanted, passes) : null)
    this.seen = skipped
    for (let n = 0; n < groups.length; n++) {
      const now = read(n)
      read(n + 1)?.catch(() => {})
      for (const { from, columns } of await now) {
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
      reading[n] = null
      this.seen += groups[n].rows
      tell({ count: this.count, seen: this.seen, rows: this.table.rows, sorting: false })
      await new Promise((resolve) => setTimeout(resolve))
      this.#check()
    }
    this.seen = this.table.rows
  }

  // The parts of a group whose pages may hold something, with the values of the columns that are filtered.
  async #candidates(group, wanted, passes) {
    let parts = [[0, group.rows]]
    if (group.rows > 10_000) {
      for (const each of wanted) {
        const pages = await this.table.pages(each.name, group)
        if (pages) parts = shared(parts, pages.filter((page) => passes(page, each)).map(({ from, to }) => [from, to]))
      }
    }
    const kept = parts.reduce((sum, [from, to]) => sum + to - from, 0)
    if (kept > group.rows * 0.6) parts = [[0, group.rows]]
    const read = ([from, to]) => (name) => (to - from === group.rows ? this.table.column(name, group) : this.table.range(name, group.start + from, group.start + to))
    return Promise.all(
      parts.map(async ([from, to]) => ({ from: group.start + from, columns: await Promise.all(wanted.map(({ name }) => read([from, to])(name))) })),
    )
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

  async #sort(tell) {
    const ids = this.ids.slice(0, this.count)
    const ranks = []
    for (const [n, { column }] of this.sort.entries()) {
      const values = await this.#values(column, ids, (share) => tell({ count: this.count, seen: this.seen, rows: this.table.rows, sorting: true, share: (n + share) / this.sort.length }))
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
    this.sorted = true
  }

  async #values(name, ids, tell) {
    const out = new Array(ids.length)
    let done = 0
    for (const group of this.table.groups) {
      const first = done
      let last = first
      while (last < ids.length && ids[last] < group.start + group.rows) last++
      if (last > first) {
        const scattered = last - first > group.rows / 20
        const values = scattered ? await this.table.column(name, group) : await gathered(this.table, name, ids.subarray(first, last))
        for (let i = first; i < last; i++) out[i] = scattered ? values[ids[i] - group.start] : values[i - first]
      }
      done = last
      this.#check()
      tell(group.start / this.table.rows)
      await new Promise((resolve) => setTimeout(resolve))
      this.#check()
    }
    return out
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

/** Values of single rows, in the order of `ids`. Blocks are asked for at once, so that their requests go together. */
async function gathered(table, name, ids) {
  const blocks = []
  let last = null
  const places = Array.from(ids, (id) => {
    const holds = (block) => id >= block.from && id < block.to
    if (!last || !holds(last)) {
      last = blocks.find(holds)
      if (!last) blocks.push((last = table.block(name, id)))
    }
    return last
  })
  await Promise.all(blocks.map(async (block) => (block.ready = await block.values)))
  return places.map((block, n) => block.ready[ids[n] - block.from])
}

/** Rows that are in both lists of ranges. */
function shared(a, b) {
  const out = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const from = Math.max(a[i][0], b[j][0])
    const to = Math.min(a[i][1], b[j][1])
    if (from < to) {
      if (out.length && out.at(-1)[1] === from) out.at(-1)[1] = to
      else out.push([from, to])
    }
    if (a[i][1] < b[j][1]) i++
    else j++
  }
  return out
}
