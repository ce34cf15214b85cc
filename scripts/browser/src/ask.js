// "Ask": SQL over the tables of a dataset, answered here, in a worker.
import { chart } from './chart.js'
import { csvLine, jsonRow } from './save.js'

const LIMITS = { shown: 10_000, kept: 2_000_000, pairs: 20_000_000 }
const SECONDS = 90
let element, Engine, save // of the script that explores, which comes with this one in any case

class Ask extends HTMLElement {
  async open(parts) {
    if (this.box) return this.box.focus()
    this.querySelector('.open').hidden = true
    const shared = await import(parts.urls.explore)
    ;({ element, Engine, save } = shared)
    if (this.box) return // opened twice while it came
    this.box = element('textarea', { id: `x-sql-${this.dataset.name}`, rows: 7, spellcheck: false, autocapitalize: 'off', className: 'x-sql', attributes: { autocomplete: 'off', 'aria-describedby': 'x-sql-status' } })
    this.shared = shared
    this.parts = parts
    this.texts = (await shared.ready({ ...parts, worker: () => undefined })).texts
    this.engine = new Engine(parts.urls.engine)
    this.format = new shared.Format(this.texts)
    this.sources = Object.fromEntries(JSON.parse(this.dataset.tables).map(({ name, href, bytes, footer, totals }) => [name, { url: new URL(href, document.baseURI).href, bytes, footer, limit: Number(this.dataset.limit), totals: totals && new URL(totals, document.baseURI).href }]))
    this.#build()
    const given = new URLSearchParams(location.hash.slice(1)).get('ask')
    if (given) this.#ask(given, false)
    addEventListener('popstate', () => {
      const text = new URLSearchParams(location.hash.slice(1)).get('ask')
      if (text && text !== this.asked) this.#ask(text, false)
    })
  }

