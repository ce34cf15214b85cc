// What the values of a column are in memory, and how they are written: exactly, always.
//
// An integer is a number while that is safe and a BigInt beyond; so is a decimal, without its point (`scale` says where
// it stands); a date is its days since 1970, a moment its microseconds. Equal values are thus the same Map key.

const SAFE = BigInt(Number.MAX_SAFE_INTEGER)

/** The canonical form of a whole number. */
export const whole = (big) => (typeof big === 'bigint' && big <= SAFE && big >= -SAFE ? Number(big) : big)

/** 10 to the power of `n`, as a BigInt. */
export const ten = (n) => 10n ** BigInt(n)

/** The value with `by` places more; exact. */
export function scaled(value, by) {
  if (!by) return value
  if (typeof value === 'number' && by < 16) {
    const quick = value * 10 ** by
    if (Number.isSafeInteger(quick)) return quick
  }
  return whole(BigInt(value) * ten(by))
}

export function decimalText(value, scale) {
  const text = String(value)
  if (!scale) return text
  const sign = text.startsWith('-') ? '-' : ''
  const digits = text.slice(sign.length).padStart(scale + 1, '0')
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

const two = (n) => String(n).padStart(2, '0')

/** Year, month and day of a day's number, in the calendar that ISO 8601 uses for all times. */
export function civil(days) {
  const z = days + 719468
  const era = Math.floor(z / 146097)
  const doe = z - era * 146097
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365)
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return { year: yoe + era * 400 + (month <= 2 ? 1 : 0), month, day: doy - Math.floor((153 * mp + 2) / 5) + 1 }
}

export function daysOf(year, month, day) {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yoe = y - era * 400
  const doy = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return era * 146097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719468
}

export function dateText(days) {
  const { year, month, day } = civil(days)
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

const DAY = 86_400_000_000

/** Days and microseconds of the day. Moments of years 1 to 9999 need more than 53 bits. */
export function split(micros) {
  if (typeof micros === 'number') {
    const days = Math.floor(micros / DAY)
    return [days, micros - days * DAY]
  }
  const day = BigInt(DAY)
  const rest = ((micros % day) + day) % day
  return [Number((micros - rest) / day), Number(rest)]
}

export const joined = (days, micros) => whole(BigInt(days) * BigInt(DAY) + BigInt(micros))

export function momentText(micros, utc, separator = 'T') {
  const [days, rest] = split(micros)
  const seconds = Math.floor(rest / 1e6)
  const fraction = rest % 1e6
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  const more = fraction ? `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}` : ''
  return `${dateText(days)}${separator}${clock}${more}${utc ? 'Z' : ''}`
}

const double = (value) => (Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? 'INF' : '-INF')

/** A value as text, the way the published CSV has it; null stays null. */
export function valueText(value, { kind, scale = 0, utc = false }) {
  if (value === null) return null
  switch (kind) {
    case 'integer': return String(value)
    case 'decimal': return decimalText(value, scale)
    case 'double': return double(value)
    case 'date': return dateText(value)
    case 'moment': return momentText(value, utc)
    default: return String(value)
  }
}

/** `{ value, scale }` of a number written plainly, or null. */
export function exactNumber(text) {
  const found = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/.exec(text)
  if (!found || !(found[2] || found[3])) return null
  const [, sign, before, after = '', exponent = '0'] = found
  let scale = after.length - Number(exponent)
  let value = BigInt(before + after)
  if (scale < 0) [value, scale] = [value * ten(-scale), 0]
  if (scale > 400) return null
  return { value: whole(sign === '-' ? -value : value), scale }
}

/** `value` with `from` places, with `to` places: what is cut off decides by `way` (-1 down, 0 half away from zero, 1 up). */
export function rescaled(value, from, to, way = 0) {
  if (to >= from) return scaled(value, to - from)
  const by = ten(from - to)
  const big = BigInt(value)
  const rest = big % by
  let cut = big / by
  if (rest) {
    if (way < 0 && big < 0n) cut -= 1n
    else if (way > 0 && big > 0n) cut += 1n
    else if (way === 0 && 2n * (rest < 0n ? -rest : rest) >= by) cut += big < 0n ? -1n : 1n
  }
  return whole(cut)
}

/** Days, or null where the text is no day of the calendar. */
export function parsedDate(text) {
  const found = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$/.exec(text)
  if (!found) return null
  const [year, month, day] = found.slice(1).map(Number)
  const days = daysOf(year, month, day)
  const back = civil(days)
  return back.year === year && back.month === month && back.day === day ? days : null
}

/** Microseconds, or null. A moment without a clock is the beginning of its day. */
export function parsedMoment(text) {
  const found = /^\s*(\d{4}-\d{1,2}-\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?\s*$/.exec(text)
  if (!found) return null
  const days = parsedDate(found[1])
  const [hour, minute, second] = found.slice(2, 5).map((part) => Number(part ?? 0))
  if (days === null || hour > 23 || minute > 59 || second > 59) return null
  const clock = ((hour * 60 + minute) * 60 + second) * 1e6 + Number((found[5] ?? '0').padEnd(6, '0'))
  const zone = /([+-])(\d{2}):?(\d{2})/.exec(found[6] ?? '')
  const shift = zone ? (zone[1] === '-' ? 1 : -1) * (Number(zone[2]) * 60 + Number(zone[3])) * 60e6 : 0
  return joined(days, clock + shift)
}

/** Texts in the order of their code points, which is that of their UTF-8 bytes: Parquet's, DuckDB's, Python's. */
export function compareTexts(a, b) {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    let x = a.charCodeAt(i)
    let y = b.charCodeAt(i)
    if (x !== y) {
      // Halves of pairs stand for code points above all others.
      if (x >= 0xd800 && y >= 0xd800) {
        x = x >= 0xe000 ? x - 0x800 : x + 0x2000
        y = y >= 0xe000 ? y - 0x800 : y + 0x2000
      }
      return x - y
    }
  }
  return a.length - b.length
}

/** Any two values of one column that are not null. NaN is greater than every number, as in DuckDB. */
export function compare(a, b) {
  if (typeof a === 'string') return compareTexts(a, b)
  if (a < b) return -1
  if (a > b) return 1
  if (a === b || a == b) return 0 // eslint-disable-line eqeqeq
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : -1
}
