// Runs SQL over the tables of a page: parsed, then streamed by row groups. Only columns that are named are read.
import { aggregate, isAggregate } from './sql-aggregates.js'
import { compile, keyOf } from './sql-expressions.js'
import { functionNames } from './sql-functions.js'
import { both, condition } from './sql-operators.js'
import { common, widened } from './sql-types.js'
import { BOUNDED, columnsOf, firstBy, groupsOf, inTurn, rangesOf, valuesOf } from './parts.js'
import { parse, wrong } from './sql-parse.js'
import { finest, Totals } from './totals.js'
import { compare, exactNumber, parsedDate, parsedMoment, rescaled, valueText } from './values.js'

const PIECE = 50_000

/** `limits.shown`: rows that are given back; `limits.kept`: rows that may be held; `limits.pairs`: of a join without equality. */
export async function query({ text, tables, open, totals, limits, tell }) {
  const env = { names: tables, open, totals, limits, tell, queries: new Map(), read: 0 }
  const tree = parse(text)
  const found = await run(tree, env, limits.shown)
  const columns = found.columns.map(({ name, kind, scale, utc }) => ({ name, kind: kind === 'null' ? 'text' : kind, scale, utc }))
  const count = Math.min(found.count, limits.shown)
  return { columns, count, more: found.count > limits.shown, texts: columns.map((column, c) => found.data[c].slice(0, count).map((value) => valueText(value, column))) }
}

// ---- relations: columns with types, and batches of the columns that are used

async function base(node, env) {
  const given = env.queries.get(node.name.toLowerCase())
  const alias = node.alias ?? node.name
  if (given) return kept(await given(), alias)
  const name = env.names.find((one) => one === node.name) ?? env.names.find((one) => one.toLowerCase() === node.name.toLowerCase())
  if (!name) throw wrong('sql_no_table', node.at, { name: node.name, names: env.names.join(', ') })
  const table = await env.open(name)
  return {
    table,
    columns: table.columns.map(({ name: column, kind, scale, utc }) => ({ table: alias, name: column, kind, scale, utc })),
    count: table.rows,
    /** What is known of it without reading it; undefined where there is no such thing. */
    totals: () => totalsOf(table, env.totals?.(name)),
    /** `start` is the number of a batch's first row in the table. */
    async *batches(used, hints = []) {
      const wanted = [...used]
      const names = wanted.map((index) => table.columns[index].name)
      const tests = hints.map((hint) => ({ ...hint, name: table.columns[hint.index].name }))
      const read = async (group) => {
        const ranges = await rangesOf(table, group, tests)
        return Promise.all(ranges.map(async (range) => ({ range, values: await columnsOf(table, group, range, names) })))
      }
      for await (const [group, parts] of inTurn(groupsOf(table, tests), read)) {
        env.read += group.rows
        env.tell({ read: env.read, table: name, of: table.rows })
        for (const { range: [from, to], values } of parts) {
          const cols = []
          for (const [c, index] of wanted.entries()) cols[index] = values[c]
          yield { n: to - from, cols, start: group.start + from }
        }
        await new Promise((resolve) => setTimeout(resolve))
      }
    },
    /** A first piece without reading a whole row group, where a few rows are enough. */
    async head(used, rows) {
      const cols = []
      const n = Math.min(rows, table.groups[0]?.rows ?? 0)
      await Promise.all([...used].map(async (index) => (cols[index] = await table.range(table.columns[index].name, 0, n))))
      return { n, cols }
    },
  }
}

const known = new WeakMap() // tables' totals, each asked for once

async function totalsOf(table, url) {
  if (!url) return undefined
  if (!known.has(table)) {
    const asked = fetch(url).then(async (answer) => (answer.ok ? new Totals(await answer.json(), table.columns) : undefined))
    // Without them the table is read.
    known.set(table, asked.catch(() => undefined))
  }
  return known.get(table)
}

function kept({ columns, data, count }, alias) {
  return {
    columns: columns.map((column) => ({ ...column, table: alias })),
    count,
    async *batches() {
      yield { n: count, cols: data }
    },
  }
}

async function relation(node, env, where = []) {
  if (node.type === 'table') return base(node, env)
  if (node.type === 'subquery') return kept(await run(node.query, env), node.alias)
  const outer = node.kind !== 'cross' && node.kind !== 'inner'
  const [left, right] = [await relation(node.left, env, outer ? [] : where), await relation(node.right, env)]
  return join(node, left, right, env, node.kind === 'cross' ? where : [])
}

