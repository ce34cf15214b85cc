// Functions of texts, numbers and times: what each takes, and what it gives.
import { arithmetic, comparison, condition, minus } from './sql-operators.js'
import { wrong } from './sql-parse.js'
import { BOOLEAN, cast, common, decimal, DOUBLE, exact, INTEGER, made, MOMENT, numeric, places, TEXT, widened } from './sql-types.js'
import { civil, compare, dateText, daysOf, joined, rescaled, scaled, split } from './values.js'

export const take = (f, type, ...args) => made(type, (i) => {
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
  second: ([, m]) => Math.floor(m / 1e6) % 60,
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

/** Days numbered by what they are in: the difference is how many borders lie between. */
const NUMBERED = {
  year: (d) => civil(d).year,
  quarter: (d) => civil(d).year * 4 + PARTS.quarter([d]),
  month: (d) => civil(d).year * 12 + civil(d).month,
  day: (d) => d,
}

const written = (name, width = 2) => (days) => String(PARTS[name](days)).padStart(width, '0')
const FORMS = {
  Y: written('year', 4),
  m: written('month'),
  d: written('day'),
  H: written('hour'),
  M: written('minute'),
  S: written('second'),
  F: ([d]) => dateText(d),
  '%': () => '%',
}

export function need(args, node, ...kinds) {
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

/** What `table` has under the name of a part of a time, which is the same for all rows. */
function partOf(table, name, node) {
  const key = String(fixed(name, node)).toLowerCase()
  const known = table[ALSO[key] ?? key]
  if (!known) throw wrong('sql_part', node.at, { part: key })
  return known
}

const parted = (name) => (args, node) => {
  const [e] = need(args, node, 'time')
  const days = dayOf(e)
  return take((v) => PARTS[name](days(v)), INTEGER, e)
}

export function chosen(args, node) {
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

/** A function of its arguments' values alone. */
const plain = (f, type, ...kinds) => (args, node) => take(f, type, ...need(args, node, ...kinds))
const text1 = (f, type = TEXT) => plain(f, type, 'text')
const real = (f) => (args, node) => take(f, DOUBLE, ...need(args, node, 'number').map((e) => widened(e, DOUBLE)))

export const FUNCTIONS = {
  upper: text1((s) => s.toUpperCase()),
  lower: text1((s) => s.toLowerCase()),
  length: text1((s) => letters(s).length, INTEGER),
  trim: text1((s) => s.replace(/^ +| +$/g, '')),
  ltrim: text1((s) => s.replace(/^ +/, '')),
  rtrim: text1((s) => s.replace(/ +$/, '')),
  reverse: text1((s) => letters(s).reverse().join('')),
  substr: plain((s, from, length) => part(s, Number(from), length === undefined ? undefined : Number(length)), TEXT, 'text', 'integer', 'integer?'),
  left: plain((s, n) => letters(s).slice(0, Number(n) < 0 ? Number(n) : Number(n)).join(''), TEXT, 'text', 'integer'),
  right: plain((s, n) => (Number(n) < 0 ? letters(s).slice(-Number(n)) : Number(n) ? letters(s).slice(-Number(n)) : []).join(''), TEXT, 'text', 'integer'),
  replace: plain((s, a, b) => (a ? s.replaceAll(a, () => b) : s), TEXT, 'text', 'text', 'text'),
  contains: plain((s, t) => s.includes(t), BOOLEAN, 'text', 'text'),
  starts_with: plain((s, t) => s.startsWith(t), BOOLEAN, 'text', 'text'),
  ends_with: plain((s, t) => s.endsWith(t), BOOLEAN, 'text', 'text'),
  strpos: plain((s, t) => (s.includes(t) ? letters(s.slice(0, s.indexOf(t))).length + 1 : 0), INTEGER, 'text', 'text'),
  concat: (args, node) => {
    const texts = args.map((e) => cast(e, TEXT, node.at, false))
    return made(TEXT, (i) => texts.map(({ get }) => get(i) ?? '').join(''), ...texts)
  },
  lpad: (args, node) => take((s, n, by) => padded(s, n, by, node).before, TEXT, ...need(args, node, 'text', 'integer', 'text')),
  rpad: (args, node) => take((s, n, by) => padded(s, n, by, node).after, TEXT, ...need(args, node, 'text', 'integer', 'text')),
  repeat: (args, node) => take((s, n) => (s.length * Number(n) > LONGEST ? refused(node) : s.repeat(Math.max(0, Number(n)))), TEXT, ...need(args, node, 'text', 'integer')),
  split_part: (args, node) => take((s, by, n) => (n < 1 || !by ? refused(node) : s.split(by)[Number(n) - 1] ?? ''), TEXT, ...need(args, node, 'text', 'text', 'integer')),
  if: (args, node) => {
    need(args, node, 'any', 'any', 'any')
    const test = condition(args[0], node.at)
    const [type, [yes, no]] = chosen(args.slice(1), node)
    return made(type, (i) => (test.get(i) === true ? yes : no).get(i), test, yes, no)
  },
  abs: (args, node) => {
    const [e] = need(args, node, 'number')
    return exact(e) ? take((v) => (v < 0 ? minus(v) : v), decimal(places(e)), e) : take(Math.abs, DOUBLE, e)
  },
  sign: plain((v) => (v > 0 ? 1 : v < 0 ? -1 : 0), INTEGER, 'number'),
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
    const known = partOf(PARTS, name, node)
    const days = dayOf(e)
    return take((v) => known(days(v)), INTEGER, e)
  },
  date_diff: (args, node) => {
    const [name, from, to] = need(args, node, 'text', 'time', 'time')
    const known = partOf(NUMBERED, name, node)
    const [first, last] = [dayOf(from), dayOf(to)]
    return take((a, b) => known(last(b)[0]) - known(first(a)[0]), INTEGER, from, to)
  },
  date_trunc: (args, node) => {
    const [name, e] = need(args, node, 'text', 'time')
    const known = partOf(TRUNCATED, name, node)
    const days = dayOf(e)
    return take((v) => joined(...known(days(v))), { ...MOMENT, utc: e.utc }, e)
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
Object.assign(FUNCTIONS, { substring: FUNCTIONS.substr, iif: FUNCTIONS.if, datediff: FUNCTIONS.date_diff, ceiling: FUNCTIONS.ceil, len: FUNCTIONS.length, char_length: FUNCTIONS.length, ifnull: FUNCTIONS.coalesce, datepart: FUNCTIONS.date_part, datetrunc: FUNCTIONS.date_trunc, pow: FUNCTIONS.power, instr: FUNCTIONS.strpos, dayofweek: FUNCTIONS.dow, dayofmonth: FUNCTIONS.day, dayofyear: FUNCTIONS.doy, weekofyear: FUNCTIONS.week, prefix: FUNCTIONS.starts_with, suffix: FUNCTIONS.ends_with, lcase: FUNCTIONS.lower, ucase: FUNCTIONS.upper })

const LONGEST = 100_000

/** A text brought to a length, by `by` before or after it; what is too long is cut at its end. */
function padded(text, length, by, node) {
  const signs = letters(text)
  const more = Number(length) - signs.length
  if (more <= 0) {
    const cut = signs.slice(0, Math.max(0, Number(length))).join('')
    return { before: cut, after: cut }
  }
  if (!by || more > LONGEST) refused(node)
  const fill = letters(by.repeat(Math.ceil(more / letters(by).length))).slice(0, more).join('')
  return { before: fill + text, after: text + fill }
}

function refused(node) {
  throw wrong('sql_domain', node.at, { name: node.name })
}

export const functionNames = Object.keys(FUNCTIONS)
