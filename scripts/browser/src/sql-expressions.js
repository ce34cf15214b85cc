// Expressions of SQL with types, as functions of a row's number. Integers and decimals stay exact; what would have to be
// guessed is refused. `null` goes through everything, and conditions have three values, as the standard says.
import { wrong } from './sql-parse.js'
import { civil, compare, dateText, daysOf, exactNumber, joined, parsedDate, parsedMoment, rescaled, scaled, split, ten, valueText, whole } from './values.js'

const exact = ({ kind }) => kind === 'integer' || kind === 'decimal'
const places = ({ scale = 0 }) => scale
const numeric = (type) => exact(type) || type.kind === 'double'
const decimal = (scale) => (scale ? { kind: 'decimal', scale } : { kind: 'integer' })
const TEXT = { kind: 'text' }
const DOUBLE = { kind: 'double' }
const BOOLEAN = { kind: 'boolean' }
const INTEGER = { kind: 'integer' }
const DATE = { kind: 'date' }
const MOMENT = { kind: 'moment', utc: false }

/** The nearest double of an exact number. */
export function asDouble(value, scale) {
  if (typeof value === 'number' && scale <= 22) return value / 10 ** scale
  return Number(valueText(value, { kind: 'decimal', scale }))
}

const made = (type, get, ...from) => ({ ...type, get, constant: from.every(({ constant }) => constant) })
const literal = (type, value) => ({ ...type, get: () => value, constant: true })

/** What two kinds of values have in common, or null. */
export function common(a, b) {
  if (a.kind === 'null') return b
  if (b.kind === 'null') return a
  if (exact(a) && exact(b)) return decimal(Math.max(places(a), places(b)))
  if (numeric(a) && numeric(b)) return DOUBLE
  if (a.kind === b.kind) return { ...a, utc: a.utc || b.utc }
  if (a.kind === 'date' && b.kind === 'moment') return b
  if (a.kind === 'moment' && b.kind === 'date') return a
  return null
}

/** The expression as another type, where nothing is lost or guessed by it. */
export function widened(e, type) {
  if (e.kind === 'null' || (e.kind === type.kind && places(e) === places(type))) return { ...e, ...type, get: e.get }
  const { get } = e
  if (type.kind === 'double') return made(type, (i) => ((v) => (v === null ? null : asDouble(v, places(e))))(get(i)), e)
  if (exact(type)) {
    const by = places(type) - places(e)
    return made(type, (i) => ((v) => (v === null ? null : scaled(v, by)))(get(i)), e)
  }
  if (type.kind === 'moment') return made(type, (i) => ((v) => (v === null ? null : joined(v, 0)))(get(i)), e)
  throw new Error(`no way from ${e.kind} to ${type.kind}`)
}

/** Two sides of a comparison as one type. A text written out takes the type of the other side. */
function pair(a, b, at) {
  const read = (text, other) => (text.constant && text.kind === 'text' && other.kind !== 'text' && other.kind !== 'null' ? cast(text, other, at, false) : text)
  const left = read(a, b)
  const right = read(b, a)
  const type = common(left, right)
  if (!type) throw wrong('sql_types', at, { a: a.kind, b: b.kind })
  return [widened(left, type), widened(right, type)]
}

// ---- casts

const RANGES = { TINYINT: 8, SMALLINT: 16, INTEGER: 32, INT: 32, INT4: 32, BIGINT: 64, INT8: 64, LONG: 64, HUGEINT: 128 }

function typeOf({ name, sizes, at }) {
  if (RANGES[name]) return { ...INTEGER, bits: RANGES[name] }
  if (name === 'DECIMAL' || name === 'NUMERIC') {
    const [digits = 18, scale = sizes.length ? 0 : 3] = sizes
    if (digits > 38 || scale > digits || digits < 1) throw wrong('sql_type', at, { name: `${name}(${sizes.join(', ')})` })
    return { ...decimal(scale), digits }
  }
  if (['DOUBLE', 'FLOAT8'].includes(name)) return DOUBLE
  if (['VARCHAR', 'TEXT', 'STRING', 'CHAR'].includes(name)) return TEXT
  if (['BOOLEAN', 'BOOL'].includes(name)) return BOOLEAN
  if (name === 'DATE') return DATE
  if (['TIMESTAMP', 'DATETIME'].includes(name)) return MOMENT
  throw wrong('sql_type', at, { name })
}

const WORDS = { true: true, t: true, yes: true, y: true, 1: true, false: false, f: false, no: false, n: false, 0: false }