function scopeOf(columns) {
  const frame = { cols: [] }
  const used = new Set()
  const fits = (node) => {
    const same = (a, b, fold) => (fold ? a.toLowerCase() === b.toLowerCase() : a === b)
    for (const fold of [false, true]) {
      const found = columns.flatMap((column, index) => (same(column.name, node.name, fold) && (node.table === null || (column.table && same(column.table, node.table, true))) && !column.merged ? [index] : []))
      if (found.length) return found
    }
    return []
  }
  return {
    columns, frame, used,
    find(node, soft) {
      const found = fits(node)
      if (found.length > 1 && !soft) throw wrong('sql_ambiguous', node.at, { name: node.name, names: found.map((index) => `${columns[index].table}.${columns[index].name}`).join(', ') })
      return found[0] ?? null
    },
    at(index) {
      used.add(index)
      const { kind, scale, utc } = columns[index]
      return { kind, scale, utc, get: (i) => frame.cols[index][i], constant: false }
    },
    column(node) {
      const index = this.find(node)
      if (index !== null) return this.at(index)
      const instead = this.alias?.(node)
      if (instead) return instead
      if (!columns.length) throw wrong('sql_no_source', node.at, { name: node.name })
      const name = node.table ? `${node.table}.${node.name}` : node.name
      throw wrong('sql_no_column', node.at, { name, names: [...new Set(columns.map((column) => column.name))].slice(0, 60).join(', ') })
    },
  }
}

// ---- joins

const conjuncts = (node) => (node?.type === 'binary' && node.sign === 'AND' ? [...conjuncts(node.left), ...conjuncts(node.right)] : node ? [node] : [])

function columnsIn(node, scope, found = new Set()) {
  if (Array.isArray(node)) for (const one of node) columnsIn(one, scope, found)
  else if (node && typeof node === 'object') {
    if (node.type === 'column') found.add(scope.find(node) ?? -1)
    else for (const one of Object.values(node)) columnsIn(one, scope, found)
  }
  return found
}

function join(node, left, right, env, where) {
  const width = left.columns.length
  const columns = [...left.columns, ...right.columns]
  if (node.kind === 'full' && node.using) throw wrong('sql_unsupported', node.at, { what: 'FULL JOIN … USING' })
  const sides = [scopeOf(left.columns), scopeOf(right.columns)]
  const whole = scopeOf(columns)
  const keys = []
  const rest = []
  const equal = (a, b, at) => {
    const type = common(a, b)
    if (!type) throw wrong('sql_types', at, { a: a.kind, b: b.kind })
    keys.push([widened(a, type), widened(b, type)])
  }
  for (const { name, at } of node.using ?? []) {
    const places = sides.map((scope) => scope.find({ name, table: null, at }))
    if (places.includes(null)) throw wrong('sql_no_column', at, { name, names: columns.map((column) => column.name).join(', ') })
    equal(sides[0].at(places[0]), sides[1].at(places[1]), at)
    // The column stands once; it is that of the side that keeps its rows.
    const gone = node.kind === 'right' ? places[0] : width + places[1]
    columns[gone] = { ...columns[gone], merged: true }
  }
  // An equation of the two sides is a key; true where it was one.
  const isKey = (one) => {
    if (one.type !== 'binary' || (one.sign !== '=' && one.sign !== '==')) return false
    const [a, b] = [[...columnsIn(one.left, whole)], [...columnsIn(one.right, whole)]]
    if (!a.length || !b.length) return false
    const inside = (indices) => indices.every((index) => index >= 0 && index < width)
    const outside = (indices) => indices.every((index) => index >= width)
    const mine = (each) => compile(each, sides[0])
    const theirs = (each) => compile(each, shifted(sides[1], whole, width))
    if (inside(a) && outside(b)) equal(mine(one.left), theirs(one.right), one.at)
    else if (inside(b) && outside(a)) equal(mine(one.right), theirs(one.left), one.at)
    else return false
    return true
  }
  for (const one of conjuncts(node.on)) if (!isKey(one)) rest.push(condition(compile(one, whole), one.at))
  // `FROM a, b WHERE a.x = b.x` is meant as a join; the condition is looked at again afterwards, so that nothing is lost.
  for (const one of where) {
    try {
      isKey(one)
    } catch {
      // It is about other tables, or wrong: that is told where it stands.
    }
  }
  const more = rest.length ? rest.reduce(both) : null
  const keepLeft = node.kind === 'left' || node.kind === 'full'
  const keepRight = node.kind === 'right' || node.kind === 'full'

  return {
    columns,
    async *batches(used) {
      const needed = new Set([...used, ...whole.used])
      const [mine, theirs] = [new Set(sides[0].used), new Set(sides[1].used)]
      for (const index of needed) (index < width ? mine : theirs).add(index < width ? index : index - width)
      const built = await gathered(right, theirs, env)
      sides[1].frame.cols = built.cols
      const places = keys.length ? hashed(keys.map(([, e]) => e), built.n) : null
      const everyone = places ? null : Array.from({ length: built.n }, (_, i) => i)
      const met = keepRight ? new Uint8Array(built.n) : null
      let out = null
      let pairs = 0
      const begun = () => ({ n: 0, cols: columns.map((_, index) => (needed.has(index) ? [] : undefined)) })
      const put = (cols, i, j) => {
        for (const index of needed) out.cols[index].push(index < width ? (i < 0 ? null : cols[index][i]) : j < 0 ? null : built.cols[index - width][j])
        out.n++
      }
      out = begun()
      const single = { cols: [] }
      for await (const { n, cols } of left.batches(mine)) {
        sides[0].frame.cols = cols
        for (let i = 0; i < n; i++) {
          const candidates = places ? (places.find(keys.map(([e]) => e.get(i))) ?? []) : everyone
          let any = false
          for (const j of candidates) {
            if (++pairs > env.limits.pairs && !places) throw wrong('sql_too_many_pairs', node.at, { limit: env.limits.pairs })
            if (more) {
              for (const index of whole.used) single.cols[index] = [index < width ? cols[index][i] : built.cols[index - width][j]]
              whole.frame.cols = single.cols
              if (more.get(0) !== true) continue
            }
            any = true
            if (met) met[j] = 1
            put(cols, i, j)
            if (pairs > 5 * env.limits.kept) throw wrong('sql_too_many', node.at, { limit: 5 * env.limits.kept })
          }
          if (!any && keepLeft) put(cols, i, -1)
          if (out.n >= PIECE) {
            yield out
            out = begun()
          }
        }
      }
      if (met) for (let j = 0; j < built.n; j++) if (!met[j]) put([], -1, j)
      if (out.n) yield out
    },
  }
}

