// Totals that the portal has made of a large table: exact counts, sums and bounds by its columns of few values, and by
// month. A query that asks for nothing finer is answered with them, without a column being read. What they hold is said
// in generator/tables/totals.py.
import { exactNumber, parsedDate, parsedMoment, rescaled } from './values.js'

const MONTHLY = new Set(['year', 'quarter', 'month'])

/** The value that a text stands for; as valueText (values.js) wrote it. */
function valueOf(text, { kind, scale = 0 }) {
  if (text === null) return null
  if (kind === 'integer' || kind === 'decimal') {
    const exact = exactNumber(text)
    return rescaled(exact.value, exact.scale, scale)
  }
  if (kind === 'date') return parsedDate(text)
  if (kind === 'moment') return parsedMoment(text)
  return kind === 'boolean' ? text === 'true' : text
}

export class Totals {
  /** `given`: what the file says; `columns`: of the table. */
  constructor(given, columns) {
    const at = new Map(columns.map((column, index) => [column.name, { ...column, index }]))
    const values = (texts, name) => texts.map((text) => valueOf(text, at.get(name)))
    this.lists = given.totals.map(({ by, unit, keys, rows, columns: told }) => ({
      by: new Set(by.map((name) => (unit ? `${at.get(name).index} ${unit}` : at.get(name).index))),
      n: rows.length,
      rows,
      cols: Object.fromEntries(by.map((name, k) => [at.get(name).index, values(keys[k], name)])),
      parts: new Map(Object.entries(told).map(([name, { count, sum, min, max }]) => [at.get(name).index, { count, sum: sum && values(sum, name), min: min && values(min, name), max: max && values(max, name) }])),
    }))
  }

  /** The shortest list that tells the `keys` apart and knows the `measures`; undefined where there is none. */
  find(keys, measures) {
    const fits = ({ by, parts }) => [...keys].every((key) => by.has(key)) && measures.every(({ index, how }) => parts.get(index)?.[how])
    return this.lists.filter(fits).sort((a, b) => a.n - b.n)[0]
  }
}

/**
 * What an expression has to know of a row: places of columns, or `place month` where a column counts by its month only.
 * `indexOf` says which column a node names.
 */
export function finest(node, indexOf, found = new Set()) {
  if (Array.isArray(node)) for (const one of node) finest(one, indexOf, found)
  else if (node && typeof node === 'object') {
    const month = monthOf(node)
    if (node.type === 'column') found.add(indexOf(node))
    else if (month) found.add(`${indexOf(month)} month`)
    else for (const one of Object.values(node)) finest(one, indexOf, found)
  }
  return found
}

// The column of a call that is the same for all days of a month.
function monthOf({ type, name, args }) {
  if (type !== 'call' || !args) return null
  const column = (one) => (one?.type === 'column' ? one : null)
  if (MONTHLY.has(name) && args.length === 1) return column(args[0])
  const text = (one) => (one?.type === 'literal' && one.kind === 'text' ? one.value : '')
  if (['date_part', 'datepart', 'date_trunc', 'datetrunc'].includes(name)) return MONTHLY.has(text(args[0]).toLowerCase()) ? column(args[1]) : null
  if (name === 'strftime') return /^(?:[^%]|%[Ym%])*$/.test(text(args[1])) ? column(args[0]) : null
  return null
}
