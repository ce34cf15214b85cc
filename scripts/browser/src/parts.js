// Which parts of a table are worth reading: by the bounds of its row groups, then of their pages.
import { compare } from './values.js'

const WORTH = 10_000 // rows of a group above which its pages are looked at
const MOST = 0.6 // of a group's rows: where more may pass, all of it is read in one go

/** Groups that may hold something. `tests`: `{ name, index, may }`, where `may` is asked about bounds. */
export const groupsOf = (table, tests) => table.groups.filter((group) => tests.every(({ index, may }) => may(group.bounds[index])))

/** Ranges of rows within a group, counted from its first, whose pages may hold something. */
export async function rangesOf(table, group, tests) {
  const all = [[0, group.rows]]
  if (group.rows <= WORTH || !tests.length) return all
  let ranges = all
  for (const [{ may }, pages] of await Promise.all(tests.map(async (test) => [test, await table.pages(test.name, group)]))) {
    if (pages) ranges = shared(ranges, pages.filter(may).map(({ from, to }) => [from, to]))
  }
  const kept = ranges.reduce((sum, [from, to]) => sum + to - from, 0)
  return kept > group.rows * MOST ? all : ranges
}

/** Rows that are in both lists of ranges. */
function shared(a, b) {
  const out = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const from = Math.max(a[i][0], b[j][0])
    const to = Math.min(a[i][1], b[j][1])
    if (from < to) {
      if (out.length && out.at(-1)[1] === from) out.at(-1)[1] = to
      else out.push([from, to])
    }
    if (a[i][1] < b[j][1]) i++
    else j++
  }
  return out
}

/** Columns of a range of a group's rows, each an array. */
export function columnsOf(table, group, [from, to], names) {
  const whole = to - from === group.rows
  return Promise.all(names.map((name) => (whole ? table.column(name, group) : table.range(name, group.start + from, group.start + to))))
}

/** What `read` gives for each of `items` in turn, while the next `ahead` are on their way. */
export async function* inTurn(items, read, ahead = 3) {
  const reading = []
  const begin = (n) => {
    if (n >= items.length) return
    reading[n] = read(items[n])
    reading[n].catch(() => {}) // told when its turn comes
  }
  for (let n = 0; n < Math.min(ahead, items.length); n++) begin(n)
  for (let n = 0; n < items.length; n++) {
    begin(n + ahead)
    const found = await reading[n]
    reading[n] = null
    yield [items[n], found]
  }
}

/** Values of single rows, in the order of `ids`. Blocks are asked for at once, so that their requests go together. */
export async function gathered(table, name, ids) {
  const blocks = []
  let last = null
  const places = Array.from(ids, (id) => {
    const holds = (block) => id >= block.from && id < block.to
    if (!last || !holds(last)) {
      last = blocks.find(holds)
      if (!last) blocks.push((last = table.block(name, id)))
    }
    return last
  })
  await Promise.all(blocks.map(async (block) => (block.ready = await block.values)))
  return places.map((block, n) => block.ready[ids[n] - block.from])
}

const AT_ONCE = 200 // rows, whose pages are asked for together, wherever they are
const SCATTERED = 20 // a row in so many: then a group's column is read whole, and not by its pages

/** Values of many rows that ascend; `between` is waited for after each row group and told how many are done. */
export async function valuesOf(table, name, ids, between = () => {}) {
  if (ids.length <= AT_ONCE) return gathered(table, name, ids)
  const out = new Array(ids.length)
  const shares = []
  for (let first = 0; first < ids.length; ) {
    const group = table.groupOf(ids[first])
    let last = first
    while (last < ids.length && ids[last] < group.start + group.rows) last++
    shares.push({ group, first, last })
    first = last
  }
  const many = ({ group, first, last }) => last - first > group.rows / SCATTERED
  const read = (share) => (many(share) ? table.column(name, share.group) : gathered(table, name, ids.slice(share.first, share.last)))
  for await (const [share, values] of inTurn(shares, read)) {
    const { group, first, last } = share
    const whole = many(share)
    for (let i = first; i < last; i++) out[i] = whole ? values[ids[i] - group.start] : values[i - first]
    await between(last)
  }
  return out
}

/** Kinds whose bounds tell the first: doubles have NaN beyond them, those of texts may be cut. */
export const BOUNDED = new Set(['integer', 'decimal', 'date', 'moment'])

const TOGETHER = 8 // pages
const HOPELESS = 0.25 // of all pages: where so many may hold one of the first rows, the column is read as a whole

/**
 * The first `wanted` rows by a column, without reading it all: pages in the order of their bounds, until no other can hold
 * one of the first. `take(page, last)` reads its rows and gives those that count, and come before `last` if there is such a one, as `{ keys, … }`, where `keys[0]` is the column's value
 * and not missing; `order` compares two of those, by that value and, if it is not `alone`, by others.
 * Null where that is not to be had: no bounds, missing values among the first, or too many pages with equal ones.
 */
export async function firstBy(table, column, { wanted, down, alone, order, take }) {
  const all = await Promise.all(table.groups.map((group) => table.pages(column.name, group)))
  if (all.some((pages) => !pages)) return null
  const best = (page) => (down ? page.max : page.min)
  const pages = all.flatMap((each, g) => each.map((page) => ({ ...page, group: table.groups[g] }))).filter((page) => page.nulls !== page.rows)
  if (pages.some((page) => best(page) === undefined || Number.isNaN(best(page)))) return null
  const way = down ? -1 : 1
  pages.sort((a, b) => way * compare(best(a), best(b)) || a.group.start + a.from - b.group.start - b.from)
  // Rows that are alike in all keys stand as in the file; where there are more keys, each page with the first value counts.
  if (!alone && pages.length && pages.filter((page) => !compare(best(page), best(pages[0]))).length > pages.length * HOPELESS) return null
  let found = []
  for (let n = 0; ; n += TOGETHER) {
    const last = found.length >= wanted ? found[wanted - 1] : null
    const after = (page) => last && (way * compare(last.keys[0], best(page)) || (alone && last.id - page.group.start - page.from)) < 0
    const next = pages.slice(n, n + TOGETHER).filter((page) => !after(page))
    if (!next.length) return last ? found : null
    if (n > pages.length * HOPELESS) return null
    for (const some of await Promise.all(next.map((page) => take(page, last)))) found.push(...some)
    found = found.sort(order).slice(0, wanted)
  }
}