// Expressions of the right side name columns by their place in the whole.
function shifted(scope, whole, width) {
  return { ...scope, find: (node, soft) => ((index) => (index === null ? null : index - width))(whole.find(node, soft)) }
}

async function gathered(source, used, env) {
  const cols = []
  for (const index of used) cols[index] = []
  let n = 0
  for await (const batch of source.batches(used)) {
    for (const index of used) {
      const to = cols[index]
      const from = batch.cols[index]
      for (let i = 0; i < batch.n; i++) to.push(from[i])
    }
    n += batch.n
    if (n > env.limits.kept) throw wrong('sql_too_many', 0, { limit: env.limits.kept })
  }
  return { n, cols }
}

/** Rows by key; a key with a missing part equals none. */
function hashed(keys, n) {
  const places = new Map()
  for (let j = 0; j < n; j++) {
    const key = oneKey(keys.map((e) => e.get(j)))
    if (key === undefined) continue
    const list = places.get(key)
    if (list) list.push(j)
    else places.set(key, [j])
  }
  return { find: (values) => places.get(oneKey(values)) }
}

function oneKey(values) {
  if (values.length === 1) return values[0] ?? undefined
  return values.includes(null) ? undefined : grouped(values)
}

/** A text that is the same for the same values, missing ones included. */
const grouped = (values) => JSON.stringify(values, (_, value) => (typeof value === 'bigint' ? { n: String(value) } : Number.isNaN(value) ? { n: 'NaN' } : value))

// ---- queries

async function run(tree, env, shown = null) {
  const inner = tree.named.length ? { ...env, queries: new Map(env.queries) } : env
  for (const { name, query: one } of tree.named) {
    const before = { ...inner, queries: new Map(inner.queries) }
    let found = null
    inner.queries.set(name.toLowerCase(), () => (found ??= run(one, before)))
  }
  const { body, order, limit, offset } = tree
  if (body.type === 'select') return select(body, { order, limit, offset, shown }, inner)
  const all = body.type === 'union' ? await union(body, inner) : await run(body, inner)
  return finished(all, { order, limit, offset }, inner)
}