  #build() {
    const { texts } = this
    const button = (label, onclick, more = {}) => element('button', { type: 'button', className: 'x-button', onclick, ...more }, label)
    this.run = element('button', { type: 'submit' }, texts.get('ask_run'))
    this.stop = button(texts.get('x_cancel'), () => this.#stop('x_cancelled'), { hidden: true })
    this.status = element('p', { className: 'x-status', id: 'x-sql-status', attributes: { role: 'status' } })
    this.result = element('div', {})
    const form = element('form', { className: 'x-ask' }, element('label', { htmlFor: this.box.id }, texts.get('ask_box')), this.box, element('div', { className: 'x-tools' }, this.run, this.stop, this.#choice(), element('span', { className: 'note' }, texts.get('ask_keys'))))
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#ask(this.box.value, true)
    })
    this.box.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault()
        this.#ask(this.box.value, true)
      }
    })
    const examples = [...this.querySelectorAll('.queries code')]
    for (const code of examples) {
      code.closest('li').append(button(texts.get('ask_use'), () => {
        this.#ask(code.textContent, true)
        this.box.scrollIntoView({ block: 'center' })
      }))
    }
    this.box.value = examples[0]?.textContent ?? ''
    this.append(form, this.#tables(), this.status, this.result)
    this.box.focus({ preventScroll: true })
  }

  // Only where the portal hosts DuckDB: it is a download of some megabytes, which a reader decides on.
  #choice() {
    if (!this.parts.urls.duckdb) return null
    this.duckdb = element('input', { type: 'checkbox', checked: false })
    return element('label', {}, this.duckdb, ` ${this.texts.get('ask_duckdb')}`)
  }

  async #answer(text, tell) {
    const { urls } = this.parts
    if (!this.duckdb?.checked) return this.engine.call('query', { text, sources: this.sources, script: urls.sql, limits: LIMITS }, tell)
    const { DuckDB } = await import(urls.duckdb)
    this.large ??= DuckDB.open({ wasm: urls['duckdb-eh'], worker: urls['duckdb-worker'], sources: this.sources })
    const stopped = new Promise((_, reject) => (this.halt = () => reject({ code: 'x_cancelled' }))) // eslint-disable-line prefer-promise-reject-errors
    return Promise.race([stopped, this.large.then((db) => db.query(text, LIMITS.shown))])
  }

  // Names are put into the query by a click.
  #tables() {
    const { texts } = this
    const names = JSON.parse(this.dataset.tables)
    return element('details', { className: 'more' }, element('summary', {}, texts.get('ask_tables')), ...names.map(({ name, title, rows, titles }) => {
      const list = element('ul', { className: 'x-list' })
      const made = element('details', { className: 'x-table' }, element('summary', {}, element('code', {}, quoted(name)), ` ${title} · ${texts.get('x_all_rows', { rows })}`), list)
      made.addEventListener('toggle', async () => {
        if (list.children.length) return
        try {
          const { columns, schema } = await this.engine.call('open', { source: this.sources[name] })
          list.append(...columns.map((column) => {
            const { title: called, unit } = this.shared.described(column, schema, titles)
            return element('li', {}, element('button', { type: 'button', className: 'x-button', onclick: () => this.#insert(quoted(column.name)) }, element('code', {}, quoted(column.name))), ` ${[called, texts.kind(column.kind), unit].filter(Boolean).join(' · ')}`)
          }))
        } catch (trouble) {
          list.append(element('li', {}, texts.trouble(trouble)))
        }
      })
      return made
    }))
  }

  #insert(text) {
    const { selectionStart, selectionEnd } = this.box
    this.box.setRangeText(text, selectionStart, selectionEnd, 'end')
    this.box.focus()
  }

  #stop(code) {
    this.ended = code
    this.engine.restart()
    this.halt?.()
    this.large?.then((db) => db.end())
    this.large = null
  }

  async #ask(text, push) {
    const { texts } = this
    if (!text.trim()) return
    if (this.asking) this.#stop('x_cancelled')
    const turn = (this.turn = (this.turn ?? 0) + 1)
    this.box.value = text
    this.asked = text
    if (push) history.pushState(null, '', `#${new URLSearchParams([['ask', text]])}`)
    this.asking = true
    this.stop.hidden = false
    this.ended = null
    this.status.classList.remove('trouble')
    this.status.textContent = texts.get('x_reading')
    this.result.replaceChildren()
    const timer = setTimeout(() => this.#stop('sql_time'), SECONDS * 1000)
    const started = performance.now()
    try {
      const answer = await this.#answer(text, (progress) => {
        if (turn === this.turn && progress.read) this.status.textContent = texts.get('ask_reading', { read: progress.read })
      })
      if (turn === this.turn) this.#show(answer, (performance.now() - started) / 1000)
    } catch (trouble) {
      if (turn === this.turn) this.#trouble(trouble, text)
    }
    clearTimeout(timer)
    if (turn === this.turn) {
      this.asking = false
      this.stop.hidden = true
    }
  }

  #trouble(trouble, text) {
    const { texts } = this
    const known = trouble.code === 'x_cancelled' && this.ended ? { code: this.ended, values: { seconds: SECONDS } } : trouble
    let where = ''
    if (typeof known.at === 'number') {
      const before = text.slice(0, known.at).split('\n')
      where = texts.get('sql_at', { line: before.length, column: before.at(-1).length + 1 })
      this.box.setSelectionRange(known.at, Math.min(text.length, known.at + 1))
      this.box.focus()
    }
    this.status.classList.add('trouble')
    this.status.textContent = where + texts.trouble(known)
  }

  #show(answer, seconds) {
    const { texts, format } = this
    const columns = answer.columns.map((column) => ({ ...column, title: '', numeric: ['integer', 'decimal', 'double'].includes(column.kind) }))
    // Two columns may have the same name; the grid tells them by another.
    const keys = columns.map((column, c) => ({ ...column, key: column.name, name: String(c), title: column.name }))
    this.status.textContent = `${texts.get(answer.more ? 'ask_more' : 'ask_rows', { count: answer.count })} ${texts.get('ask_seconds', { seconds: texts.number.format(Math.round(seconds * 10) / 10) })}`
    if (!answer.columns.length) return
    for (const [c, column] of keys.entries()) column.width = this.shared.widthOf({ ...column, name: column.key }, answer.texts[c], format)
    const grid = new this.shared.Grid({
      label: texts.get('ask_result'), columns: keys, format,
      fetch: async (start, count, names) => ({ ids: [], texts: names.map((name) => answer.texts[Number(name)].slice(start, start + count)) }),
      header: (cell, column) => cell.append(element('div', { className: 'x-label' }, element('span', { className: 'x-title' }, column.title))),
    })
    const get = (type, name, parts) => save(new Blob(parts, { type }), `${this.dataset.name}-${name}`)
    const rows = () => Array.from({ length: answer.count }, (_, i) => answer.texts.map((column) => column[i]))
    const tools = element(
      'div', { className: 'x-tools' },
      element('button', { type: 'button', className: 'x-button', onclick: () => get('text/csv;charset=utf-8', 'query.csv', [csvLine(columns.map(({ name }) => name)), ...rows().map(csvLine)]) }, `${texts.get('x_save')} CSV`),
      element('button', { type: 'button', className: 'x-button', onclick: () => get('application/json', 'query.json', ['[\n', rows().map((row) => jsonRow(row, columns)).join(',\n'), '\n]\n']) }, `${texts.get('x_save')} JSON`),
    )
    const picture = chart({ ...answer, columns }, format, (value, by) => texts.get('ask_chart', { value, by }), this.clientWidth)
    grid.node.style.setProperty('--rows', String(Math.min(12, answer.count)))
    this.result.replaceChildren(...(picture ? [element('div', { className: 'x-picture' }, picture)] : []), ...(answer.count ? [grid.node, tools] : []))
    grid.setCount(answer.count)
  }
}

/** A name as it stands in SQL. */
function quoted(name) {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !/^(select|from|where|group|order|by|limit|join|on|and|or|not|in|is|case|end|as|left|right|full|union|all|desc|asc|date|year|month|day)$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

customElements.define('kaishu-ask', Ask)
