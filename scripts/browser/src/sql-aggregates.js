// Aggregates: what is kept for a group, what a value does to it, and what comes of it in the end.
import { condition, plus, times } from './sql-operators.js'
import { wrong } from './sql-parse.js'
import { asDouble, BOOLEAN, decimal, DOUBLE, exact, INTEGER, literal, numeric, places } from './sql-types.js'
import { compare, ten, whole } from './values.js'

function exactMean(sum, count, scale) {
  const divisor = ten(scale) * BigInt(count)
  if (typeof sum === 'number' && divisor <= BigInt(Number.MAX_SAFE_INTEGER)) return sum / Number(divisor)
  const big = BigInt(sum)
  const shown = (big * ten(25)) / divisor
  return Number(`${shown}e-25`)
}

// Neumaier's sum: the error of each addition is carried along.
const floatSum = {
  start: () => ({ sum: 0, lost: 0, count: 0 }),
  step(group, value) {
    const next = group.sum + value
    group.lost += Math.abs(group.sum) >= Math.abs(value) ? group.sum - next + value : value - next + group.sum
    group.sum = next
    group.count++
  },
  total: ({ sum, lost }) => (Number.isFinite(sum) ? sum + lost : sum),
}

const exactSum = {
  start: () => ({ sum: 0, large: 0n, count: 0 }),
  step: (group, value) => exactSum.add(group, value, 1),
  weigh: (group, value, weight) => exactSum.add(group, times(value, weight), weight),
  merge: (group, { sum, count }) => sum !== null && exactSum.add(group, sum, count),
  add(group, value, count) {
    const next = typeof value === 'number' ? group.sum + value : NaN
    if (Number.isSafeInteger(next)) group.sum = next
    else {
      group.large += BigInt(group.sum) + BigInt(value)
      group.sum = 0
    }
    group.count += count
  },
  total: ({ sum, large }) => whole(large + BigInt(sum)),
}

const summing = (e) => (exact(e) ? exactSum : floatSum)

const AGGREGATES = {
  count: () => ({
    type: INTEGER,
    start: () => ({ count: 0 }),
    step: (group) => group.count++,
    weigh: (group, _, weight) => (group.count += weight),
    merge: (group, { count }) => (group.count += count),
    end: ({ count }) => count,
  }),
  sum: (e) => ({ type: exact(e) ? decimal(places(e)) : DOUBLE, ...summing(e), end: (group) => (group.count ? summing(e).total(group) : null) }),
  avg: (e) => ({
    type: DOUBLE,
    ...summing(e),
    end: (group) => (group.count ? (exact(e) ? exactMean(exactSum.total(group), group.count, places(e)) : floatSum.total(group) / group.count) : null),
  }),
  min: (e) => best(e, -1),
  max: (e) => best(e, 1),
  median: (e) => ({
    type: DOUBLE,
    start: () => [],
    step: (group, value) => group.push(value),
    end: (group) => {
      if (!group.length) return null
      group.sort(compare)
      const middle = group.length >> 1
      if (group.length % 2) return exact(e) ? asDouble(group[middle], places(e)) : group[middle]
      const two = [group[middle - 1], group[middle]]
      return exact(e) ? exactMean(plus(...two), 2, places(e)) : (two[0] + two[1]) / 2
    },
  }),
  first: (e) => ({ type: e, start: () => ({}), step: (group, value) => (group.value ??= value), end: ({ value = null }) => value }),
}
AGGREGATES.bool_and = (e) => truth(e, false)
AGGREGATES.bool_or = (e) => truth(e, true)
AGGREGATES.mean = AGGREGATES.avg
AGGREGATES.any_value = AGGREGATES.first

// One value decides: false for "all", true for "any".
function truth(e, decisive) {
  const step = (group, value) => (group.value = value === decisive ? decisive : (group.value ?? value))
  return { type: BOOLEAN, start: () => ({ value: null }), step, weigh: step, end: ({ value }) => value }
}

function best(e, way) {
  const step = (group, value) => {
    if (group.value === null || compare(value, group.value) * way > 0) group.value = value
  }
  return {
    type: e,
    start: () => ({ value: null }),
    step,
    weigh: step,
    merge: (group, { min, max }) => ((value) => value !== null && step(group, value))(way < 0 ? min : max),
    end: ({ value }) => value,
  }
}

export const isAggregate = (node) => node.type === 'call' && Object.hasOwn(AGGREGATES, node.name)

/** An aggregate over `scope`: its type, and the functions of its groups. `compile` is that of sql-expressions.js. */
export function aggregate(node, scope, compile) {
  const filter = node.filter ? condition(compile(node.filter, scope), node.filter.at) : null
  const count = node.name === 'count'
  if (node.star && !count) throw wrong('sql_arguments', node.at, { name: node.name, count: 0 })
  const bare = count && !node.args.length
  if (!bare && node.args.length !== 1) throw wrong('sql_arguments', node.at, { name: node.name, count: node.args.length })
  const e = bare ? literal(BOOLEAN, true) : compile(node.args[0], scope)
  if (['sum', 'avg', 'mean', 'median'].includes(node.name) && !numeric(e) && e.kind !== 'null') throw wrong('sql_argument', node.at, { name: node.name, kind: e.kind, wanted: 'number' })
  if (node.name.startsWith('bool_')) condition(e, node.at)
  const how = AGGREGATES[node.name](e)
  const { kind, scale, utc } = how.type
  const step = (state, i, put) => {
    if (filter && filter.get(i) !== true) return
    const value = e.get(i)
    if (value === null) return
    if (state.seen) {
      if (state.seen.has(value)) return
      state.seen.add(value)
      how.step(state.group, value)
    } else put(state.group, value)
  }
  return {
    type: { kind, scale, utc },
    start: () => ({ group: how.start(), seen: node.distinct ? new Set() : null }),
    step: (state, i) => step(state, i, how.step),
    /** Whether a value can count for several rows, and what is known of many be added. */
    many: Boolean(how.weigh),
    /** A row that stands for `weight` rows; where their values differ, `part` is what is known of them. */
    merge(state, i, weight, part) {
      if (!part) step(state, i, (group, value) => how.weigh(group, value, weight))
      else if (!filter || filter.get(i) === true) how.merge(state.group, part)
    },
    end: (state) => how.end(state.group),
  }
}
