// A Parquet file of the site as a table: exact values by column and range of rows, and bounds that tell what to skip.
import { decompress } from 'fzstd'
// Its parts, not its front door: that brings planning, filters of its own and types that our files never have.
import { readColumn } from 'hyparquet/src/column.js'
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js'
import { readColumnIndex, readOffsetIndex } from 'hyparquet/src/indexes.js'
import { parquetMetadataAsync, parquetSchema } from 'hyparquet/src/metadata.js'
import { RangeFile, Trouble } from './file.js'
import { whole } from './values.js'

const compressors = { ZSTD: (input, length) => decompress(input, new Uint8Array(length)) }
const BLOCK = 5_000 // rows that are read and kept together: a page
const KEPT = 24_000_000 // values

// hyparquet would make a float of a decimal and cut microseconds: it is given the physical types, and we do the rest.
const plainly = { dateFromDays: (n) => n, timestampFromMilliseconds: (n) => n * 1000n, timestampFromMicroseconds: (n) => n }

function kindOf(element) {
  const { type, converted_type: converted, logical_type: logical, scale = 0 } = element
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') return { kind: 'decimal', scale: logical?.scale ?? scale }
  if (converted === 'DATE' || logical?.type === 'DATE') return { kind: 'date' }
  if (logical?.type === 'TIMESTAMP' || converted?.startsWith('TIMESTAMP')) {
    const milli = logical?.unit === 'MILLIS' || converted === 'TIMESTAMP_MILLIS'
    return { kind: 'moment', utc: logical ? Boolean(logical.isAdjustedToUTC) : true, factor: milli ? 1000n : 1n }
  }
  if (type === 'BOOLEAN') return { kind: 'boolean' }
  if (type === 'INT32' || type === 'INT64') return { kind: 'integer' }
  if (type === 'FLOAT' || type === 'DOUBLE') return { kind: 'double' }
  if (type === 'BYTE_ARRAY') return { kind: 'text' }
  throw new Trouble('x_unreadable')
}

function ofBytes(bytes) {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return BigInt.asIntN(bytes.length * 8, value)
}

/** A value as the file has it, in the form of values.js. */
function canonical(raw, column) {
  if (raw === null || raw === undefined) return null
  if (column.factor > 1n) return whole(raw * column.factor)
  if (raw instanceof Uint8Array) return whole(ofBytes(raw))
  return whole(raw)
}

function canonicals(data, column) {
  if (column.kind === 'text' || column.kind === 'boolean' || column.kind === 'double' || data instanceof Int32Array) {
    if (!Array.isArray(data)) return data
    for (let i = 0; i < data.length; i++) if (data[i] === undefined) data[i] = null
    return data
  }
  const out = new Array(data.length)
  for (let i = 0; i < data.length; i++) out[i] = canonical(data[i], column)
  return out
}

/** Bounds from a chunk's statistics. hyparquet has made floats of decimals: they are widened to be bounds still. */
function boundsOf(statistics, column, rows) {
  if (!statistics) return { rows }
  const { min_value: min, max_value: max, null_count: nulls } = statistics
  const bounds = { rows, nulls: nulls === undefined ? undefined : Number(nulls) }
  if (min === undefined || max === undefined || Number.isNaN(min) || Number.isNaN(max)) return bounds
  if (column.kind !== 'decimal') return { ...bounds, min: whole(min), max: whole(max) }
  const widened = (value, way) => {
    const near = value * 10 ** column.scale
    return near + way * (Math.abs(near) * 1e-14 + 1)
  }
  return { ...bounds, min: widened(min, -1), max: widened(max, 1) }
}

export class Table {
  #metadata
  #file
  #paths
  #pages = new Map()
  #kept = new Map()
  #count = 0

