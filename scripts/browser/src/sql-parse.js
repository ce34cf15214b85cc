// SQL as text → what it says, as a tree. Every node knows where it stands (`at`), so that errors can point to it.
import { Trouble } from './file.js'

export function wrong(code, at, values = {}) {
  return Object.assign(new Trouble(code, values), { at })
}

const TOKEN = /\s+|--[^\n]*|\/\*[^]*?\*\/|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<word>[\p{L}_][\p{L}\p{M}\p{N}_$]*)|(?<quoted>"(?:[^"]|"")*")|(?<string>'(?:[^']|'')*')|(?<sign><=|>=|<>|!=|==|\|\||::|\/\/|\*\*|[-+*/%(),.;=<>])/uy
const WIDE = { '。': '.', '‘': "'", '’': "'", '“': '"', '”': '"' } // beside the wide forms of ASCII, which Unicode knows

function tokens(text) {
  const found = []
  let at = 0
  while (at < text.length) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(text)
    if (!match) {
      const sign = String.fromCodePoint(text.codePointAt(at))
      const instead = WIDE[sign] ?? sign.normalize('NFKC')
      if (instead !== sign && /^[!-~]$/.test(instead)) throw wrong('sql_wide', at, { sign, instead })
      if (sign === '"' || sign === "'" || text.startsWith('/*', at)) throw wrong('sql_open', at, { sign })
      throw '~[{^&|'.includes(sign) ? wrong('sql_unsupported', at, { what: sign }) : wrong('sql_sign', at, { sign })
    }
    const { number, word, quoted, string, sign } = match.groups
    const end = TOKEN.lastIndex
    if (number) {
      if (/[\p{L}_]/u.test(text[end] ?? '')) throw wrong('sql_number', at, { text: text.slice(at, end + 1) })
      found.push({ type: 'number', text: number, at })
    } else if (word) found.push({ type: 'word', text: word, upper: word.toUpperCase(), at })
    else if (quoted) found.push({ type: 'quoted', text: quoted.slice(1, -1).replaceAll('""', '"'), at })
    else if (string) found.push({ type: 'string', text: string.slice(1, -1).replaceAll("''", "'"), at })
    else if (sign) found.push({ type: 'sign', text: sign, at })
    at = end
  }
  return [...found, { type: 'end', text: '', at: text.length }]
}

// Words that end an expression or a name, so that they are no alias.
const RESERVED = new Set(
  ('SELECT FROM WHERE GROUP HAVING ORDER LIMIT OFFSET UNION EXCEPT INTERSECT JOIN INNER LEFT RIGHT FULL CROSS NATURAL ON USING AS AND OR NOT IN IS ' +
    'LIKE ILIKE BETWEEN CASE WHEN THEN ELSE END ASC DESC NULLS DISTINCT ALL BY WITH WINDOW OVER FILTER QUALIFY ESCAPE').split(' '),
)
const BINARY = { OR: 1, AND: 2, '=': 4, '==': 4, '<>': 4, '!=': 4, '<': 4, '<=': 4, '>': 4, '>=': 4, '||': 6, '+': 7, '-': 7, '*': 8, '/': 8, '//': 8, '%': 8 }
// Today is not in the data: the same question is to have the same answer tomorrow.
const NOT_HERE = new Set(['INTERVAL', 'EXISTS', 'CURRENT_DATE', 'CURRENT_TIME', 'CURRENT_TIMESTAMP'])
const LARGE = 60_000 // characters: more is no question of a reader

