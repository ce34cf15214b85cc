// Columns of a table that the reader chooses, read on this machine: names, types and what looks personal.

const ROWS = 500
const BYTES = 4_000_000
const LARGEST = 100_000_000
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const CODED = /号|码|编码|代码|证|电话|手机|邮编|^id$|[_-]?(id|code|no|number|phone|tel|zip)$/i
const YEAR = /年份|年度|^年$|^year$/i
const PERSONAL = /身份证|公民身份号码|手机|住址|家庭地址|银行卡|银行账号|护照|姓名|出生日期/
const RESIDENT = /(?<!\d)\d{17}[\dXx](?!\d)/
const MOBILE = /(?<!\d)1[3-9]\d{9}(?!\d)/

// { format, encoding, fields: [{ name, title, type, unit, required, unique }], header, personal, error }
export async function readTable(file) {
  const suffix = file.name.toLowerCase().split('.').pop()
  if (suffix === 'xlsx') return described('xlsx', '', await sheetRows(file))
  if (suffix === 'csv' || suffix === 'tsv' || suffix === 'txt') {
    const [text, encoding] = await textOf(file)
    const delimiter = likelyDelimiter(text)
    return { ...described(suffix === 'tsv' ? 'tsv' : 'csv', encoding, records(text, delimiter)), delimiter }
  }
  return { error: 'format' }
}

function described(format, encoding, rows) {
  const header = headerRow(rows)
  if (header < 0) return { error: 'empty' }
  const names = rows[header].map((cell) => cell.trim())
  while (names.length && !names.at(-1)) names.pop()
  const body = rows.slice(header + 1, header + 1 + ROWS).filter((row) => row.some((cell) => cell !== ''))
  const fields = names.map((name, column) => fieldOf(name, body.map((row) => row[column] ?? '')))
  const personal = fields.filter((field) => field.personal).map((field) => field.name)
  const repeated = names.some((name, index) => !name || names.indexOf(name) !== index)
  return { format, encoding, fields, header: header + 1, personal, repeated }
}

// The first line that has about as many cells as the fullest of those near it: titles above a table have one.
function headerRow(rows) {
  const near = rows.slice(0, 15)
  const filled = (row) => row.filter((cell) => cell.trim() !== '').length
  const most = Math.max(0, ...near.map(filled))
  return most ? near.findIndex((row) => filled(row) >= Math.max(1, most * 0.8)) : -1
}

function fieldOf(name, values) {
  const given = values.filter((value) => value !== '')
  const [, title, unit] = /^(.+?)\s*[(（]([^()（）]{1,12})[)）]$/.exec(name) ?? [null, name, '']
  const personal = PERSONAL.test(name) || given.some((value) => RESIDENT.test(value) || MOBILE.test(value))
  const whole = values.length > 0 && given.length === values.length
  const unique = whole && values.length > 1 && new Set(values).size === values.length
  return { name, title, unit: UNITS.test(unit) ? unit : '', type: typeOf(name, given), required: whole, unique, personal }
}

const UNITS = /^(万?[元个人件次辆台套户家吨]|亿元|米|千米|公里|平方米|平方公里|公顷|亩|立方米|千瓦时?|度|℃|%|％|毫米|厘米|分钟|小时|天|km|m|m²|kg|t|kWh|mm|μg\/m³|mg\/m³)$/

export function typeOf(name, given) {
  const all = (form) => given.length > 0 && given.every((value) => form.test(value))
  if (YEAR.test(name) && all(/^(1[89]|20|21)\d\d$/)) return 'year'
  if (all(DATE) && given.every(isDay)) return 'date'
  if (all(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?$/)) return 'datetime'
  if (all(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/)) return 'time'
  if (all(/^(true|false)$/)) return 'boolean'
  // A number with a leading zero, or a long one, is a code; so is what the column is called after.
  if (CODED.test(name)) return 'string'
  if (all(/^-?(0|[1-9]\d{0,14})$/)) return 'integer'
  if (all(/^-?(0|[1-9]\d{0,14})(\.\d{1,15})?$/)) return 'number'
  return 'string'
}

function isDay(value) {
  const day = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value)
}

// ---- CSV

async function textOf(file) {
  const bytes = new Uint8Array(await file.slice(0, BYTES).arrayBuffer())
  const isCut = file.size > BYTES
  try {
    // A character may be cut at the end of what is read.
    return [new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut }), 'utf-8']
  } catch {
    return [new TextDecoder('gb18030').decode(bytes), 'gb18030']
  }
}

function likelyDelimiter(text) {
  const line = text.slice(0, Math.max(0, text.search(/[\r\n]/)) || 2000)
  const count = (mark) => line.split(mark).length
  return [',', '\t', ';'].reduce((best, mark) => (count(mark) > count(best) ? mark : best))
}

