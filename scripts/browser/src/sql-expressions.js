// From the tree of an expression to functions of a row's number.
import { isAggregate } from './sql-aggregates.js'
import { chosen, FUNCTIONS, need, take } from './sql-functions.js'
import { arithmetic, both, comparison, condition, either, minus, pattern, TESTS } from './sql-operators.js'
import { wrong } from './sql-parse.js'
import { BOOLEAN, cast, common, decimal, DOUBLE, exact, literal, made, pair, places, TEXT, typeOf, widened } from './sql-types.js'
import { compare, exactNumber } from './values.js'

/** How an expression is written in one way: equal texts mean equal values in `scope`. */
export function keyOf(node, scope) {
  return JSON.stringify(node, (name, value) => {
    if (name === 'at' || name === 'ready') return undefined
    if (value?.type === 'column') {
      const index = scope.find(value, true)
      return index === null ? `?${value.table}.${value.name}` : `#${index}`
    }
    return value
  })
}

/**
 * `scope` finds columns: `find(node)` gives an index, `column(index)` its expression. `slots` hold what is computed
 * already: groups and aggregates. `inner` is true where an alias of the select list may be meant.
 */
export function compile(node, scope) {
  const slot = scope.slots?.get(keyOf(node, scope))
  if (slot) return slot
  const sub = (one) => compile(one, scope)
  switch (node.type) {
    case 'literal': {
      if (node.kind === 'null') return literal({ kind: 'null' }, null)
      if (node.kind !== 'number') return literal({ kind: node.kind }, node.value)
      if (/e/i.test(node.value)) return literal(DOUBLE, Number(node.value))
      const { value, scale } = exactNumber(node.value)
      return literal(decimal(scale), value)
    }
    case 'column': return scope.column(node)
    case 'not': {
      const e = condition(sub(node.value), node.at)
      return made(BOOLEAN, (i) => ((v) => (v === null ? null : !v))(e.get(i)), e)
    }
    case 'negative': {
      const e = sub(node.value)
      if (e.kind === 'double') return take((v) => -v, DOUBLE, e)
      if (!exact(e) && e.kind !== 'null') throw wrong('sql_types', node.at, { a: e.kind, b: 'number' })
      return take(minus, decimal(places(e)), e)
    }
    case 'binary': {
      const [a, b] = [sub(node.left), sub(node.right)]
      if (node.sign === 'AND') return both(condition(a, node.left.at), condition(b, node.right.at))
      if (node.sign === 'OR') return either(condition(a, node.left.at), condition(b, node.right.at))
      if (node.sign === '||') return take((x, y) => x + y, TEXT, cast(a, TEXT, node.at, false), cast(b, TEXT, node.at, false))
      return TESTS[node.sign] ? comparison(node.sign, a, b, node.at) : arithmetic(node.sign, a, b, node.at)
    }
    case 'null': {
      const e = sub(node.value)
      return made(BOOLEAN, (i) => e.get(i) === null, e)
    }
    case 'same': {
      const [a, b] = pair(sub(node.left), sub(node.right), node.at)
      return made(BOOLEAN, (i) => {
        const [x, y] = [a.get(i), b.get(i)]
        return x === null || y === null ? x === y : compare(x, y) === 0
      }, a, b)
    }
    case 'between': return both(comparison('>=', sub(node.value), sub(node.low), node.at), comparison('<=', sub(node.value), sub(node.high), node.at))
    case 'in': return membership(node, scope)
    case 'like': {
      const [e, p] = need([sub(node.value), sub(node.pattern)], { name: 'LIKE', at: node.at }, 'text', 'text')
      if (p.constant) {
        const text = p.get(0)
        const regexp = text === null ? null : pattern(text, node.fold, node.escape)
        return take((s) => regexp.test(s), BOOLEAN, e, p)
      }
      return take((s, t) => pattern(t, node.fold, node.escape).test(s), BOOLEAN, e, p)
    }
    case 'cast': return cast(sub(node.value), typeOf(node.to), node.at, node.soft)
    case 'case': return selection(node, scope)
    case 'scalar': return literal(node.ready.type, node.ready.value)
    case 'call': {
      if (isAggregate(node)) throw wrong(scope.slots ? 'sql_nested' : 'sql_aggregate', node.at, { name: node.name })
      if (!Object.hasOwn(FUNCTIONS, node.name)) throw wrong('sql_function', node.at, { name: node.name })
      if (node.star || node.distinct || node.filter) throw wrong('sql_arguments', node.at, { name: node.name, count: 0 })
      return FUNCTIONS[node.name](node.args.map(sub), node)
    }
    default: throw wrong('sql_unsupported', node.at, { what: node.type })
  }
}

function membership(node, scope) {
  const e = compile(node.value, scope)
  const options = node.query ? node.ready.values.map((value) => literal(node.ready.type, value)) : node.options.map((one) => compile(one, scope))
  if (!options.length) return literal(BOOLEAN, false)
  if (options.every(({ constant }) => constant)) {
    const pairs = options.map((option) => pair(e, option, node.at))
    // One form for all: the largest scale, or doubles.
    let type = pairs[0][0]
    for (const [x] of pairs) type = common(type, x)
    const values = new Set(pairs.map(([, y]) => widened(y, type).get(0)))
    const holes = values.delete(null)
    const x = widened(pairs[0][0].kind === e.kind ? e : pairs[0][0], type)
    return made(BOOLEAN, (i) => {
      const value = x.get(i)
      if (value === null) return null
      return values.has(value) ? true : holes ? null : false
    }, e)
  }
  return options.map((option) => comparison('=', e, option, node.at)).reduce(either)
}

function selection(node, scope) {
  const sub = (one) => compile(one, scope)
  const subject = node.subject ? sub(node.subject) : null
  const tests = node.whens.map(({ condition: one }) => (subject ? comparison('=', subject, sub(one), one.at) : condition(sub(one), one.at)))
  const results = [...node.whens.map(({ result }) => sub(result)), node.otherwise ? sub(node.otherwise) : literal({ kind: 'null' }, null)]
  const [type, options] = chosen(results, node)
  return made(type, (i) => {
    for (let n = 0; n < tests.length; n++) if (tests[n].get(i) === true) return options[n].get(i)
    return options[tests.length].get(i)
  }, ...tests, ...options)
}
