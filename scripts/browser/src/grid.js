// A table of any length: only what is in sight is in the page. The focus stays on the grid, which tells its active cell.
import { element } from './client.js'

const HIGHEST = 6_000_000 // pixels: browsers end between 17 and 33 million
const BLOCK = 20 // rows that are asked for together: in a sorted view each may be in another page
const MARGIN = 160 // pixels beside the sight in which columns are there already

export class Grid {
  /** `fetch(start, count, names)` gives `{ ids, texts }`; `open(row, column)` is told of a cell to be looked at closely. */
  constructor({ label, columns, format, fetch, header = null, open = null }) {
    Object.assign(this, { format, fetch, header, openCell: open })
    this.active = { row: 0, column: 0 } // row 0 is the head
    Object.assign(this, { count: 0, height: 36, headHeight: 36, real: 0, top: 0, last: 0 })
    this.blocks = new Map()
    this.version = 0
    this.rows = []
    this.head = element('div', { role: 'row', className: 'x-head', ariaRowIndex: '1' })
    this.body = element('div', { role: 'rowgroup', className: 'x-body' })
    this.layer = element('div', { role: 'grid', tabIndex: 0, className: 'x-grid', ariaLabel: label }, element('div', { role: 'rowgroup' }, this.head), this.body)
    this.size = element('div', { className: 'x-size' }, this.layer)
    this.node = element('div', { className: 'x-scroll' }, this.size)
    this.node.addEventListener('scroll', () => this.#scrolled(), { passive: true })
    this.layer.addEventListener('keydown', (event) => this.#key(event))
    this.layer.addEventListener('click', (event) => this.#click(event))
    new ResizeObserver(() => this.#draw()).observe(this.node)
    this.id = `x${Math.random().toString(36).slice(2, 8)}`
    this.setColumns(columns)
    this.setCount(0)
  }

  setColumns(columns) {
    this.columns = columns
    let left = 0
    this.places = columns.map((column) => {
      const place = { left, width: column.width }
      left += column.width
      return place
    })
    this.size.style.width = `${left}px`
    this.layer.setAttribute('aria-colcount', String(columns.length))
    this.head.replaceChildren(...columns.map((column, c) => {
      const cell = element('div', { role: 'columnheader', id: `${this.id}-0-${c}`, ariaColIndex: String(c + 1), className: `x-cell${column.numeric ? ' n' : ''}` })
      if (this.header) this.header(cell, column)
      else cell.append(column.title || column.name)
      this.#put(cell, c)
      return cell
    }))
    for (const row of this.rows) row.node.remove()
    this.rows = []
    this.active.column = Math.min(this.active.column, Math.max(0, columns.length - 1))
    this.#draw()
  }

  #put(cell, c) {
    cell.style.left = `${this.places[c].left}px`
    cell.style.width = `${this.places[c].width}px`
  }

  /** How many rows there are to see; `fresh`: they are others than before. */
  setCount(count, fresh = true) {
    this.count = count
    this.layer.setAttribute('aria-rowcount', String(count + 1))
    if (fresh) {
      this.version++
      this.blocks.clear()
    } else this.blocks.delete(Math.floor((this.known ?? 0) / BLOCK))
    this.known = count
    this.active.row = Math.min(this.active.row, count)
    this.#measure()
    this.#draw()
  }

  #measure() {
    this.headHeight = this.head.offsetHeight || 36
    const whole = this.count * this.height
    this.real = Math.min(whole, HIGHEST)
    this.size.style.height = `${this.real + this.headHeight}px`
  }

  get sight() {
    return Math.max(0, this.node.clientHeight - this.headHeight)
  }

  get furthest() {
    return Math.max(0, this.count * this.height - this.sight)
  }

  get realFurthest() {
    return Math.max(0, this.real - this.sight)
  }

  // Where all rows are higher than a browser allows, small steps go row by row, and large ones by share of the whole.
  #scrolled() {
    const now = this.node.scrollTop
    const step = now - this.last
    const scale = this.realFurthest ? this.furthest / this.realFurthest : 1
    if (scale === 1) this.top = now
    else if (now <= 0) this.top = 0
    else if (now >= this.realFurthest - 1) this.top = this.furthest
    else if (Math.abs(step) > this.sight * 2) this.top = now * scale
    else this.top = Math.min(this.furthest, Math.max(0, this.top + step))
    this.last = now
    this.#draw()
    clearTimeout(this.settling)
    if (scale !== 1) this.settling = setTimeout(() => this.#bar(), 200)
  }

  #bar() {
    const scale = this.realFurthest ? this.furthest / this.realFurthest : 1
    const wanted = this.top >= this.furthest ? this.realFurthest : Math.min(this.realFurthest - 2, Math.max(this.top > 0 ? 1 : 0, this.top / scale))
    this.last = wanted
    if (Math.abs(this.node.scrollTop - wanted) > 1) this.node.scrollTop = wanted
    this.last = this.node.scrollTop
  }

  /** Moves so that the row, counted from 0, is in sight. */
  show(row) {
    const at = row * this.height
    if (at < this.top) this.top = at
    else if (at + this.height > this.top + this.sight) this.top = at + this.height - this.sight
    else return
    this.top = Math.min(this.furthest, Math.max(0, this.top))
    this.#bar()
  }

  #draw() {
    if (!this.columns) return
    const high = this.head.offsetHeight
    if (high && high !== this.headHeight) this.#measure()
    this.top = Math.min(this.top, this.furthest)
    const first = Math.max(0, Math.floor(this.top / this.height))
    const many = Math.min(this.count - first, Math.ceil(this.sight / this.height) + 1)
    const from = this.node.scrollLeft - MARGIN
    const to = this.node.scrollLeft + this.node.clientWidth + MARGIN
    const seen = this.places.flatMap(({ left, width }, c) => (left + width > from && left < to ? [c] : []))
    while (this.rows.length < many) {
      const node = element('div', { role: 'row', className: 'x-row' })
      this.rows.push({ node, cells: new Map() })
      this.body.append(node)
    }
    const shift = -(this.top % this.height)
    for (const [n, row] of this.rows.entries()) {
      row.node.hidden = n >= many
      if (n >= many) continue
      row.node.style.transform = `translateY(${n * this.height + shift}px)`
      row.node.setAttribute('aria-rowindex', first + n + 2)
      this.#fill(row, first + n, seen)
    }
    this.#mark()
    this.#ask(first, many, seen)
  }

