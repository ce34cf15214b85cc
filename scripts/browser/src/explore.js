// "Explore": all rows of a table, read from its Parquet file as far as they are looked at.
import { dialog, element, Engine, save, Texts } from './client.js'
import { described, Format } from './format.js'
import { Grid, widthOf } from './grid.js'
import { empty, read, same, write } from './state.js'

export { described, element, Engine, Format, Grid, save, widthOf }

let engine = null
let texts = null

/** The worker and the words, which the parts of a page share. */
export async function ready(parts) {
  texts ??= new Texts(await parts.words)
  engine ??= new Engine(parts.urls.engine, parts.worker())
  return { engine, texts }
}

const button = (label, onclick, more = {}) => element('button', { type: 'button', className: 'x-button', onclick, ...more }, label)

class Explore extends HTMLElement {
  async open(parts) {
    if (this.parts) return this.querySelector('.x-grid')?.focus()
    this.parts = parts
    const { name } = this.dataset
    this.source = { url: new URL(this.dataset.href, document.baseURI).href, bytes: Number(this.dataset.bytes), footer: Number(this.dataset.footer), limit: Number(this.dataset.limit) }
    this.key = name
    this.status = element('p', { className: 'x-status', attributes: { role: 'status' } })
    this.querySelector('.open').hidden = true
    this.append(this.status)
    await ready(parts)
    this.format = new Format(texts)
    this.status.textContent = texts.get('x_reading')
    try {
      await this.#start()
    } catch (trouble) {
      this.#trouble(trouble)
    }
  }