async function union(node, env) {
  const side = (one) => (one.type === 'select' ? select(one, { order: [], limit: null, offset: 0 }, env) : one.type === 'union' ? union(one, env) : run(one, env))
  const [left, right] = [await side(node.left), await side(node.right)]
  if (left.columns.length !== right.columns.length) throw wrong('sql_union', node.at, { left: left.columns.length, right: right.columns.length })
  const data = left.columns.map((column, c) => {
    const type = common(column, right.columns[c])
    if (!type) throw wrong('sql_types', node.at, { a: column.kind, b: right.columns[c].kind })
    left.columns[c] = { ...type, name: column.name, get: undefined }
    const as = (found, of) => {
      const e = widened({ ...of, get: (i) => found.data[c][i] }, type)
      return Array.from({ length: found.count }, (_, i) => e.get(i))
    }
    return [...as(left, column), ...as(right, right.columns[c])]
  })
  const all = { columns: left.columns, data, count: left.count + right.count }
  return node.all ? all : picked(all, different(all))
}

function different({ data, count }) {
  const seen = new Set()
  return Array.from({ length: count }, (_, i) => i).filter((i) => {
    const key = grouped(data.map((column) => column[i]))
    return !seen.has(key) && seen.add(key)
  })
}

const picked = ({ columns, data }, rows) => ({ columns, data: data.map((column) => rows.map((i) => column[i])), count: rows.length })

/** Ordered and cut: of rows whose sort keys are their own columns. */
async function finished(all, { order, limit, offset }, env) {
  const scope = scopeOf(all.columns)
  scope.frame.cols = all.data
  const keys = []
  for (const { expression, ...way } of order) {
    await ready(expression, env)
    const place = position(expression, all.columns.length)
    keys.push({ ...way, e: place === null ? compile(expression, scope) : scope.at(place) })
  }
  const rows = sorted(all.count, keys)
  return picked(all, rows.slice(offset, limit === null ? undefined : offset + limit))
}

function position(node, count) {
  if (node.type !== 'literal' || node.kind !== 'number') return null
  const place = Number(node.value)
  if (!Number.isInteger(place) || place < 1 || place > count) throw wrong('sql_position', node.at, { count })
  return place - 1
}

function sorted(count, keys) {
  const rows = Array.from({ length: count }, (_, i) => i)
  if (!keys.length) return rows
  const values = keys.map(({ e }) => rows.map((i) => e.get(i)))
  return rows.sort((a, b) => {
    for (let k = 0; k < keys.length; k++) {
      const way = inOrder(keys[k], values[k][a], values[k][b])
      if (way) return way
    }
    return a - b
  })
}

function inOrder({ down, first }, x, y) {
  if (x === null || y === null) return x === y ? 0 : (x === null) === first ? -1 : 1
  const way = compare(x, y)
  return down ? -way : way
}

/** Subqueries within expressions are answered before: they may not name columns of the query around them. */
async function ready(node, env) {
  if (!node || typeof node !== 'object') return
  if (node.query && (node.type === 'in' || node.type === 'scalar') && !node.ready) {
    const found = await run(node.query, env)
    if (found.columns.length !== 1) throw wrong('sql_one_column', node.at)
    if (node.type === 'scalar' && found.count > 1) throw wrong('sql_one_row', node.at)
    const { kind, scale, utc } = found.columns[0]
    node.ready = node.type === 'in' ? { type: { kind, scale, utc }, values: [...new Set(found.data[0])] } : { type: { kind, scale, utc }, value: found.data[0][0] ?? null }
    if (node.type === 'in') await ready(node.value, env)
    return
  }
  for (const one of Array.isArray(node) ? node : Object.values(node)) if (one && typeof one === 'object') await ready(one, env)
}

// Queries within are another matter.
const contains = (node, test) => Boolean(node) && typeof node === 'object' && node.type !== 'query' && (test(node) || (Array.isArray(node) ? node : Object.values(node)).some((one) => contains(one, test)))

const LATER = 20_000 // rows: so few are found first, by the columns that decide, and read afterwards
const FEW = 200 // rows that may be looked for by the bounds of pages