export function records(text, delimiter) {
  const rows = []
  let row = []
  let cell = ''
  let isQuoted = false
  for (let i = 0; i < text.length && rows.length < ROWS + 20; i += 1) {
    const c = text[i]
    if (isQuoted) {
      if (c !== '"') cell += c
      else if (text[i + 1] === '"') {
        cell += c
        i += 1
      } else isQuoted = false
    } else if (c === '"' && cell === '') isQuoted = true
    else if (c === delimiter || c === '\n' || c === '\r') {
      row.push(cell)
      cell = ''
      if (c === delimiter) continue
      if (c === '\r' && text[i + 1] === '\n') i += 1
      rows.push(row)
      row = []
    } else cell += c
  }
  if (cell !== '' || row.length) rows.push([...row, cell])
  return rows
}

// ---- xlsx: a zip of XML

async function sheetRows(file) {
  if (file.size > LARGEST) return []
  const bytes = new Uint8Array(await file.arrayBuffer())
  const parts = entries(bytes)
  const xml = async (name) => (parts.has(name) ? new DOMParser().parseFromString(new TextDecoder().decode(await inflated(bytes, parts.get(name))), 'text/xml') : null)
  const [book, relations, strings, styles] = await Promise.all(['xl/workbook.xml', 'xl/_rels/workbook.xml.rels', 'xl/sharedStrings.xml', 'xl/styles.xml'].map(xml))
  const first = book?.getElementsByTagNameNS('*', 'sheet')[0]
  const id = first?.getAttributeNS('http://schemas.openxmlformats.org/officeDocument/2006/relationships', 'id')
  const target = [...(relations?.getElementsByTagNameNS('*', 'Relationship') ?? [])].find((each) => each.getAttribute('Id') === id)?.getAttribute('Target')
  const sheet = target ? await xml(target.startsWith('/') ? target.slice(1) : `xl/${target}`) : null
  const texts = [...(strings?.getElementsByTagNameNS('*', 'si') ?? [])].map((each) => textsIn(each))
  const dates = dateStyles(styles)
  const is1904 = ['1', 'true'].includes(book?.getElementsByTagNameNS('*', 'workbookPr')[0]?.getAttribute('date1904'))
  return [...(sheet?.getElementsByTagNameNS('*', 'row') ?? [])].slice(0, ROWS + 20).map((row) => {
    const cells = []
    for (const cell of row.getElementsByTagNameNS('*', 'c')) cells[columnOf(cell.getAttribute('r') ?? '') ?? cells.length] = valueOf(cell, texts, dates, is1904)
    return Array.from(cells, (each) => each ?? '')
  })
}

// Without what is read aloud for a name (rPh).
const textsIn = (element) => [...element.getElementsByTagNameNS('*', 't')].filter((each) => each.parentNode.localName !== 'rPh').map((each) => each.textContent).join('')

function valueOf(cell, texts, dates, is1904) {
  const type = cell.getAttribute('t')
  if (type === 'inlineStr') return textsIn(cell)
  const value = cell.getElementsByTagNameNS('*', 'v')[0]?.textContent ?? ''
  if (type === 's') return texts[Number(value)] ?? ''
  if (type === 'b') return value === '1' ? 'true' : 'false'
  if (value && (!type || type === 'n') && dates.has(cell.getAttribute('s'))) return day(Number(value) + (is1904 ? 1462 : 0))
  return value
}

function day(serial) {
  const moment = new Date(Math.round((serial - 25569) * 86400) * 1000)
  if (Number.isNaN(moment.getTime())) return ''
  return serial % 1 ? moment.toISOString().slice(0, 19) : moment.toISOString().slice(0, 10)
}

// Styles that show a number as a day.
function dateStyles(styles) {
  const own = new Map([...(styles?.getElementsByTagNameNS('*', 'numFmt') ?? [])].map((each) => [each.getAttribute('numFmtId'), each.getAttribute('formatCode')]))
  const cells = styles?.getElementsByTagNameNS('*', 'cellXfs')[0]?.children ?? []
  const isDate = (id) => (own.has(id) ? /[yYdD年日]/.test(own.get(id).replace(/"[^"]*"|\[[^\]]*\]/g, '')) : [14, 15, 16, 17, 22].includes(Number(id)))
  return new Set([...cells].flatMap((each, index) => (isDate(each.getAttribute('numFmtId')) ? [String(index)] : [])))
}

function columnOf(reference) {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0]
  return letters ? [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1 : undefined
}

// Of a zip: name to [method, start of the local header, packed size].
function entries(bytes) {
  const view = new DataView(bytes.buffer)
  const found = new Map()
  let end = bytes.length - 22
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1
  if (end < 0) return found
  let at = view.getUint32(end + 16, true)
  for (let left = view.getUint16(end + 10, true); left > 0 && view.getUint32(at, true) === 0x02014b50; left -= 1) {
    const length = view.getUint16(at + 28, true)
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length))
    found.set(name, [view.getUint16(at + 10, true), view.getUint32(at + 42, true), view.getUint32(at + 20, true)])
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return found
}

async function inflated(bytes, [method, start, size]) {
  const view = new DataView(bytes.buffer)
  const from = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true)
  const packed = bytes.subarray(from, from + size)
  if (method === 0) return packed
  // What unpacks to more than this is no table of an office.
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  const chunks = []
  let total = 0
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    total += value.length
    if (total > 3 * LARGEST) throw new Error('too large')
    chunks.push(value)
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}