function halfEven(value) {
  const floor = Math.floor(value)
  const rest = value - floor
  return rest < 0.5 ? floor : rest > 0.5 ? floor + 1 : floor % 2 ? floor + 1 : floor
}

/** A double written as DuckDB does, who keeps the point. */
function doubleText(value) {
  const text = valueText(value, DOUBLE)
  if (/^-?\d+$/.test(text)) return Math.abs(value) < 1e16 ? `${text}.0` : value.toExponential()
  return text.replace(/e([+-])(\d)$/, 'e$10$2')
}

// A function of one value, not null; undefined where the value has no such form.
function converter(from, to) {
  if (to.kind === 'text') {
    if (from.kind === 'double') return doubleText
    if (from.kind === 'moment') return (v) => valueText(v, { ...from, utc: false }).replace('T', ' ') + (from.utc ? '+00' : '')
    return (v) => valueText(v, from)
  }
  if (to.kind === 'double') {
    if (exact(from)) return (v) => asDouble(v, places(from))
    if (from.kind === 'text') return (v) => (exactNumber(v) ? Number(v) : /^\s*nan\s*$/i.test(v) ? NaN : undefined)
    if (from.kind === 'boolean') return Number
  }
  if (exact(to)) {
    const limit = to.bits ? 2n ** BigInt(to.bits - 1) : to.digits ? ten(to.digits) : null
    const fits = (v) => {
      if (limit === null) return v
      const big = BigInt(v)
      return big < limit && big > (to.bits ? -limit - 1n : -limit) ? v : undefined
    }
    if (exact(from)) return (v) => fits(rescaled(v, places(from), places(to)))
    if (from.kind === 'boolean') return (v) => scaled(Number(v), places(to))
    if (from.kind === 'text') {
      return (v) => {
        const found = exactNumber(v)
        return found ? fits(rescaled(found.value, found.scale, places(to))) : undefined
      }
    }
    if (from.kind === 'double') {
      if (!places(to)) return (v) => (Number.isFinite(v) ? fits(whole(BigInt(halfEven(v)))) : undefined)
      // A double is no decimal: the way is through its shortest writing, which DuckDB does not go. So it is said.
      return null
    }
  }
  if (to.kind === 'boolean') {
    if (exact(from) || from.kind === 'double') return (v) => v != 0 // eslint-disable-line eqeqeq
    if (from.kind === 'text') return (v) => WORDS[v.trim().toLowerCase()]
  }
  if (to.kind === 'date') {
    if (from.kind === 'moment') return (v) => split(v)[0]
    if (from.kind === 'text') return (v) => parsedDate(v) ?? (parsedMoment(v) === null ? undefined : split(parsedMoment(v))[0])
  }
  if (to.kind === 'moment') {
    if (from.kind === 'date') return (v) => joined(v, 0)
    if (from.kind === 'text') return (v) => parsedMoment(v) ?? undefined
  }
  return null
}

function cast(e, to, at, soft) {
  if (e.kind === 'null') return { ...e, ...to, get: e.get }
  if (e.kind === to.kind && places(e) === places(to) && !to.bits && !to.digits) return e
  const convert = converter(e, to)
  if (!convert) throw wrong('sql_no_cast', at, { a: e.kind, b: to.kind })
  const { get } = e
  const type = { kind: to.kind, scale: to.scale, utc: to.utc }
  const one = (i) => {
    const value = get(i)
    if (value === null) return null
    const done = convert(value)
    if (done !== undefined) return done
    if (soft) return null
    throw wrong('sql_cast', at, { value: valueText(value, e), kind: to.kind })
  }
  if (!e.constant) return made(type, one, e)
  return literal(type, one(0))
}

// ---- operators

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

function times(x, y) {
  if (typeof x === 'number' && typeof y === 'number') {
    const product = x * y
    if (Number.isSafeInteger(product)) return product
  }
  return whole(BigInt(x) * BigInt(y))
}

const minus = (x) => (typeof x === 'number' ? 0 - x : whole(-x))