  /** `footer`: bytes of the metadata at the end of the file, as the page states them. */
  static async open({ url, bytes, footer, limit, onWhole }) {
    const file = new RangeFile({ url, bytes, limit, onWhole })
    let metadata
    try {
      metadata = await parquetMetadataAsync(file, { initialFetchSize: footer + 8, parsers: plainly, geoparquet: false })
    } catch (error) {
      throw error instanceof Trouble ? error : new Trouble('x_unreadable')
    }
    return new Table(file, metadata)
  }

  constructor(file, metadata) {
    this.#file = file
    this.#metadata = metadata
    const about = metadata.key_value_metadata?.find((each) => each.key === 'kaishu:resource')?.value
    this.schema = about ? JSON.parse(about).schema ?? {} : {}
    const fields = new Map((this.schema.fields ?? []).map((field) => [field.name, field]))
    const elements = metadata.schema.slice(1)
    if (elements.some((each) => each.num_children)) throw new Trouble('x_unreadable')
    this.elements = elements.map((each) => ({ ...each }))
    this.columns = elements.map((element) => ({ name: element.name, ...kindOf(element), field: fields.get(element.name) ?? {} }))
    this.byName = new Map(this.columns.map((column, index) => [column.name, { ...column, index }]))
    this.rows = Number(metadata.num_rows)
    let start = 0
    this.groups = metadata.row_groups.map((group, index) => {
      const rows = Number(group.num_rows)
      const made = { index, start, rows, bounds: this.columns.map((column, n) => boundsOf(group.columns[n].meta_data.statistics, column, rows)) }
      start += rows
      return made
    })
    for (const element of elements) {
      if (element.type !== 'BYTE_ARRAY') {
        delete element.converted_type
        delete element.logical_type
      }
    }
    const tree = parquetSchema(metadata)
    this.#paths = tree.children.map((child) => [tree, child])
  }

  get ranges() {
    return this.#file.ranges
  }

  get received() {
    return this.#file.received
  }

  get keyValues() {
    return this.#metadata.key_value_metadata ?? []
  }