/** The numbers of the first `wanted` rows that pass, in order. */
async function passing({ source, scope, where, keys, filtering, deciding, hints, wanted }) {
  const order = (a, b) => {
    for (let k = 0; k < keys.length; k++) {
      const way = inOrder(keys[k], a.keys[k], b.keys[k])
      if (way) return way
    }
    return a.id - b.id
  }
  // Those of a batch that pass, and come before `last` where that is given.
  const rows = ({ n, cols, start }, most = Infinity, last = null) => {
    const out = []
    scope.frame.cols = cols
    for (let i = 0; i < n && out.length < most; i++) {
      if (where && where.get(i) !== true) continue
      const row = { id: start + i, keys: keys.map(({ by }) => by.get(i)) }
      if (!last || order(row, last) < 0) out.push(row)
    }
    return out
  }
  const found = (await bestFirst({ source, keys, filtering, deciding, wanted, order, rows })) ?? (keys.length ? await best() : await first())
  return found.map(({ id }) => id)

  async function first() {
    const out = []
    for await (const batch of source.batches(filtering, hints)) {
      out.push(...rows(batch, wanted - out.length))
      if (out.length >= wanted) break
    }
    return out
  }

  async function best() {
    let out = []
    for await (const batch of ordering()) {
      out = out.concat(rows(batch, Infinity, out.length === wanted ? out[wanted - 1] : null))
      if (out.length >= wanted) out = out.sort(order).slice(0, wanted)
    }
    return out.sort(order)
  }

  // What an order needs of rows that pass is read where they are, when they are few.
  async function* ordering() {
    const more = [...deciding].filter((index) => !filtering.has(index))
    if (!where || !more.length) return yield* source.batches(deciding, hints)
    for await (const batch of source.batches(filtering, hints)) {
      scope.frame.cols = batch.cols
      const ids = []
      for (let i = 0; i < batch.n; i++) if (where.get(i) === true) ids.push(batch.start + i)
      const cols = [...batch.cols]
      await Promise.all(more.map(async (index) => (cols[index] = spread(await valuesOf(source.table, source.table.columns[index].name, ids), ids, batch))))
      yield { ...batch, cols }
    }
  }
}

/** Values of single rows at their places in a batch. */
function spread(values, ids, { n, start }) {
  const out = new Array(n)
  ids.forEach((id, place) => (out[id - start] = values[place]))
  return out
}

async function bestFirst({ source: { table }, keys: [key, ...more], filtering, deciding, wanted, order, rows }) {
  const column = table.columns[key?.index ?? -1]
  // Conditions on other columns would have to be read along, for rows that may not count.
  if (!column || [...filtering].some((index) => index !== key.index) || key.first || !BOUNDED.has(column.kind) || wanted > FEW || table.groups.length < 2) return null
  const names = [...deciding].map((index) => table.columns[index].name)
  const take = async ({ group, from, to }, last) => {
    const values = await columnsOf(table, group, [from, to], names)
    const cols = []
    for (const [c, index] of [...deciding].entries()) cols[index] = values[c]
    return rows({ n: to - from, cols, start: group.start + from }, Infinity, last).filter(({ keys: [first] }) => first !== null)
  }
  return firstBy(table, column, { wanted, down: key.down, alone: !more.length, order, take })
}

const NOTHING = { columns: [], count: 1, async *batches() { yield { n: 1, cols: [] } } }

