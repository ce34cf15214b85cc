// Operators of SQL as functions of a row's number. `null` goes through everything, and conditions have three values, as the
// standard says.
import { wrong } from './sql-parse.js'
import { BOOLEAN, common, DATE, decimal, DOUBLE, INTEGER, made, numeric, pair, places, widened } from './sql-types.js'
import { compare, whole } from './values.js'

const guarded = (a, b, f) => (i) => {
  const x = a.get(i)
  if (x === null) return null
  const y = b.get(i)
  return y === null ? null : f(x, y)
}

/** The sum of two exact numbers of the same scale. */
export function plus(x, y) {
  if (typeof x === 'number' && typeof y === 'number') {
    const sum = x + y
    if (Number.isSafeInteger(sum)) return sum
  }
  return whole(BigInt(x) + BigInt(y))
}

export function times(x, y) {
  if (typeof x === 'number' && typeof y === 'number') {
    const product = x * y
    if (Number.isSafeInteger(product)) return product
  }
  return whole(BigInt(x) * BigInt(y))
}

export const minus = (x) => (typeof x === 'number' ? 0 - x : whole(-x))

export function arithmetic(sign, a, b, at) {
  if (sign === '-' && a.kind === 'date' && b.kind === 'date') return made(INTEGER, guarded(a, b, (x, y) => x - y), a, b)
  if ((sign === '-' || sign === '+') && a.kind === 'date' && b.kind === 'integer') return made(DATE, guarded(a, b, (x, y) => (sign === '+' ? x + y : x - y)), a, b)
  if (sign === '+' && b.kind === 'date' && a.kind === 'integer') return arithmetic('+', b, a, at)
  for (const e of [a, b]) if (!numeric(e) && e.kind !== 'null') throw wrong('sql_types', at, { a: a.kind, b: b.kind })
  const zero = () => {
    throw wrong('sql_zero', at)
  }
  if (sign === '/' || a.kind === 'double' || b.kind === 'double') {
    const [x, y] = [widened(a, DOUBLE), widened(b, DOUBLE)]
    if (sign === '//') throw wrong('sql_types', at, { a: a.kind, b: b.kind })
    const f = { '+': (p, q) => p + q, '-': (p, q) => p - q, '*': (p, q) => p * q, '/': (p, q) => (q === 0 ? zero() : p / q), '%': (p, q) => (q === 0 ? zero() : p % q) }[sign]
    return made(DOUBLE, guarded(x, y, f), a, b)
  }
  if (sign === '*') return made(decimal(places(a) + places(b)), guarded(a, b, times), a, b)
  if (sign === '//' && (places(a) || places(b))) throw wrong('sql_types', at, { a: a.kind, b: b.kind })
  const type = common(a, b)
  const [x, y] = [widened(a, type), widened(b, type)]
  const f = {
    '+': plus,
    '-': (p, q) => plus(p, minus(q)),
    '//': (p, q) => (q ? whole(BigInt(p) / BigInt(q)) : zero()),
    '%': (p, q) => (q ? whole(BigInt(p) % BigInt(q)) : zero()),
  }[sign]
  return made(type, guarded(x, y, f), a, b)
}

export const TESTS = { '=': (n) => n === 0, '==': (n) => n === 0, '<>': (n) => n !== 0, '!=': (n) => n !== 0, '<': (n) => n < 0, '<=': (n) => n <= 0, '>': (n) => n > 0, '>=': (n) => n >= 0 }

export function comparison(sign, a, b, at) {
  const [x, y] = pair(a, b, at)
  const test = TESTS[sign]
  return made(BOOLEAN, guarded(x, y, (p, q) => test(compare(p, q))), a, b)
}

export function both(a, b) {
  return made(BOOLEAN, (i) => {
    const x = a.get(i)
    if (x === false) return false
    const y = b.get(i)
    return y === false ? false : x === null || y === null ? null : true
  }, a, b)
}

export function either(a, b) {
  return made(BOOLEAN, (i) => {
    const x = a.get(i)
    if (x === true) return true
    const y = b.get(i)
    return y === true ? true : x === null || y === null ? null : false
  }, a, b)
}

export function condition(e, at) {
  if (e.kind === 'null') return { ...e, ...BOOLEAN }
  if (e.kind !== 'boolean') throw wrong('sql_condition', at, { kind: e.kind })
  return e
}

export function pattern(text, fold, escape) {
  let out = ''
  const signs = Array.from(text)
  for (let n = 0; n < signs.length; n++) {
    const sign = signs[n]
    if (sign === escape && n + 1 < signs.length) out += signs[++n].replace(/[.*+?^${}()|[\]\\/]/, '\\$&')
    else out += sign === '%' ? '.*' : sign === '_' ? '.' : sign.replace(/[.*+?^${}()|[\]\\/]/, '\\$&')
  }
  return new RegExp(`^${out}$`, fold ? 'sui' : 'su')
}