  #fill(row, number, seen) {
    const block = this.blocks.get(Math.floor(number / BLOCK))
    for (const [c, cell] of row.cells) {
      if (!seen.includes(c)) {
        cell.remove()
        row.cells.delete(c)
      }
    }
    for (const c of seen) {
      const column = this.columns[c]
      let cell = row.cells.get(c)
      if (!cell) {
        cell = element('div', { role: 'gridcell', ariaColIndex: String(c + 1), className: `x-cell${column.numeric ? ' n' : ''}` })
        this.#put(cell, c)
        row.cells.set(c, cell)
        const after = [...row.cells.entries()].filter(([other]) => other > c).sort(([a], [b]) => a - b)[0]?.[1]
        row.node.insertBefore(cell, after ?? null)
      }
      cell.id = `${this.id}-${number + 1}-${c}`
      const texts = block?.texts[column.name]
      const text = texts?.[number % BLOCK]
      const state = text === undefined ? 'wait' : `${this.version} ${number}`
      if (cell.state === state) continue
      cell.state = state
      cell.classList.toggle('wait', text === undefined)
      if (text === undefined) cell.textContent = '…'
      else this.format.into(cell, text, column)
    }
  }

  // Blocks that are in sight and not there. While somebody scrolls on, nothing is asked.
  #ask(first, many, seen) {
    if (!many || !seen.length) return
    const wanted = []
    for (let block = Math.floor(first / BLOCK); block <= Math.floor((first + many - 1) / BLOCK); block++) {
      const there = this.blocks.get(block)
      const names = seen.map((c) => this.columns[c].name).filter((name) => !there || !(name in there.texts))
      if (names.length) wanted.push([block, names])
    }
    clearTimeout(this.asking)
    if (!wanted.length) return
    // Column by column: what is there already need not wait for the others.
    const go = () => wanted.forEach(([block, names]) => names.forEach((name) => this.#load(block, [name])))
    if (this.blocks.size) this.asking = setTimeout(go, 60)
    else go()
  }

  async #load(block, names) {
    const there = this.blocks.get(block) ?? { texts: {}, ids: [] }
    this.blocks.set(block, there)
    for (const name of names) there.texts[name] ??= []
    const { version } = this
    const start = block * BLOCK
    try {
      const { ids, texts } = await this.fetch(start, BLOCK, names)
      if (version !== this.version) return
      there.ids = ids
      names.forEach((name, n) => (there.texts[name] = texts[n]))
      for (const old of this.blocks.keys()) {
        if (this.blocks.size <= 60) break
        if (Math.abs(old - block) > 20) this.blocks.delete(old)
      }
    } catch (trouble) {
      for (const name of names) delete there.texts[name]
      this.failed?.(trouble)
      return
    }
    this.#draw()
  }

  // ---- the active cell

  #mark() {
    const { row, column } = this.active
    const id = `${this.id}-${row}-${column}`
    const now = this.layer.querySelector(`[id="${id}"]`)
    const before = this.layer.querySelector('.active')
    if (before !== now) before?.classList.remove('active')
    now?.classList.add('active')
    if (now) this.layer.setAttribute('aria-activedescendant', id)
    else this.layer.removeAttribute('aria-activedescendant')
  }

  activate(row, column) {
    this.active = { row: Math.min(this.count, Math.max(0, row)), column: Math.min(this.columns.length - 1, Math.max(0, column)) }
    if (this.active.row) this.show(this.active.row - 1)
    const { left, width } = this.places[this.active.column]
    if (left < this.node.scrollLeft) this.node.scrollLeft = left
    else if (left + width > this.node.scrollLeft + this.node.clientWidth) this.node.scrollLeft = left + width - this.node.clientWidth
    this.#draw()
  }

  #key(event) {
    const { row, column } = this.active
    const page = Math.max(1, Math.floor(this.sight / this.height) - 1)
    const far = event.ctrlKey || event.metaKey
    const move = {
      ArrowUp: [far ? 1 : row - 1, column], ArrowDown: [far ? this.count : row + 1, column],
      ArrowLeft: [row, far ? 0 : column - 1], ArrowRight: [row, far ? this.columns.length - 1 : column + 1],
      PageUp: [Math.max(1, row - page), column], PageDown: [row + page, column],
      Home: [far ? Math.min(1, this.count) : row, 0], End: [far ? this.count : row, this.columns.length - 1],
    }[event.key]
    if (move) this.activate(...move)
    else if ((event.key === 'Enter' || event.key === ' ') && this.columns.length) {
      if (row) this.openCell?.(row - 1, this.columns[column])
      else this.headKey?.(this.columns[column], event.key)
    } else return
    event.preventDefault()
  }

  #click(event) {
    const cell = event.target.closest('[role="gridcell"]')
    if (!cell || event.target.closest('a')) return
    const [row, column] = cell.id.split('-').slice(1).map(Number)
    const again = this.active.row === row && this.active.column === column
    this.active = { row, column }
    this.layer.focus({ preventScroll: true })
    this.#mark()
    if (again || cell.scrollWidth > cell.clientWidth || matchMedia('(pointer: coarse)').matches) this.openCell?.(row - 1, this.columns[column])
  }
}

/** A width in pixels that suits the first values of a column. */
export function widthOf(column, texts, format) {
  const wide = (text) => Array.from(text).reduce((sum, sign) => sum + (sign > '⺀' ? 15 : 8.2), 0)
  // Days and moments may all be short at first: the widest is looked at as well.
  const widest = { date: ['2000-12-28'], moment: ['2000-12-28T23:58:58'] }[column.kind] ?? []
  const few = texts.slice(0, 50).map((text) => wide(format.plain(text, column).slice(0, 60))).sort((a, b) => a - b)
  const usual = Math.max(few[Math.floor(few.length * 0.9)] ?? 60, ...widest.map((text) => wide(format.plain(text, column))))
  const title = Math.max(wide(column.title || column.name), wide(column.name) * 0.9) + 44
  return Math.round(Math.min(320, Math.max(88, title, usual * 1.06 + 28)))
}