async function select(node, { order, limit, offset, shown = null }, env) {
  const source = node.from ? await relation(node.from, env, conjuncts(node.where)) : NOTHING
  for (const part of [node.items, node.where, node.group, node.having, order]) await ready(part, env)
  const scope = scopeOf(source.columns)
  const items = node.items.flatMap((item) => {
    if (item.type !== 'star') return [item]
    const found = source.columns.flatMap((column, index) => (!column.merged && (item.table === null || column.table?.toLowerCase() === item.table.toLowerCase()) ? [{ type: 'item', index, alias: column.name, at: item.at }] : []))
    if (!found.length) throw wrong(item.table ? 'sql_no_table' : 'sql_no_from', item.at, { name: item.table, names: env.names.join(', ') })
    return found
  })
  const called = (item) => item.alias ?? (item.expression.type === 'column' ? item.expression.name : textOf(item.expression))
  const aliased = (name) => items.find((item) => item.alias && item.expression && item.alias.toLowerCase() === name.toLowerCase())
  let resolving = 0
  const useAliases = (one, of = one) => {
    one.alias = (column) => {
      const item = column.table === null ? aliased(column.name) : null
      if (!item || resolving > 20) return null
      resolving++
      const made = compile(item.expression, of)
      resolving--
      return made
    }
    return one
  }
  useAliases(scope)
  if (contains(node.where, isAggregate)) throw wrong('sql_aggregate', node.where.at, { name: 'WHERE' })
  const where = node.where ? condition(compile(node.where, scope), node.where.at) : null
  const hints = node.from?.type === 'table' ? hintsOf(node.where, scope) : []
  const summed = node.group || node.having || contains(items, isAggregate) || contains(order, isAggregate)
  const found = summed ? await summary() : await plain()
  return found

  async function plain() {
    const filtering = new Set(scope.used)
    const own = (item) => (item.expression ? compile(item.expression, scope) : scope.at(item.index))
    const keys = order.map(({ expression, ...way }) => {
      const place = position(expression, items.length)
      const item = expression.type === 'column' && expression.table === null ? items.findIndex((one) => one.alias && one.alias.toLowerCase() === expression.name.toLowerCase()) : -1
      if (place !== null || item >= 0) return { ...way, column: place ?? item }
      const match = items.findIndex((one) => one.expression && keyOf(one.expression, scope) === keyOf(expression, scope))
      if (match >= 0) return { ...way, column: match }
      if (node.distinct) throw wrong('sql_distinct_order', expression.at)
      return { ...way, e: compile(expression, scope) }
    })
    for (const [k, key] of keys.entries()) {
      const item = key.e ? { expression: order[k].expression } : items[key.column]
      key.by = key.e ?? own(item)
      key.index = item.expression ? (item.expression.type === 'column' ? scope.find(item.expression, true) : null) : item.index
    }
    const deciding = new Set(scope.used)
    const columns = items.map(own)
    const named = items.map((item, c) => ({ ...plainType(columns[c]), name: called(item) }))
    const wanted = Math.min(limit === null ? Infinity : offset + limit, shown === null ? Infinity : offset + shown + 1)
    if (source.table && !node.distinct && (where || keys.length) && wanted <= LATER) {
      const ids = await passing({ source, scope, where, keys, filtering, deciding, hints, wanted })
      return shownOf(ids.slice(offset), columns, named)
    }
    const data = columns.map(() => [])
    const extra = keys.map(() => [])
    const seen = node.distinct ? new Set() : null
    const enough = keys.length ? Infinity : wanted
    let count = 0
    const take = ({ n, cols }) => {
      scope.frame.cols = cols
      for (let i = 0; i < n && count < enough; i++) {
        if (where && where.get(i) !== true) continue
        const row = columns.map(({ get }) => get(i))
        if (seen) {
          const key = grouped(row)
          if (seen.has(key)) continue
          seen.add(key)
        }
        for (let c = 0; c < row.length; c++) data[c].push(row[c])
        for (let k = 0; k < keys.length; k++) if (keys[k].e) extra[k].push(keys[k].e.get(i))
        if (++count > env.limits.kept) throw wrong('sql_too_many', node.at, { limit: env.limits.kept })
      }
    }
    if (source.head && enough <= 5_000 && !where && !seen) take(await source.head(scope.used, enough))
    else for await (const batch of source.batches(scope.used, hints)) {
      take(batch)
      if (count >= enough) break
    }
    const all = { columns: named, data, count }
    const rows = sorted(count, keys.map((key, k) => ({ ...key, e: { get: (i) => (key.e ? extra[k][i] : data[key.column][i]) } })))
    return picked(all, rows.slice(offset, limit === null ? undefined : offset + limit))
  }

  // The rows are known: only now is read what they show, and only there.
  async function shownOf(ids, columns, named) {
    const places = Array.from(ids, (_, n) => n).sort((a, b) => ids[a] - ids[b])
    const ascending = places.map((n) => ids[n])
    const at = new Array(ids.length)
    places.forEach((n, place) => (at[n] = place))
    const cols = []
    await Promise.all([...scope.used].map(async (index) => (cols[index] = await valuesOf(source.table, source.table.columns[index].name, ascending))))
    scope.frame.cols = cols
    return { columns: named, data: columns.map(({ get }) => at.map((place) => get(place))), count: ids.length }
  }

  async function summary() {
    const groupNodes = node.group === 'all' ? items.filter((item) => !contains(item.expression, isAggregate)).map((item) => item.expression ?? { type: 'column', table: source.columns[item.index].table, name: source.columns[item.index].name, at: item.at }) : (node.group ?? []).map((one) => {
      const place = position(one, items.length)
      if (place !== null) return items[place].expression ?? wrongStar(items[place])
      if (one.type === 'column' && one.table === null && scope.find(one, true) === null) return aliased(one.name)?.expression ?? one
      return one
    })
    for (const one of groupNodes) if (contains(one, isAggregate)) throw wrong('sql_aggregate', one.at, { name: 'GROUP BY' })
    const groups = groupNodes.map((one) => compile(one, scope))
    const calls = new Map()
    const asked = new Map() // how each stands in the query
    const collect = (part) => contains(part, (one) => {
      if (!isAggregate(one)) return false
      if (one.args.some((arg) => contains(arg, isAggregate))) throw wrong('sql_nested', one.at, { name: one.name })
      const key = keyOf(one, scope)
      if (!calls.has(key)) {
        calls.set(key, aggregate(one, scope, compile))
        asked.set(key, one)
      }
      return false
    })
    for (const part of [items, node.having, order]) collect(part)
    const how = [...calls.values()]
    const table = new Map()
    const start = (values) => ({ values, states: how.map((one) => one.start()) })
    if (!groups.length) table.set(undefined, start([]))
    const bare = !groups.length && !where && !scope.used.size && how.every(({ type }) => type.kind === 'integer')
    const entryOf = (i) => {
      const key = groups.length === 0 ? undefined : groups.length === 1 ? groups[0].get(i) : grouped(groups.map(({ get }) => get(i)))
      let entry = table.get(key)
      if (!entry) {
        table.set(key, (entry = start(groups.map(({ get }) => get(i)))))
        if (table.size > env.limits.kept / 2) throw wrong('sql_too_many', node.at, { limit: env.limits.kept / 2 })
      }
      return entry
    }
    const consume = ({ n, cols }) => {
      scope.frame.cols = cols
      for (let i = 0; i < n; i++) {
        if (where && where.get(i) !== true) continue
        const entry = entryOf(i)
        for (let k = 0; k < how.length; k++) how[k].step(entry.states[k], i)
      }
    }
    const list = groups.length || where || scope.used.size ? await enough() : undefined
    // Counting rows alone asks for no column at all.
    if (list) added(list)
    else if (bare && source.count !== undefined && !contains(items, (one) => one.filter)) consume({ n: source.count, cols: [] })
    else for await (const batch of source.batches(scope.used, hints)) consume(batch)

    // The totals that know all that is asked, if there are any.
    async function enough() {
      if (!source.totals) return undefined
      const indexOf = (column) => scope.find(column, true)
      const fine = finest([node.where, groupNodes], indexOf)
      const measures = []
      for (const [key, one] of calls) {
        const call = asked.get(key)
        finest(call.filter, indexOf, fine)
        const told = TOLD[call.name]
        if (told && !call.distinct && call.args[0]?.type === 'column') measures.push(...told.map((how) => ({ index: indexOf(call.args[0]), how })))
        else if (one.many || call.distinct) finest(call.args, indexOf, fine)
        else return undefined
      }
      return (await source.totals())?.find(fine, measures)
    }

    function added({ n, rows, cols, parts }) {
      scope.frame.cols = cols
      const told = [...calls.keys()].map((key) => {
        const { name, distinct, args } = asked.get(key)
        const column = TOLD[name] && !distinct && args[0]?.type === 'column' ? parts.get(scope.find(args[0], true)) : null
        return column && ((i) => ({ count: column.count[i], sum: column.sum?.[i], min: column.min?.[i], max: column.max?.[i] }))
      })
      for (let i = 0; i < n; i++) {
        if (where && where.get(i) !== true) continue
        const entry = entryOf(i)
        for (let k = 0; k < how.length; k++) how[k].merge(entry.states[k], i, rows[i], told[k]?.(i))
      }
    }

    const entries = [...table.values()]
    const slots = new Map()
    groupNodes.forEach((one, g) => slots.set(keyOf(one, scope), { ...plainType(groups[g]), get: (i) => entries[i].values[g], constant: false }))
    const ended = how.map((one) => entries.map(({ states }, i) => one.end(states[calls.size ? how.indexOf(one) : 0], i)))
    ;[...calls.entries()].forEach(([key, one], k) => slots.set(key, { ...one.type, get: (i) => ended[k][i], constant: false }))
    const after = { ...scope, slots, column: (column) => outside(column) }
    const outside = (column) => {
      if (scope.find(column, true) !== null) throw wrong('sql_not_grouped', column.at, { name: column.name })
      const item = column.table === null ? aliased(column.name) : null
      if (item) return compile(item.expression, after)
      return scope.column(column)
    }
    const columns = items.map((item) => compile(item.expression ?? { type: 'column', table: source.columns[item.index].table, name: source.columns[item.index].name, at: item.at }, after))
    const having = node.having ? condition(compile(node.having, after), node.having.at) : null
    let rows = entries.map((_, i) => i)
    if (having) rows = rows.filter((i) => having.get(i) === true)
    const keys = order.map(({ expression, ...way }) => {
      const place = position(expression, items.length)
      const named = expression.type === 'column' && expression.table === null ? items.findIndex((one) => one.alias && one.alias.toLowerCase() === expression.name.toLowerCase()) : -1
      const chosen = place ?? (named >= 0 ? named : null)
      return { ...way, e: chosen === null ? compile(expression, after) : columns[chosen] }
    })
    const data = columns.map(({ get }) => rows.map(get))
    const all = { columns: items.map((item, c) => ({ ...plainType(columns[c]), name: called(item) })), data, count: rows.length }
    if (node.distinct) {
      if (keys.some(({ e }) => !columns.includes(e))) throw wrong('sql_distinct_order', node.at)
      const once = different(all)
      const sortedRows = sorted(once.length, keys.map((key) => ({ ...key, e: { get: (i) => data[columns.indexOf(key.e)][once[i]] } })))
      return picked(all, sortedRows.slice(offset, limit === null ? undefined : offset + limit).map((i) => once[i]))
    }
    const order2 = sorted(rows.length, keys.map((key) => ({ ...key, e: { get: (i) => key.e.get(rows[i]) } })))
    return picked(all, order2.slice(offset, limit === null ? undefined : offset + limit))
  }
}