  async #start() {
    const opened = await engine.call('open', { source: this.source }, (progress) => this.#tell(progress))
    this.total = opened.rows
    this.schema = opened.schema
    this.columns = opened.columns.map((column) => described(column, opened.schema, JSON.parse(this.dataset.titles ?? '{}')))
    this.byName = new Map(this.columns.map((column) => [column.name, column]))
    this.state = read(location.hash, this.key) ?? empty()
    await engine.call('view', { source: this.source, key: this.key, filters: [], sort: [], lang: texts.lang })
    const first = await engine.call('rows', { key: this.key, start: 0, count: 50, columns: this.columns.map(({ name }) => name) })
    for (const [c, column] of this.columns.entries()) column.width = widthOf(column, first.texts[c], this.format)
    this.#build()
    if (opened.ranges === false) this.note.prepend(element('p', { className: 'note' }, texts.get('x_no_ranges', { size: texts.size(this.source.bytes) })))
    addEventListener('popstate', () => this.#goTo(read(location.hash, this.key) ?? empty()))
    this.#statistics().then(() => this.grid.setColumns(this.shown ?? []))
    await this.#look()
  }

  #build() {
    this.note = element('div', {})
    this.chips = element('ul', { className: 'x-chips' })
    this.stop = button(texts.get('x_cancel'), () => this.#cancel(), { hidden: true })
    const tools = element(
      'div', { className: 'x-tools' },
      button(texts.get('x_columns'), () => this.#chooseColumns()),
      button(texts.get('x_filter'), () => this.#chooseFilter()),
      button(texts.get('x_save'), () => this.#download()),
      this.stop,
    )
    this.grid = new Grid({
      label: texts.get('x_grid', { name: this.dataset.title || this.key }),
      columns: [],
      format: this.format,
      fetch: (start, count, columns) => engine.call('rows', { key: this.key, start, count, columns }),
      header: (cell, column) => this.#header(cell, column),
      open: (row) => this.#details(row),
    })
    this.grid.headKey = (column, key) => (key === ' ' ? this.#sortBy(column, false) : this.#column(column))
    this.grid.failed = (trouble) => this.#trouble(trouble)
    this.replaceChildren(tools, this.status, this.chips, this.grid.node, this.note)
    this.note.append(element('p', { className: 'note' }, texts.get('x_keys')))
    const preview = this.parentElement.querySelector('.scroll')
    if (preview) preview.hidden = true
    const note = this.parentElement.querySelector('.preview-note')
    if (note) note.hidden = true
  }

  async #statistics() {
    this.stats = new Map()
    try {
      const answer = await fetch(this.dataset.stats)
      const { tables } = await answer.json()
      for (const column of tables.find(({ name }) => name === this.key)?.columns ?? []) this.stats.set(column.name, column)
    } catch {
      // Without them there are no pictures; everything else works.
    }
  }

  // ---- what is asked for

  /** Another view: shown, and put into the address. */
  #change(change) {
    const next = { ...this.state, ...change }
    if (same(next, this.state)) return
    history.pushState(null, '', write(this.key, next))
    this.#goTo(next)
  }

  #goTo(next) {
    if (same(next, this.state)) return
    this.state = next
    this.#look().catch((trouble) => this.#trouble(trouble))
  }

  #look() {
    this.viewing = this.#view()
    return this.viewing
  }

  async #view() {
    const { filters, sort } = this.state
    const shown = (this.state.show ?? []).filter((name) => this.byName.has(name))
    this.shown = shown.length ? shown.map((name) => this.byName.get(name)) : this.columns
    this.grid.setColumns(this.shown)
    this.#showChips()
    const asked = JSON.stringify({ filters, sort })
    if (asked === this.asked) return
    this.asked = asked
    const turn = (this.turn = (this.turn ?? 0) + 1)
    const long = filters.length || sort.length
    this.stop.hidden = !long
    if (long) this.status.textContent = texts.get('x_reading')
    let first = true
    this.first = 0
    try {
      const { count } = await engine.call('view', { source: this.source, key: this.key, filters, sort, lang: texts.lang }, (progress) => {
        if (turn !== this.turn) return
        this.#tell(progress)
        if (progress.first) {
          this.grid.setCount(progress.first)
          this.grid.node.scrollTop = 0
        } else if (progress.sorting === false && !sort.length) {
          this.grid.setCount(progress.count, first)
          first = false
        }
      })
      if (turn !== this.turn) return
      this.count = count
      this.grid.setCount(count)
      this.grid.node.scrollTop = 0
      this.status.textContent = this.#sentence()
      this.partial = false
    } catch (trouble) {
      if (turn !== this.turn) return
      this.asked = null
      if (trouble.code !== 'x_cancelled') throw trouble
      this.#cancelled()
    } finally {
      if (turn === this.turn) this.stop.hidden = true
    }
  }

