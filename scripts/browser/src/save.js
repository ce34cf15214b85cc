// A view as a file: exact values, in the order of the view.
import { valueText } from './values.js'

const ROWS = 10_000

const quoted = (text) => (text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** A missing value is nothing, an empty text is `""`. */
export const csvLine = (texts) => `${texts.map((text) => (text === null ? '' : quoted(text))).join(',')}\n`

/** A value's text as JSON. Numbers have all their digits; NaN and infinities, which JSON has no number for, are texts. */
export function jsonText(text, kind) {
  if (text === null) return 'null'
  const bare = kind === 'integer' || kind === 'decimal' || kind === 'boolean' || (kind === 'double' && /\d/.test(text))
  return bare ? text : JSON.stringify(text)
}

export const jsonRow = (texts, columns) => `{${columns.map(({ name, kind }, c) => `${JSON.stringify(name)}:${jsonText(texts[c], kind)}`).join(',')}}`

async function* chunks(view, names, tell) {
  for (let start = 0; start < view.count; start += ROWS) {
    if (view.cancelled) return
    const values = await view.rows(start, ROWS, names)
    yield values
    tell({ done: Math.min(start + ROWS, view.count), of: view.count })
    await new Promise((resolve) => setTimeout(resolve))
  }
}

async function csv(view, columns, tell) {
  const parts = [csvLine(columns.map(({ name }) => name))]
  for await (const values of chunks(view, columns.map(({ name }) => name), tell)) {
    let text = ''
    for (let i = 0; i < values[0].length; i++) text += csvLine(columns.map((column, c) => valueText(values[c][i], column)))
    parts.push(text)
  }
  return new Blob(parts, { type: 'text/csv;charset=utf-8' })
}

async function json(view, columns, tell) {
  const parts = ['[']
  let comma = '\n'
  for await (const values of chunks(view, columns.map(({ name }) => name), tell)) {
    let text = ''
    for (let i = 0; i < values[0].length; i++) {
      text += comma + jsonRow(columns.map((column, c) => valueText(values[c][i], column)), columns)
      comma = ',\n'
    }
    parts.push(text)
  }
  return new Blob([...parts, '\n]\n'], { type: 'application/json' })
}

async function parquet(view, columns, tell, writer) {
  const gathered = columns.map(() => [])
  for await (const values of chunks(view, columns.map(({ name }) => name), tell)) {
    for (const [c, column] of values.entries()) for (const value of column) gathered[c].push(value)
  }
  const { parquetWriteBuffer } = await import(writer)
  const elements = columns.map((column) => ({ ...view.table.elements[column.index], repetition_type: 'OPTIONAL' }))
  const data = columns.map((column, c) => physical(gathered[c], elements[c], column))
  const whole = columns.length === view.table.columns.length
  const buffer = parquetWriteBuffer({
    columnData: columns.map(({ name }, c) => ({ name, data: data[c] })),
    schema: [{ name: 'schema', num_children: columns.length }, ...elements],
    rowGroupSize: 100_000,
    kvMetadata: whole ? view.table.keyValues.filter(({ key }) => key.startsWith('kaishu:')) : [],
    createdBy: 'Kaishu, hyparquet-writer',
  })
  return new Blob([buffer], { type: 'application/vnd.apache.parquet' })
}

// What hyparquet-writer takes for the same type: BigInts where 64 bits are written, and for decimals, which then are not scaled.
function physical(values, element, column) {
  if (column.kind === 'moment') return values.map((value) => (value === null ? null : BigInt(value) / column.factor))
  const large = column.kind === 'decimal' || (column.kind === 'integer' && element.type === 'INT64')
  return large ? values.map((value) => (value === null ? null : BigInt(value))) : values
}

export const savers = { csv, json, parquet }