export function parse(text) {
  if (text.length > LARGE) throw wrong('sql_long', 0)
  const list = tokens(text)
  let place = 0
  let depth = 0
  const now = () => list[place]
  const next = () => list[place++]
  const is = (word, ahead = 0) => {
    const token = list[Math.min(place + ahead, list.length - 1)]
    return token.upper === word || (token.type === 'sign' && token.text === word)
  }
  const took = (...words) => {
    if (!words.every((word, n) => is(word, n))) return false
    place += words.length
    return true
  }
  const expected = (what) => {
    const token = now()
    const code = token.type === 'end' ? 'sql_ended' : 'sql_expected'
    return wrong(code, token.at, { expected: what, found: token.text })
  }
  const must = (word) => {
    if (!took(word)) throw expected(word)
  }
  const listed = (one) => {
    const out = [one()]
    while (took(',')) out.push(one())
    return out
  }
  const name = () => {
    const token = now()
    if (token.type === 'quoted' || (token.type === 'word' && !RESERVED.has(token.upper))) return next().text
    throw expected('name')
  }
  const unsupported = (what, at = now().at) => wrong('sql_unsupported', at, { what })

  function query() {
    if (++depth > 60) throw wrong('sql_deep', now().at)
    const at = now().at
    const named = []
    if (took('WITH')) {
      if (is('RECURSIVE')) throw unsupported('WITH RECURSIVE')
      named.push(
        ...listed(() => {
          const given = name()
          must('AS')
          must('(')
          const inner = query()
          must(')')
          return { name: given, query: inner }
        }),
      )
    }
    let body = core()
    while (is('UNION') || is('EXCEPT') || is('INTERSECT')) {
      const here = now().at
      const way = next().upper
      if (way !== 'UNION') throw unsupported(way, here)
      const all = took('ALL')
      took('DISTINCT')
      body = { type: 'union', all, left: body, right: core(), at: here }
    }
    const order = []
    if (took('ORDER', 'BY')) {
      if (is('ALL')) throw unsupported('ORDER BY ALL')
      order.push(
        ...listed(() => {
          const expression = value()
          const down = took('DESC') || (took('ASC'), false)
          let first = false
          if (took('NULLS')) first = took('FIRST') || (must('LAST'), false)
          return { expression, down, first }
        }),
      )
    }
    let limit = null
    let offset = 0
    for (;;) {
      if (took('LIMIT')) limit = count()
      else if (took('OFFSET')) offset = count()
      else break
    }
    depth--
    return { type: 'query', named, body, order, limit, offset, at }
  }

  function count() {
    if (took('ALL')) return null
    const token = next()
    if (token.type !== 'number' || !/^\d{1,15}$/.test(token.text)) {
      place--
      throw expected('number')
    }
    return Number(token.text)
  }

  function core() {
    if (took('(')) {
      const inner = query()
      must(')')
      return inner
    }
    const at = now().at
    if (!took('SELECT')) {
      if (['INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'COPY', 'ATTACH', 'INSTALL', 'PRAGMA', 'SET', 'EXPLAIN', 'DESCRIBE', 'SHOW', 'VALUES'].includes(now().upper)) throw unsupported(now().upper)
      throw expected('SELECT')
    }
    const distinct = took('DISTINCT')
    if (distinct && is('ON')) throw unsupported('DISTINCT ON')
    took('ALL')
    const items = listed(item)
    const from = took('FROM') ? sources() : null
    const where = took('WHERE') ? value() : null
    let group = null
    if (took('GROUP', 'BY')) {
      if (['ROLLUP', 'CUBE', 'GROUPING'].includes(now().upper) && (is('(', 1) || is('SETS', 1))) throw unsupported(now().upper)
      group = took('ALL') ? 'all' : listed(value)
    }
    const having = took('HAVING') ? value() : null
    for (const word of ['WINDOW', 'QUALIFY', 'FETCH']) if (is(word)) throw unsupported(word)
    return { type: 'select', distinct, items, from, where, group, having, at }
  }

  function item() {
    const at = now().at
    if (took('*')) {
      if (is('EXCLUDE') || is('REPLACE')) throw unsupported(`* ${now().upper}`)
      return { type: 'star', table: null, at }
    }
    if ((now().type === 'word' || now().type === 'quoted') && is('.', 1) && is('*', 2)) {
      const table = next().text
      place += 2
      return { type: 'star', table, at }
    }
    const expression = value()
    let alias = null
    if (took('AS')) alias = now().type === 'string' ? next().text : anyName()
    else if (now().type === 'quoted' || (now().type === 'word' && !RESERVED.has(now().upper))) alias = next().text
    return { type: 'item', expression, alias, at }
  }

  function anyName() {
    if (now().type !== 'word' && now().type !== 'quoted') throw expected('name')
    return next().text
  }

  function source() {
    const at = now().at
    let made
    if (took('(')) {
      made = { type: 'subquery', query: query(), at }
      must(')')
    } else {
      made = { type: 'table', name: name(), at }
      if (is('(')) throw unsupported(made.name, at)
      // A name with a hyphen, as many tables have: it has to be quoted, and that is worth saying.
      if (is('-') && list[place + 1]?.type === 'word') throw wrong('sql_hyphen', at, { name: `${made.name}-${list[place + 1].text}` })
    }
    const alias = took('AS') || (now().type === 'word' && !RESERVED.has(now().upper)) || now().type === 'quoted' ? name() : null
    return { ...made, alias }
  }

  function sources() {
    let left = source()
    for (;;) {
      const at = now().at
      if (took(',')) {
        left = { type: 'join', kind: 'cross', left, right: source(), at }
        continue
      }
      let kind = null
      if (took('JOIN') || took('INNER', 'JOIN')) kind = 'inner'
      else if (took('CROSS', 'JOIN')) kind = 'cross'
      else if (is('NATURAL')) throw unsupported('NATURAL JOIN')
      else if (is('LEFT') || is('RIGHT') || is('FULL')) {
        kind = next().upper.toLowerCase()
        took('OUTER')
        if (is('SEMI') || is('ANTI')) throw unsupported(`${now().upper} JOIN`)
        must('JOIN')
      } else return left
      const join = { type: 'join', kind, left, right: source(), at }
      if (kind !== 'cross') {
        if (took('ON')) join.on = value()
        else if (took('USING')) {
          must('(')
          join.using = listed(() => ({ name: name(), at: list[place - 1].at }))
          must(')')
        } else throw expected('ON')
      }
      left = join
    }
  }

  function value(least = 0) {
    if (++depth > 200) throw wrong('sql_deep', now().at)
    let left
    const at = now().at
    if (took('NOT')) left = { type: 'not', value: value(3), at }
    else left = unary()
    for (;;) {
      const here = now().at
      const token = now()
      const sign = token.type === 'sign' ? token.text : token.upper
      if (least <= 4) {
        const negative = is('NOT') && ['IN', 'LIKE', 'ILIKE', 'BETWEEN'].some((word) => is(word, 1))
        if (negative) next()
        const made = predicate(left, here)
        if (made) {
          left = negative ? { type: 'not', value: made, at: here } : made
          continue
        }
        if (sign === 'SIMILAR' || sign === 'GLOB') throw unsupported(sign)
      }
      const strength = BINARY[sign]
      if (!strength || strength < least || (token.type !== 'sign' && !token.upper)) break
      if (token.type === 'quoted') break
      next()
      left = { type: 'binary', sign, left, right: value(strength + 1), at: here }
    }
    depth--
    return left
  }

  function predicate(left, at) {
    if (took('IS')) {
      const negative = took('NOT')
      let made
      if (took('NULL') || took('UNKNOWN')) made = { type: 'null', value: left, at }
      else if (took('DISTINCT', 'FROM')) made = { type: 'not', value: { type: 'same', left, right: value(5), at }, at }
      else if (took('TRUE') || took('FALSE')) made = { type: 'same', left, right: { type: 'literal', kind: 'boolean', value: list[place - 1].upper === 'TRUE', at }, at }
      else throw expected('NULL')
      return negative ? { type: 'not', value: made, at } : made
    }
    if (took('IN')) {
      must('(')
      if (is('SELECT') || is('WITH')) {
        const inner = query()
        must(')')
        return { type: 'in', value: left, query: inner, at }
      }
      const options = listed(value)
      must(')')
      return { type: 'in', value: left, options, at }
    }
    if (is('LIKE') || is('ILIKE')) {
      const fold = next().upper === 'ILIKE'
      const pattern = value(5)
      const escape = took('ESCAPE') ? next().text : null
      return { type: 'like', value: left, pattern, fold, escape, at }
    }
    if (took('BETWEEN')) {
      const low = value(5)
      must('AND')
      return { type: 'between', value: left, low, high: value(5), at }
    }
    return null
  }

  function unary() {
    const at = now().at
    if (took('-')) return { type: 'negative', value: unary(), at }
    if (took('+')) return unary()
    let made = primary()
    while (is('::')) {
      const here = next().at
      made = { type: 'cast', value: made, to: typeName(), soft: false, at: here }
    }
    if (is('**') || is('^')) throw unsupported('**')
    return made
  }

  function typeName() {
    const token = now()
    if (token.type !== 'word') throw expected('type')
    next()
    const made = { name: token.upper, at: token.at, sizes: [] }
    if (made.name === 'DOUBLE') took('PRECISION')
    if (made.name === 'TIMESTAMP' && took('WITH')) {
      must('TIME')
      must('ZONE')
      made.name = 'TIMESTAMPTZ'
    }
    if (took('(')) {
      made.sizes = listed(count)
      must(')')
    }
    return made
  }

  function primary() {
    const token = now()
    const { at } = token
    if (token.type === 'number') return { type: 'literal', kind: 'number', value: next().text, at }
    if (token.type === 'string') return { type: 'literal', kind: 'text', value: next().text, at }
    if (took('(')) {
      if (is('SELECT') || is('WITH')) {
        const inner = query()
        must(')')
        return { type: 'scalar', query: inner, at }
      }
      const inner = value()
      if (is(',')) throw unsupported('(…, …)', at)
      must(')')
      return inner
    }
    if (token.type === 'word') {
      const { upper } = token
      if (upper === 'NULL' && next()) return { type: 'literal', kind: 'null', value: null, at }
      if ((upper === 'TRUE' || upper === 'FALSE') && next()) return { type: 'literal', kind: 'boolean', value: upper === 'TRUE', at }
      if (upper === 'CASE') return choice()
      if (NOT_HERE.has(upper)) throw unsupported(upper)
      if (upper === 'POSITION' && is('(', 1)) return position()
      if ((upper === 'DATE' || upper === 'TIMESTAMP') && list[place + 1].type === 'string') {
        next()
        return { type: 'cast', value: { type: 'literal', kind: 'text', value: next().text, at: list[place - 1].at }, to: { name: upper, sizes: [], at }, soft: false, at }
      }
      if ((upper === 'CAST' || upper === 'TRY_CAST') && is('(', 1)) {
        place += 2
        const inner = value()
        must('AS')
        const to = typeName()
        must(')')
        return { type: 'cast', value: inner, to, soft: upper === 'TRY_CAST', at }
      }
      if (upper === 'EXTRACT' && is('(', 1)) {
        place += 2
        const part = now().type === 'string' ? next().text : name()
        must('FROM')
        const inner = value()
        must(')')
        return { type: 'call', name: 'date_part', args: [{ type: 'literal', kind: 'text', value: part, at }, inner], at }
      }
      if (is('(', 1) && (!RESERVED.has(upper) || upper === 'LEFT' || upper === 'RIGHT')) return call()
      if (RESERVED.has(upper)) throw expected('expression')
    }
    if (token.type === 'word' || token.type === 'quoted') {
      const first = next().text
      if (took('.')) return { type: 'column', table: first, name: anyName(), at }
      return { type: 'column', table: null, name: first, at }
    }
    throw expected('expression')
  }

  // POSITION(part IN text)
  function position() {
    const { at } = next()
    next()
    const part = value(5)
    must('IN')
    const text = value()
    must(')')
    return { type: 'call', name: 'strpos', args: [text, part], distinct: false, star: false, filter: null, at }
  }

  function call() {
    const { text, at } = next()
    next()
    const made = { type: 'call', name: text.toLowerCase(), args: [], distinct: false, star: false, filter: null, at }
    if (took('*')) made.star = true
    else if (!is(')')) {
      made.distinct = took('DISTINCT')
      made.args = listed(value)
    }
    if (is('ORDER')) throw unsupported('ORDER BY')
    must(')')
    if (took('FILTER')) {
      must('(')
      must('WHERE')
      made.filter = value()
      must(')')
    }
    if (is('OVER')) throw unsupported('OVER')
    return made
  }

  function choice() {
    const { at } = next()
    const subject = is('WHEN') ? null : value()
    const whens = []
    while (took('WHEN')) {
      const condition = value()
      must('THEN')
      whens.push({ condition, result: value() })
    }
    if (!whens.length) throw expected('WHEN')
    const otherwise = took('ELSE') ? value() : null
    must('END')
    return { type: 'case', subject, whens, otherwise, at }
  }

  const made = query()
  while (took(';'));
  if (now().type !== 'end') throw expected('end')
  return made
}