  #sentence() {
    if (!this.state.filters.length) return texts.get('x_all_rows', { rows: this.total })
    return texts.get('x_rows', { count: this.count, rows: this.total })
  }

  #tell(progress) {
    if (progress.whole) this.status.textContent = texts.get('x_whole', { size: texts.size(progress.whole) })
    else if (progress.first) this.first = progress.first
    else if (progress.sorting && this.first) this.status.textContent = texts.get('x_first', { count: this.first, rows: progress.rows, share: `${Math.round(progress.share * 100)} %` })
    else if (progress.sorting) this.status.textContent = texts.get('x_sorting', { count: progress.count, rows: progress.rows, share: `${Math.round(progress.share * 100)} %` })
    else if (progress.seen < progress.rows) this.status.textContent = texts.get('x_so_far', { count: progress.count, rows: progress.rows, share: `${Math.round((progress.seen / progress.rows) * 100)} %` })
  }

  // Asked to stop, the worker stops between two row groups; if it is deep in something, it is ended.
  #cancel() {
    const { turn } = this
    engine.call('cancel', { key: this.key }).catch(() => {})
    setTimeout(() => {
      if (this.turn === turn && !this.stop.hidden) engine.restart()
    }, 500)
  }

  #cancelled() {
    this.stop.hidden = true
    this.state = { ...this.state, filters: [], sort: [] }
    history.replaceState(null, '', write(this.key, this.state))
    this.#look().then(() => (this.status.textContent = `${texts.get('x_cancelled')} ${this.#sentence()}`)).catch((trouble) => this.#trouble(trouble))
  }

  #trouble(trouble) {
    const text = texts ? texts.trouble(trouble.code ? trouble : { code: 'x_failed', values: { message: String(trouble) } }) : String(trouble)
    this.status.textContent = text
    this.status.classList.add('trouble')
    setTimeout(() => this.status.classList.remove('trouble'), 8000)
    if (!this.grid) {
      this.append(element('p', {}, element('a', { href: '#download' }, texts.get('x_to_downloads'))))
      this.parts = null
    }
  }

  // ---- the head of a column

  #header(cell, column) {
    const place = this.state.sort.findIndex((each) => each.column === column.name)
    const sorted = this.state.sort[place]
    cell.setAttribute('aria-sort', sorted ? (sorted.down ? 'descending' : 'ascending') : 'none')
    const filtered = this.state.filters.some((each) => each.column === column.name)
    const title = element(
      'button', { type: 'button', tabIndex: -1, className: 'x-title', title: texts.get('x_sort_by', { name: column.title || column.name }), onclick: (event) => this.#sortBy(column, event.shiftKey) },
      element('span', { className: 'x-name' }, column.title || column.name),
      column.title || column.unit ? element('code', {}, column.title ? column.name : '', column.unit ? `${column.title ? ' · ' : ''}${column.unit}` : '') : null,
      sorted ? element('span', { className: 'x-arrow', attributes: { 'aria-hidden': 'true' } }, `${sorted.down ? '↓' : '↑'}${this.state.sort.length > 1 ? place + 1 : ''}`) : null,
    )
    const more = element('button', { type: 'button', tabIndex: -1, className: `x-more${filtered ? ' on' : ''}`, onclick: () => this.#column(column), attributes: { 'aria-label': texts.get('x_about_column', { name: column.title || column.name }) } }, filtered ? '▼' : '▾')
    cell.append(element('div', { className: 'x-label' }, title, more))
    const bars = this.#bars(column)
    if (bars.length) {
      const highest = Math.max(...bars.map(({ count }) => count))
      const picture = element('div', { className: 'x-mini', attributes: { 'aria-hidden': 'true' } })
      for (const bar of bars) {
        const made = element('span', { title: `${bar.label}: ${texts.number.format(bar.count)}`, onclick: () => this.#toggle(column, bar) })
        made.style.height = `${Math.max(4, Math.round((bar.count / highest) * 100))}%`
        made.classList.toggle('on', this.#chosen(column, bar))
        picture.append(made)
      }
      cell.append(picture)
    } else if (this.stats?.size) cell.append(element('div', { className: 'x-mini' }))
  }

  /** Steps of a histogram, or the most frequent values; each with the filters that a click sets. */
  #bars(column) {
    const about = this.stats?.get(column.name)
    if (!about) return []
    if (about.histogram && column.kind !== 'text') {
      const { edges, counts } = about.histogram
      const shown = (edge) => this.format.plain(edge, column)
      return counts.map((count, n) => ({
        count, label: texts.get('x_between', { from: shown(edges[n]), to: shown(edges[n + 1]) }),
        filters: [{ column: column.name, op: 'from', value: edges[n] }, { column: column.name, op: n === counts.length - 1 ? 'to' : 'below', value: edges[n + 1] }],
      }))
    }
    return (about.frequent?.values ?? []).map(({ value, count }) => ({ count, label: this.format.plain(value, column), value, filters: [{ column: column.name, op: 'is', value }] }))
  }

  #chosen(column, bar) {
    return bar.filters.every((filter) => this.state.filters.some((each) => same(each, filter)))
  }

  #toggle(column, bar) {
    const others = this.state.filters.filter((each) => each.column !== column.name)
    const mine = this.state.filters.filter((each) => each.column === column.name)
    if (this.#chosen(column, bar)) this.#change({ filters: [...others, ...mine.filter((each) => !bar.filters.some((filter) => same(each, filter)))] })
    else if (bar.value !== undefined) this.#change({ filters: [...others, ...mine.filter(({ op }) => op === 'is'), ...bar.filters] })
    else this.#change({ filters: [...others, ...bar.filters] })
  }

  #sortBy(column, add) {
    const now = this.state.sort.find((each) => each.column === column.name)
    const others = add ? this.state.sort.filter((each) => each.column !== column.name) : []
    const next = !now ? { column: column.name, down: false } : !now.down ? { column: column.name, down: true } : null
    this.#change({ sort: next ? [...others, next] : others })
  }

  // ---- dialogs

  #opened(made) {
    this.append(made)
    made.addEventListener('close', () => this.querySelector('.x-grid')?.focus({ preventScroll: true }))
    made.showModal()
  }

  #column(column) {
    const about = this.stats?.get(column.name)
    const name = column.title || column.name
    const sort = this.state.sort.find((each) => each.column === column.name)
    const way = (label, next) => button(label, () => (made.close(), this.#change({ sort: next ? [{ column: column.name, down: next === 'down' }] : [] })), { className: `x-button${(sort ? (sort.down ? 'down' : 'up') : '') === next ? ' on' : ''}` })
    const facts = element('dl', { className: 'x-facts' })
    const fact = (label, value) => facts.append(element('div', {}, element('dt', {}, label), element('dd', {}, value)))
    const field = column.field ?? {}
    fact(texts.get('x_name'), element('code', {}, column.name))
    fact(texts.get('x_type'), `${texts.kind(column.kind)}${column.unit ? ` · ${column.unit}` : ''}`)
    if (about) {
      const shown = (value) => this.format.plain(value, column)
      if (about.min) fact(texts.get('x_range'), texts.get('x_between', { from: shown(about.min), to: shown(about.max) }))
      if (about.mean) fact(texts.get('x_mean'), this.format.number(about.mean))
      if (about.quantiles?.values['50']) fact(texts.get('x_median'), shown(about.quantiles.values['50']))
      if (about.distinct) fact(texts.get('x_distinct'), `${about.distinct.exact ? '' : '≈ '}${texts.number.format(about.distinct.value)}`)
      fact(texts.get('x_missing_values'), texts.number.format(about.nulls))
    }
    const made = dialog(
      texts, name,
      field.description ? element('p', {}, field.description) : null,
      element('div', { className: 'x-tools' }, way(texts.get('x_ascending'), 'up'), way(texts.get('x_descending'), 'down'), way(texts.get('x_unsorted'), ''), button(texts.get('x_hide'), () => (made.close(), this.#hide(column)))),
      this.#picture(column),
      this.#form(column, () => made.close()),
      facts,
    )
    this.#opened(made)
  }

  #picture(column) {
    const bars = this.#bars(column)
    if (!bars.length) return null
    const highest = Math.max(...bars.map(({ count }) => count))
    const about = this.stats.get(column.name)
    const exact = (about.histogram && column.kind !== 'text' ? about.histogram : about.frequent).exact
    const list = element('ul', { className: 'x-bars' })
    for (const bar of bars) {
      const share = element('span', { className: 'x-bar' })
      share.style.width = `${Math.max(0.5, (bar.count / highest) * 100)}%`
      const one = element('button', { type: 'button', onclick: () => (this.#toggle(column, bar), one.setAttribute('aria-pressed', String(this.#chosen(column, bar)))), attributes: { 'aria-pressed': String(this.#chosen(column, bar)) } }, element('span', { className: 'x-bar-label' }, bar.label), element('span', { className: 'x-bar-count' }, texts.number.format(bar.count)), share)
      list.append(element('li', {}, one))
    }
    return element('div', {}, element('h4', {}, texts.get(bars[0].value === undefined ? 'x_histogram' : 'x_frequent')), list, exact ? null : element('p', { className: 'note' }, texts.get('x_sample')))
  }

  #form(column, done) {
    const mine = this.state.filters.filter((each) => each.column === column.name)
    const value = (op) => mine.find((each) => each.op === op)?.value ?? ''
    const field = (op, label, more = {}) => element('label', {}, label, element('input', { name: op, value: value(op), autocomplete: 'off', ...more }))
    const inputs = []
    if (column.kind === 'text') inputs.push(field('has', texts.get('x_contains')), field('is', texts.get('x_equals'), { value: mine.filter(({ op }) => op === 'is').length === 1 ? value('is') : '' }))
    else if (column.kind === 'boolean') inputs.push(this.#options('is', texts.get('x_value'), [['', texts.get('x_any')], ['true', texts.get('x_true')], ['false', texts.get('x_false')]], value('is')))
    else {
      const type = column.kind === 'date' ? { type: 'date', max: '9999-12-31' } : { inputMode: column.kind === 'moment' ? 'text' : 'decimal', placeholder: column.kind === 'moment' ? '2024-05-01 08:30' : '' }
      inputs.push(field('from', texts.get('x_from'), type), field('to', texts.get('x_to'), type))
      if (value('below')) inputs.push(field('below', texts.get('x_below'), type))
    }
    const gaps = mine.find(({ op }) => op === 'null' || op === 'given')?.op ?? ''
    inputs.push(this.#options('gaps', texts.get('x_gaps'), [['', texts.get('x_any')], ['given', texts.get('x_only_given')], ['null', texts.get('x_only_null')]], gaps))
    const form = element('form', { className: 'x-form' }, element('h4', {}, texts.get('x_filter')), ...inputs, element('div', { className: 'x-tools' }, element('button', { type: 'submit' }, texts.get('x_apply')), button(texts.get('x_clear'), () => (done(), this.#change({ filters: this.state.filters.filter((each) => each.column !== column.name) })))))
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      const given = new FormData(form)
      const several = mine.filter(({ op }) => op === 'is')
      const made = []
      for (const [op, raw] of given) {
        const text = String(raw)
        if (op === 'gaps' && text) made.push({ column: column.name, op: text, value: '' })
        else if (op !== 'gaps' && (column.kind === 'text' ? text : text.trim())) made.push({ column: column.name, op, value: column.kind === 'text' ? text : text.trim() })
      }
      if (several.length > 1 && !given.get('is')) made.push(...several)
      done()
      this.#change({ filters: [...this.state.filters.filter((each) => each.column !== column.name), ...made] })
    })
    return form
  }

  #options(name, label, options, value) {
    return element('label', {}, label, element('select', { name }, ...options.map(([key, text]) => element('option', { value: key, selected: key === value }, text))))
  }

  #hide(column) {
    const left = this.shown.filter((each) => each !== column).map(({ name }) => name)
    if (left.length) this.#change({ show: left })
  }

  #chooseColumns() {
    const boxes = this.columns.map((column) => element('label', {}, element('input', { type: 'checkbox', name: 'show', value: column.name, checked: this.shown.includes(column) }), ' ', column.title || column.name, column.title ? element('code', {}, ` ${column.name}`) : ''))
    const all = (yes) => form.querySelectorAll('input').forEach((box) => (box.checked = yes))
    const form = element('form', { className: 'x-form' }, element('div', { className: 'x-tools' }, button(texts.get('x_all'), () => all(true)), button(texts.get('x_none'), () => all(false))), element('div', { className: 'x-boxes' }, ...boxes), element('button', { type: 'submit' }, texts.get('x_apply')))
    const made = dialog(texts, texts.get('x_columns'), form)
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      const chosen = new FormData(form).getAll('show').map(String)
      made.close()
      this.#change({ show: !chosen.length || chosen.length === this.columns.length ? null : chosen })
    })
    this.#opened(made)
  }

  #chooseFilter() {
    const list = element('ul', { className: 'x-list' }, ...this.columns.map((column) => element('li', {}, button(column.title || column.name, () => (made.close(), this.#column(column)), { className: 'x-button wide' }))))
    const made = dialog(texts, texts.get('x_filter_which'), list)
    this.#opened(made)
  }

  #showChips() {
    const names = { has: 'x_chip_has', is: 'x_chip_is', from: 'x_chip_from', to: 'x_chip_to', below: 'x_chip_below', null: 'x_chip_null', given: 'x_chip_given' }
    const chips = this.state.filters.map((filter) => {
      const column = this.byName.get(filter.column)
      if (!column) return null
      const shown = filter.op === 'has' ? filter.value : this.format.plain(filter.value, column)
      const label = texts.get(names[filter.op], { name: column.title || column.name, value: shown })
      return element('li', {}, label, element('button', { type: 'button', onclick: () => this.#change({ filters: this.state.filters.filter((each) => each !== filter) }), attributes: { 'aria-label': texts.get('x_remove', { label }) } }, '×'))
    }).filter(Boolean)
    if (chips.length || this.state.sort.length) chips.push(element('li', { className: 'plain' }, button(texts.get('x_clear_all'), () => this.#change({ filters: [], sort: [] }))))
    this.chips.replaceChildren(...chips)
  }

  async #details(row) {
    const list = element('dl', { className: 'x-facts x-record' })
    const heading = element('span', {})
    const made = dialog(texts, heading, element('div', { className: 'x-tools' }, button(texts.get('x_previous'), () => go(row - 1)), button(texts.get('x_next'), () => go(row + 1))), list)
    const go = async (to) => {
      if (to < 0 || to >= this.grid.count) return
      row = to
      try {
        const { ids, texts: found } = await engine.call('rows', { key: this.key, start: row, count: 1, columns: this.columns.map(({ name }) => name) })
        heading.textContent = texts.get('x_row', { n: ids[0] + 1 })
        list.replaceChildren(...this.columns.map((column, c) => {
          const value = element('dd', {})
          this.format.into(value, found[c][0] ?? null, column, true)
          return element('div', {}, element('dt', {}, column.title || column.name, column.title ? element('code', {}, ` ${column.name}`) : '', column.unit ? ` · ${column.unit}` : ''), value)
        }))
        this.grid.activate(row + 1, this.grid.active.column)
      } catch (trouble) {
        made.close()
        this.#trouble(trouble)
      }
    }
    this.#opened(made)
    await go(row)
  }

  #download() {
    const status = element('p', { className: 'note', attributes: { role: 'status' } })
    const stop = button(texts.get('x_cancel'), () => engine.call('cancel', { key: `${this.key}:save` }), { hidden: true })
    const narrowed = this.state.filters.length || this.state.show
    const get = async (format) => {
      stop.hidden = false
      try {
        const { blob } = await engine.call('save', { key: this.key, as: `${this.key}:save`, format, columns: this.shown.map(({ name }) => name), writer: this.parts.urls.writer }, ({ done, of }) => (status.textContent = texts.get('x_saving', { done, of })))
        save(blob, `${this.key}${narrowed ? '-view' : ''}.${format}`)
        status.textContent = texts.get('x_saved', { size: texts.size(blob.size) })
      } catch (trouble) {
        status.textContent = texts.trouble(trouble)
      }
      stop.hidden = true
    }
    const what = element('p', {}, texts.get('x_save_when'))
    const formats = ['csv', 'json', 'parquet'].map((format) => button(format === 'parquet' ? 'Parquet' : format.toUpperCase(), () => get(format), { disabled: true }))
    // Of a view that is still being found only a part could be had.
    this.viewing.then(() => {
      what.textContent = texts.get('x_save_what', { count: this.grid.count, columns: this.shown.length })
      for (const each of formats) each.disabled = false
    }).catch(() => made.close())
    const made = dialog(
      texts, texts.get('x_save'), what,
      element('div', { className: 'x-tools' }, ...formats, stop),
      status,
      narrowed ? null : element('p', { className: 'note' }, texts.get('x_save_whole')),
    )
    this.#opened(made)
  }
}

customElements.define('kaishu-explore', Explore)