  groupOf(row) {
    let low = 0
    let high = this.groups.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.groups[middle].start <= row) low = middle
      else high = middle - 1
    }
    return this.groups[low]
  }

  /** All values of a column in a row group. */
  column(name, group) {
    return this.#read(name, group.start, group.start + group.rows)
  }

  /** The block of rows that `row` is in: its first row, the one after its last, and what it holds. */
  block(name, row) {
    const group = this.groupOf(row)
    const end = group.start + group.rows
    if (this.#kept.has(`${name}\n${group.start}\n${end}`)) return { from: group.start, to: end, values: this.column(name, group) }
    const from = group.start + Math.floor((row - group.start) / BLOCK) * BLOCK
    const to = Math.min(from + BLOCK, end)
    return { from, to, values: this.#read(name, from, to) }
  }

  /** Values of rows that follow each other within a group. */
  async range(name, from, to) {
    const parts = []
    for (let at = from; at < to; ) {
      const block = this.block(name, at)
      const stop = Math.min(to, block.to)
      parts.push([block.values, at - block.from, stop - block.from])
      at = stop
    }
    await Promise.all(parts.map(async (part) => (part[0] = await part[0])))
    if (parts.length === 1 && parts[0][1] === 0 && parts[0][2] === parts[0][0].length) return parts[0][0]
    const out = new Array(to - from)
    let n = 0
    for (const [values, first, last] of parts) for (let i = first; i < last; i++) out[n++] = values[i]
    return out
  }

  #read(name, from, to) {
    const key = `${name}\n${from}\n${to}`
    const kept = this.#kept.get(key)
    if (kept) return this.#touch(kept)
    const column = this.byName.get(name)
    const group = this.groupOf(from)
    const values = this.#decoded(column, group, from - group.start, to - group.start).then((data) => canonicals(data, column))
    const made = { key, values, size: to - from }
    values.catch(() => this.#forget(made))
    this.#kept.set(key, made)
    this.#count += made.size
    for (const oldest of this.#kept.values()) {
      if (this.#count <= KEPT || oldest === made) break
      this.#forget(oldest)
    }
    return values
  }

  #touch(kept) {
    this.#kept.delete(kept.key)
    this.#kept.set(kept.key, kept)
    return kept.values
  }

  #forget(kept) {
    if (this.#kept.delete(kept.key)) this.#count -= kept.size
  }

  // Rows `from` to `to` of a column in a row group: all of its bytes, or those of the pages that they are in.
  async #decoded({ index }, group, from, to) {
    const chunk = this.#metadata.row_groups[group.index].columns[index]
    const meta = chunk.meta_data
    const start = Number(meta.dictionary_page_offset || meta.data_page_offset)
    const end = start + Number(meta.total_compressed_size)
    let parts = null
    let first = 0
    if (to - from < group.rows && chunk.offset_index_offset) {
      const places = (await this.#places(index, group)).map((page) => ({ at: Number(page.offset), size: page.compressed_page_size, row: Number(page.first_row_index) }))
      const last = places.findLastIndex(({ row }) => row < to)
      const page = Math.max(0, places.findLastIndex(({ row }) => row <= from))
      first = places[page].row
      const pages = this.#file.slice(places[page].at, places[last].at + places[last].size)
      parts = places[0].at > start ? [this.#file.slice(start, places[0].at), pages] : [pages]
    }
    const buffers = await Promise.all(parts ?? [this.#file.slice(start, end)])
    const bytes = buffers.length === 1 ? new Uint8Array(buffers[0]) : new Uint8Array(await new Blob(buffers).arrayBuffer())
    const schemaPath = this.#paths[index]
    const decoder = { ...meta, pathInSchema: meta.path_in_schema, element: schemaPath[1].element, schemaPath, compressors, parsers: { ...DEFAULT_PARSERS, ...plainly } }
    const range = { groupStart: group.start + first, selectStart: from - first, selectEnd: to - first }
    const { data, skipped } = readColumn({ view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }, range, decoder)
    const all = data.length === 1 ? data[0] : data.flatMap((each) => Array.from(each))
    const cut = from - first - skipped
    return cut === 0 && all.length === to - from ? all : all.slice(cut, cut + to - from)
  }

  async #places(index, group) {
    const { offset_index_offset: offset, offset_index_length: length } = this.#metadata.row_groups[group.index].columns[index]
    const bytes = await this.#file.slice(Number(offset), Number(offset) + length)
    return readOffsetIndex({ view: new DataView(bytes), offset: 0 }).page_locations
  }

  /** The pages of a column in a row group, each with its rows and bounds; null where the file has no index of them. */
  async pages(name, group) {
    const { index } = this.byName.get(name)
    const key = `${index} ${group.index}`
    if (!this.#pages.has(key)) this.#pages.set(key, this.#readPages(index, group))
    return this.#pages.get(key)
  }

  async #readPages(index, group) {
    const chunk = this.#metadata.row_groups[group.index].columns[index]
    if (!chunk.column_index_offset || !chunk.offset_index_offset) return null
    const offset = Number(chunk.column_index_offset)
    const [bounds, locations] = await Promise.all([this.#file.slice(offset, offset + chunk.column_index_length), this.#places(index, group)])
    const column = this.columns[index]
    const element = this.#metadata.schema[index + 1]
    const found = readColumnIndex({ view: new DataView(bounds), offset: 0 }, element, plainly)
    return locations.map((location, n) => {
      const from = Number(location.first_row_index)
      const to = n + 1 < locations.length ? Number(locations[n + 1].first_row_index) : group.rows
      const nulls = found.null_counts ? Number(found.null_counts[n]) : undefined
      if (found.null_pages[n]) return { from, to, rows: to - from, nulls: to - from }
      return { from, to, rows: to - from, nulls, min: canonical(found.min_values[n], column), max: canonical(found.max_values[n], column) }
    })
  }
}