/** What has to be known of a column for an aggregate of it. */
const TOLD = { count: ['count'], sum: ['sum'], avg: ['count', 'sum'], mean: ['count', 'sum'], min: ['min'], max: ['max'] }

const plainType = ({ kind, scale, utc }) => ({ kind, scale, utc })

function wrongStar(item) {
  throw wrong('sql_unsupported', item.at, { what: 'GROUP BY *' })
}

/** What a column is called that has no name: short, and such that it can be told from its neighbours. */
function textOf(node) {
  switch (node.type) {
    case 'column': return node.name
    case 'literal': return node.value === null ? 'NULL' : String(node.value)
    case 'call': return `${node.name}(${node.star ? '*' : (node.distinct ? 'DISTINCT ' : '') + node.args.map(textOf).join(', ')})`
    case 'binary': return `${textOf(node.left)} ${node.sign} ${textOf(node.right)}`
    case 'cast': return textOf(node.value)
    case 'negative': return `-${textOf(node.value)}`
    default: return node.type
  }
}

/** Conditions on a column and a value, which tell by a row group's bounds that nothing in it can pass. */
function hintsOf(where, scope) {
  const found = []
  for (const node of conjuncts(where)) {
    const between = node.type === 'between'
    if (!between && (node.type !== 'binary' || !['=', '<', '<=', '>', '>='].includes(node.sign))) continue
    const [one, sign] = between || node.left.type === 'column' ? [between ? node.value : node.left, between ? '' : node.sign] : [node.right, { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' }[node.sign]]
    if (one.type !== 'column') continue
    const index = scope.find(one, true)
    if (index === null) continue
    const column = scope.columns[index]
    const low = bound(between ? node.low : node.left === one ? node.right : node.left, column, -1)
    const high = bound(between ? node.high : node.left === one ? node.right : node.left, column, 1)
    if (low === null || high === null) continue
    const reach = { '=': true, '>': true, '>=': true, '': true }[sign]
    const cap = { '=': true, '<': true, '<=': true, '': true }[sign]
    found.push({ index, may: ({ min, max, nulls, rows }) => nulls !== rows && (min === undefined || max === undefined || ((!reach || compare(max, low) >= 0) && (!cap || compare(min, high) <= 0))) })
  }
  return found
}

function bound(node, column, way) {
  if (node.type === 'negative' && node.value.type === 'literal') {
    const value = bound(node.value, column, -way)
    return value === null || typeof value === 'string' ? null : typeof value === 'bigint' ? -value : 0 - value
  }
  if (node.type === 'cast' && (node.to.name === 'DATE' || node.to.name === 'TIMESTAMP')) return column.kind === 'date' || column.kind === 'moment' ? bound(node.value, column, way) : null
  if (node.type !== 'literal' || node.value === null) return null
  if (column.kind === 'text') return node.kind === 'text' ? node.value : null
  if (column.kind === 'date') return node.kind === 'text' ? parsedDate(node.value) : null
  if (column.kind === 'moment') return node.kind === 'text' ? parsedMoment(node.value) : null
  if (node.kind !== 'number') return null
  const exact = exactNumber(node.value)
  if (!exact) return null
  if (column.kind === 'double') return Number(node.value)
  return column.kind === 'integer' || column.kind === 'decimal' ? rescaled(exact.value, exact.scale, column.scale ?? 0, way) : null
}

export { functionNames }