function arithmetic(sign, a, b, at) {
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

const TESTS = { '=': (n) => n === 0, '==': (n) => n === 0, '<>': (n) => n !== 0, '!=': (n) => n !== 0, '<': (n) => n < 0, '<=': (n) => n <= 0, '>': (n) => n > 0, '>=': (n) => n >= 0 }

function comparison(sign, a, b, at) {
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

function either(a, b) {
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

function pattern(text, fold, escape) {
  let out = ''
  const signs = Array.from(text)
  for (let n = 0; n < signs.length; n++) {
    const sign = signs[n]
    if (sign === escape && n + 1 < signs.length) out += signs[++n].replace(/[.*+?^${}()|[\]\\/]/, '\\$&')
    else out += sign === '%' ? '.*' : sign === '_' ? '.' : sign.replace(/[.*+?^${}()|[\]\\/]/, '\\$&')
  }
  return new RegExp(`^${out}$`, fold ? 'sui' : 'su')
}

// ---- functions

const take = (f, type, ...args) => made(type, (i) => {
  const values = []
  for (const { get } of args) {
    const value = get(i)
    if (value === null) return null
    values.push(value)
  }
  return f(...values)
}, ...args)

const letters = (text) => Array.from(text)

function part(text, start, length = Infinity) {
  const all = letters(text)
  let from = start > 0 ? start - 1 : start < 0 ? all.length + start : -1
  let to = from + length
  if (length < 0) [from, to] = [to, from]
  return all.slice(Math.max(0, from), Math.max(0, to)).join('')
}

const dayOf = (e) => (e.kind === 'date' ? (v) => [v, 0] : (v) => split(v))

const PARTS = {
  year: ([d]) => civil(d).year,
  month: ([d]) => civil(d).month,
  day: ([d]) => civil(d).day,
  quarter: ([d]) => Math.ceil(civil(d).month / 3),
  hour: ([, m]) => Math.floor(m / 3.6e9),
  minute: ([, m]) => Math.floor(m / 6e7) % 60,
  dow: ([d]) => (((d + 4) % 7) + 7) % 7,
  isodow: ([d]) => ((((d + 3) % 7) + 7) % 7) + 1,
  doy: ([d]) => d - daysOf(civil(d).year, 1, 1) + 1,
  week: ([d]) => {
    const thursday = d + 4 - PARTS.isodow([d])
    return Math.floor((thursday - daysOf(civil(thursday).year, 1, 1)) / 7) + 1
  },
}
const ALSO = { dayofweek: 'dow', weekday: 'dow', dayofyear: 'doy', dayofmonth: 'day', weekofyear: 'week', years: 'year', months: 'month', days: 'day' }

const TRUNCATED = {
  year: ([d]) => [daysOf(civil(d).year, 1, 1), 0],
  quarter: ([d]) => [daysOf(civil(d).year, Math.floor((civil(d).month - 1) / 3) * 3 + 1, 1), 0],
  month: ([d]) => [daysOf(civil(d).year, civil(d).month, 1), 0],
  week: ([d]) => [d + 1 - PARTS.isodow([d]), 0],
  day: ([d]) => [d, 0],
  hour: ([d, m]) => [d, Math.floor(m / 3.6e9) * 3.6e9],
  minute: ([d, m]) => [d, Math.floor(m / 6e7) * 6e7],
}

const FORMS = {
  Y: ([d]) => String(civil(d).year).padStart(4, '0'),
  m: ([d]) => String(civil(d).month).padStart(2, '0'),
  d: ([d]) => String(civil(d).day).padStart(2, '0'),
  H: ([, m]) => String(Math.floor(m / 3.6e9)).padStart(2, '0'),
  M: ([, m]) => String(Math.floor(m / 6e7) % 60).padStart(2, '0'),
  S: ([, m]) => String(Math.floor(m / 1e6) % 60).padStart(2, '0'),
  F: ([d]) => dateText(d),
  '%': () => '%',
}

function need(args, node, ...kinds) {
  const most = kinds.filter((kind) => !kind.endsWith('?')).length
  if (args.length < most || args.length > kinds.length) throw wrong('sql_arguments', node.at, { name: node.name, count: args.length })
  return args.map((e, n) => {
    const kind = kinds[n].replace('?', '')
    const fits = e.kind === 'null' || kind === 'any' || e.kind === kind || (kind === 'number' && numeric(e)) || (kind === 'time' && (e.kind === 'date' || e.kind === 'moment'))
    // A date written as text is a date where one is wanted, as everywhere else.
    if (!fits && kind === 'time' && e.kind === 'text' && e.constant) return cast(e, MOMENT, node.at, false)
    if (!fits) throw wrong('sql_argument', node.at, { name: node.name, kind: e.kind, wanted: kind })
    return e
  })
}

function fixed(e, node) {
  if (!e.constant) throw wrong('sql_constant', node.at, { name: node.name })
  return e.get(0)
}

function rounding(way) {
  return (args, node) => {
    const [e, digits] = need(args, node, 'number', ...(way === 0 ? ['integer?'] : []))
    const to = digits ? fixed(digits, node) : 0
    if (exact(e)) {
      if (to < 0) return take((v) => scaled(rescaled(v, places(e) - to, 0), -to), INTEGER, e)
      if (to >= places(e)) return e
      return take((v) => rescaled(v, places(e), to, way), decimal(to), e)
    }
    if (way < 0) return take(Math.floor, DOUBLE, e)
    if (way > 0) return take(Math.ceil, DOUBLE, e)
    const factor = 10 ** to
    return take((v) => {
      const near = Math.abs(v) * factor
      return Number.isFinite(near) ? (Math.sign(v) * Math.round(near)) / factor : v
    }, DOUBLE, e)
  }
}

const parted = (name) => (args, node) => {
  const [e] = need(args, node, 'time')
  const days = dayOf(e)
  return take((v) => PARTS[name](days(v)), INTEGER, e)
}

function chosen(args, node) {
  let type = { kind: 'null' }
  for (const e of args) {
    type = common(type, e)
    if (!type) throw wrong('sql_types', node.at, { a: args[0].kind, b: e.kind })
  }
  return [type, args.map((e) => widened(e, type))]
}

const extreme = (way) => (args, node) => {
  const [type, options] = chosen(args, node)
  return made(type, (i) => {
    let best = null
    for (const { get } of options) {
      const value = get(i)
      if (value !== null && (best === null || compare(value, best) * way > 0)) best = value
    }
    return best
  }, ...options)
}

const text1 = (f, type = TEXT) => (args, node) => take(f, type, ...need(args, node, 'text'))
const real = (f) => (args, node) => take(f, DOUBLE, ...need(args, node, 'number').map((e) => widened(e, DOUBLE)))

const FUNCTIONS = {
  upper: text1((s) => s.toUpperCase()),
  lower: text1((s) => s.toLowerCase()),
  length: text1((s) => letters(s).length, INTEGER),
  trim: text1((s) => s.replace(/^ +| +$/g, '')),
  ltrim: text1((s) => s.replace(/^ +/, '')),
  rtrim: text1((s) => s.replace(/ +$/, '')),
  reverse: text1((s) => letters(s).reverse().join('')),
  substr: (args, node) => take((s, from, length) => part(s, Number(from), length === undefined ? undefined : Number(length)), TEXT, ...need(args, node, 'text', 'integer', 'integer?')),
  left: (args, node) => take((s, n) => letters(s).slice(0, Number(n) < 0 ? Number(n) : Number(n)).join(''), TEXT, ...need(args, node, 'text', 'integer')),
  right: (args, node) => take((s, n) => (Number(n) < 0 ? letters(s).slice(-Number(n)) : Number(n) ? letters(s).slice(-Number(n)) : []).join(''), TEXT, ...need(args, node, 'text', 'integer')),
  replace: (args, node) => take((s, a, b) => (a ? s.replaceAll(a, () => b) : s), TEXT, ...need(args, node, 'text', 'text', 'text')),
  contains: (args, node) => take((s, t) => s.includes(t), BOOLEAN, ...need(args, node, 'text', 'text')),
  starts_with: (args, node) => take((s, t) => s.startsWith(t), BOOLEAN, ...need(args, node, 'text', 'text')),
  ends_with: (args, node) => take((s, t) => s.endsWith(t), BOOLEAN, ...need(args, node, 'text', 'text')),
  strpos: (args, node) => take((s, t) => (s.includes(t) ? letters(s.slice(0, s.indexOf(t))).length + 1 : 0), INTEGER, ...need(args, node, 'text', 'text')),
  concat: (args, node) => {
    const texts = args.map((e) => cast(e, TEXT, node.at, false))
    return made(TEXT, (i) => texts.map(({ get }) => get(i) ?? '').join(''), ...texts)
  },
  abs: (args, node) => {
    const [e] = need(args, node, 'number')
    return exact(e) ? take((v) => (v < 0 ? minus(v) : v), decimal(places(e)), e) : take(Math.abs, DOUBLE, e)
  },
  sign: (args, node) => take((v) => (v > 0 ? 1 : v < 0 ? -1 : 0), INTEGER, ...need(args, node, 'number')),
  round: rounding(0),
  floor: rounding(-1),
  ceil: rounding(1),
  sqrt: (args, node) => real((v) => (v < 0 ? refused(node) : Math.sqrt(v)))(args, node),
  ln: (args, node) => real((v) => (v <= 0 ? refused(node) : Math.log(v)))(args, node),
  log10: (args, node) => real((v) => (v <= 0 ? refused(node) : Math.log10(v)))(args, node),
  exp: real(Math.exp),
  power: (args, node) => take((a, b) => a ** b, DOUBLE, ...need(args, node, 'number', 'number').map((e) => widened(e, DOUBLE))),
  mod: (args, node) => arithmetic('%', ...need(args, node, 'number', 'number'), node.at),
  coalesce: (args, node) => {
    const [type, options] = chosen(args, node)
    return made(type, (i) => {
      for (const { get } of options) {
        const value = get(i)
        if (value !== null) return value
      }
      return null
    }, ...options)
  },
  nullif: (args, node) => {
    const [a, b] = need(args, node, 'any', 'any')
    const equal = comparison('=', a, b, node.at)
    return made(a, (i) => (equal.get(i) === true ? null : a.get(i)), a, b)
  },
  greatest: extreme(1),
  least: extreme(-1),
  date_part: (args, node) => {
    const [name, e] = need(args, node, 'text', 'time')
    const key = String(fixed(name, node)).toLowerCase()
    const known = PARTS[ALSO[key] ?? key]
    if (!known) throw wrong('sql_part', node.at, { part: key })
    const days = dayOf(e)
    return take((v) => known(days(v)), INTEGER, e)
  },
  date_trunc: (args, node) => {
    const [name, e] = need(args, node, 'text', 'time')
    const key = String(fixed(name, node)).toLowerCase()
    if (!TRUNCATED[key]) throw wrong('sql_part', node.at, { part: key })
    const days = dayOf(e)
    return take((v) => joined(...TRUNCATED[key](days(v))), { ...MOMENT, utc: e.utc }, e)
  },
  strftime: (args, node) => {
    const [e, form] = need(args, node, 'time', 'text')
    const text = fixed(form, node) ?? ''
    const days = dayOf(e)
    for (const [, sign] of text.matchAll(/%(.?)/gs)) if (!FORMS[sign]) throw wrong('sql_part', node.at, { part: `%${sign}` })
    return take((v) => text.replace(/%(.)/gs, (_, sign) => FORMS[sign](days(v))), TEXT, e)
  },
}
for (const name of Object.keys(PARTS)) FUNCTIONS[name] ??= parted(name)
Object.assign(FUNCTIONS, { substring: FUNCTIONS.substr, ceiling: FUNCTIONS.ceil, len: FUNCTIONS.length, char_length: FUNCTIONS.length, ifnull: FUNCTIONS.coalesce, datepart: FUNCTIONS.date_part, datetrunc: FUNCTIONS.date_trunc, pow: FUNCTIONS.power, instr: FUNCTIONS.strpos, dayofweek: FUNCTIONS.dow, dayofmonth: FUNCTIONS.day, dayofyear: FUNCTIONS.doy, weekofyear: FUNCTIONS.week, prefix: FUNCTIONS.starts_with, suffix: FUNCTIONS.ends_with, lcase: FUNCTIONS.lower, ucase: FUNCTIONS.upper })

function refused(node) {
  throw wrong('sql_domain', node.at, { name: node.name })
}

export const functionNames = Object.keys(FUNCTIONS)

// ---- aggregates: what is kept for a group, what a value does to it, and what comes of it in the end

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
AGGREGATES.mean = AGGREGATES.avg
AGGREGATES.any_value = AGGREGATES.first

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

/** An aggregate over `scope`: its type, and the functions of its groups. */
export function aggregate(node, scope) {
  const filter = node.filter ? condition(compile(node.filter, scope), node.filter.at) : null
  const count = node.name === 'count'
  if (node.star && !count) throw wrong('sql_arguments', node.at, { name: node.name, count: 0 })
  const bare = count && !node.args.length
  if (!bare && node.args.length !== 1) throw wrong('sql_arguments', node.at, { name: node.name, count: node.args.length })
  const e = bare ? literal(BOOLEAN, true) : compile(node.args[0], scope)
  if (['sum', 'avg', 'mean', 'median'].includes(node.name) && !numeric(e) && e.kind !== 'null') throw wrong('sql_argument', node.at, { name: node.name, kind: e.kind, wanted: 'number' })
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

// ---- from the tree to functions

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
