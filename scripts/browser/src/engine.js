// The worker: reads the tables of a page. Each message has an `id`, under which progress and the answer are sent back.
import { Table } from './table.js'
import * as file from './file.js'
import * as parts from './parts.js'
import { savers } from './save.js'
import { View } from './view.js'
import * as values from './values.js'

// The script that answers queries runs in this worker, and takes from here what both need (build.js).
globalThis.lent = { file, parts, values }

const tables = new Map()
const views = new Map() // what is shown
const coming = new Map() // what is being worked on

function table(source, tell = () => {}) {
  if (!tables.has(source.url)) {
    const opened = Table.open({ ...source, onWhole: (bytes) => tell({ whole: bytes }) })
    opened.catch(() => tables.delete(source.url))
    tables.set(source.url, opened)
  }
  return tables.get(source.url)
}

const columnsOf = (opened) => opened.columns.map(({ name, kind, scale, utc, field }) => ({ name, kind, scale, utc, field }))

const actions = {
  async open({ source }, tell) {
    const opened = await table(source, tell)
    return { rows: opened.rows, columns: columnsOf(opened), schema: opened.schema, ranges: opened.ranges }
  },

  async view({ source, key, filters, sort, lang }, tell) {
    for (const before of [views.get(key), coming.get(key)]) if (before) before.cancelled = true
    const view = new View(await table(source, tell), { filters, sort, lang })
    coming.set(key, view)
    // What passes the filters can be looked at while it is found; an order there is only in the end.
    if (!sort.length) views.set(key, view)
    await view.run((progress) => {
      if (progress.first) views.set(key, view)
      tell(progress)
    })
    views.set(key, view)
    coming.delete(key)
    return { count: view.count, rows: view.table.rows, received: view.table.received }
  },

  async rows({ key, start, count, columns }) {
    const view = views.get(key)
    view.asked = (view.asked ?? 0) + 1
    const found = await view.rows(start, count, columns).finally(() => view.asked--)
    // Several questions come at once; each but the last finds another one open.
    setTimeout(() => view.asked || view.looked?.(), 50)
    const texts = found.map((column, c) => {
      const about = view.table.byName.get(columns[c])
      return Array.from(column, (value) => values.valueText(value, about))
    })
    return { start, ids: Array.from({ length: texts[0]?.length ?? 0 }, (_, n) => view.id(start + n)), texts }
  },

  async save({ key, as, columns, format, writer }, tell) {
    const seen = views.get(key)
    // A saver of its own, so that another view does not end the saving, and only its own cancel does.
    const view = Object.assign(Object.create(Object.getPrototypeOf(seen)), seen, { cancelled: false })
    views.set(as, view)
    const blob = await savers[format](view, columns.map((name) => view.table.byName.get(name)), tell, writer)
    views.delete(as)
    if (view.cancelled) throw new file.Trouble('x_cancelled')
    return { blob }
  },

  async cancel({ key }) {
    for (const view of [views.get(key), coming.get(key)]) if (view) view.cancelled = true
    return {}
  },

  async query({ sources, text, script, limits }, tell) {
    const { query } = await import(script)
    return query({ text, limits, tell, tables: Object.keys(sources), open: (name) => table(sources[name], tell), totals: (name) => sources[name].totals })
  },
}

addEventListener('message', async ({ data }) => {
  const { id, action, ...given } = data
  try {
    postMessage({ id, answer: await actions[action](given, (progress) => postMessage({ id, progress })) })
  } catch (error) {
    const known = typeof error.code === 'string'
    postMessage({ id, trouble: known ? { code: error.code, values: error.values ?? {}, at: error.at } : { code: 'x_failed', values: { message: String(error.message ?? error) } } })
  }
})
