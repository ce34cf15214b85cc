// Types of SQL's values, and the ways from one to another. Integers and decimals stay exact; what would have to be guessed
// is refused.
import { wrong } from './sql-parse.js'
import { exactNumber, joined, parsedDate, parsedMoment, rescaled, scaled, split, ten, valueText, whole } from './values.js'

export const exact = ({ kind }) => kind === 'integer' || kind === 'decimal'
export const places = ({ scale = 0 }) => scale
export const numeric = (type) => exact(type) || type.kind === 'double'
export const decimal = (scale) => (scale ? { kind: 'decimal', scale } : { kind: 'integer' })
export const TEXT = { kind: 'text' }
export const DOUBLE = { kind: 'double' }
export const BOOLEAN = { kind: 'boolean' }
export const INTEGER = { kind: 'integer' }
export const DATE = { kind: 'date' }
export const MOMENT = { kind: 'moment', utc: false }

/** The nearest double of an exact number. */
export function asDouble(value, scale) {
  if (typeof value === 'number' && scale <= 22) return value / 10 ** scale
  return Number(valueText(value, { kind: 'decimal', scale }))
}

export const made = (type, get, ...from) => ({ ...type, get, constant: from.every(({ constant }) => constant) })
export const literal = (type, value) => ({ ...type, get: () => value, constant: true })

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
export function pair(a, b, at) {
  const read = (text, other) => (text.constant && text.kind === 'text' && other.kind !== 'text' && other.kind !== 'null' ? cast(text, other, at, false) : text)
  const left = read(a, b)
  const right = read(b, a)
  const type = common(left, right)
  if (!type) throw wrong('sql_types', at, { a: a.kind, b: b.kind })
  return [widened(left, type), widened(right, type)]
}

// Casts.

const RANGES = { TINYINT: 8, SMALLINT: 16, INTEGER: 32, INT: 32, INT4: 32, BIGINT: 64, INT8: 64, LONG: 64, HUGEINT: 128 }

export function typeOf({ name, sizes, at }) {
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

export function cast(e, to, at, soft) {
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
