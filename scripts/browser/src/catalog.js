// The catalogue's search and filters, as an element around the plain list. Without this script the page is that list,
// with links to every part of it. The index is read when somebody starts to search; values go into the page as text only.
import { Index, fold, isLatin, spanOfReading, wordsOf } from './search-index.js'

const FACETS = ['theme', 'agency', 'openness', 'format', 'cycle', 'year', 'licence']
const SORTS = ['modified', 'title', 'size']
const PAGE = 20
const WAIT = 150

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children.filter((child) => child !== null))
  return made
}

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name])
const shortened = (text, length, at = 0) => {
  const start = at > length - 20 && at < text.length ? at - 30 : 0
  return `${start ? '…' : ''}${text.slice(start, start + length)}${start + length < text.length ? '…' : ''}`
}

// For each unit of a folded text the character of the text that it comes from; nothing where folding joins characters.
function origins(text) {
  const from = []
  let joined = '', at = 0
  for (const character of text) {
    const piece = fold(character)
    joined += piece
    for (let n = 0; n < piece.length; n++) from.push([at, at + character.length])
    at += character.length
  }
  return joined === fold(text) ? from : null
}

class Finder extends HTMLElement {
  connectedCallback() {
    this.words = JSON.parse(this.dataset.words)
    this.lang = document.documentElement.lang.slice(0, 2)
    const find = (name) => this.querySelector(`#${name}`)
    Object.assign(this, {
      form: find('finder'), query: find('finder-q'), status: find('results-count'), results: find('results'), sort: find('sort'),
      clear: find('clear'), nothing: find('nothing'), near: find('near'), prose: find('prose'), waiting: 0, turn: 0, isTyping: false,
    })
    this.still = { status: this.status.textContent, nodes: [...this.results.querySelectorAll('.cards, .pager, .empty')] }
    this.list = element('ul', { className: 'cards' })
    this.end = element('div')
    this.pager = element('nav', { className: 'pager', ariaLabel: this.dataset.pagesLabel })
    for (const choice of this.querySelectorAll('[data-value]')) this.#choice(choice)
    this.#listen()
    // What was typed before this script was there counts.
    const typed = document.activeElement === this.query ? this.query.value.trim() : ''
    this.#setControls()
    if (typed && typed !== this.query.value) {
      this.query.value = typed
      this.#change('pushState', true)
    } else if (location.search) this.#run()
  }

  #listen() {
    this.query.addEventListener('focus', () => this.#index().catch(() => {}), { once: true })
    this.query.addEventListener('input', () => {
      clearTimeout(this.waiting)
      this.waiting = setTimeout(() => this.#change(this.isTyping ? 'replaceState' : 'pushState', true), WAIT)
    })
    this.query.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.query.value) return
      event.preventDefault()
      this.query.value = ''
      this.#change('pushState')
    })
    this.form.addEventListener('change', (event) => {
      if (event.target !== this.query) this.#change('pushState')
    })
    this.form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#change(this.isTyping ? 'replaceState' : 'pushState')
    })
    this.clear.addEventListener('click', () => {
      this.#set({ q: '', sort: '' })
      this.#change('pushState')
      this.query.focus()
    })
    // Links to other states of this page change it in place.
    this.addEventListener('click', (event) => {
      const link = event.target.closest('a[data-state]')
      if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button) return
      event.preventDefault()
      history.pushState(null, '', link.href)
      this.#setControls()
      this.#run().then(() => this.status.focus())
      this.results.scrollIntoView()
    })
    globalThis.addEventListener('popstate', () => {
      this.query.value = this.#state().q
      this.isTyping = false
      this.#setControls()
      this.#run()
    })
  }

  // ---- what the reader has asked for lives in the address

  #state() {
    const asked = new URLSearchParams(location.search)
    return {
      q: (asked.get('q') ?? '').trim(),
      sort: SORTS.includes(asked.get('sort')) ? asked.get('sort') : '',
      page: Math.max(1, Number.parseInt(asked.get('page'), 10) || 1),
      ...Object.fromEntries(FACETS.map((facet) => [facet, new Set(asked.getAll(facet))])),
    }
  }

  #address({ q, sort, page, ...facets }) {
    const asked = new URLSearchParams()
    if (q) asked.set('q', q)
    for (const facet of FACETS) for (const value of facets[facet] ?? []) asked.append(facet, value)
    if (sort) asked.set('sort', sort)
    if (page > 1) asked.set('page', page)
    const text = asked.toString()
    return text ? `?${text}` : location.pathname
  }

  #controls() {
    const chosen = (facet) => [...this.form.querySelectorAll('.facet input:checked')].filter((box) => box.name === facet).map((box) => box.value)
    return { q: this.query.value.trim(), sort: this.sort.value, page: 1, ...Object.fromEntries(FACETS.map((facet) => [facet, chosen(facet)])) }
  }

  #set(state) {
    this.query.value = state.q
    this.sort.value = state.sort
    for (const box of this.form.querySelectorAll('.facet input')) box.checked = Boolean(state[box.name]?.has(box.value))
  }

  #setControls() {
    const state = this.#state()
    this.#set(state)
    // In a long list what is chosen must be in sight.
    for (const list of this.form.querySelectorAll('.facet ul')) {
      const first = list.querySelector(':checked')?.closest('li')
      if (first) list.scrollTop = first.offsetTop - list.offsetTop
    }
  }

  #change(how, isTyping = false) {
    clearTimeout(this.waiting)
    const to = this.#address(this.#controls())
    if (to !== (location.search || location.pathname)) history[how](null, '', to)
    this.isTyping = isTyping
    return this.#run()
  }

  // ---- finding

  #index() {
    this.opened ??= Index.open(new URL(this.dataset.start, document.baseURI).href).catch((error) => {
      this.opened = null
      throw error
    })
    return this.opened
  }

  // Only what was asked for last is shown, whichever answer comes first.
  async #run() {
    const turn = ++this.turn
    const state = this.#state()
    const words = wordsOf(state.q)
    const isIdle = !words.length && !state.sort && FACETS.every((facet) => !state[facet].size)
    this.clear.hidden = isIdle
    const other = document.querySelector('a.language')
    if (other) other.search = location.search
    if (isIdle) return this.#showStill()
    try {
      if (!this.index) this.status.textContent = this.words.loading
      this.index = await this.#index()
      const found = await this.#found(state, words)
      const shown = found.kept.slice((state.page - 1) * PAGE, state.page * PAGE)
      const cards = await Promise.all(Array.from(shown, (number) => this.#card(number, found, state)))
      if (turn === this.turn) this.#show(state, words, found, cards)
    } catch (error) {
      if (turn !== this.turn) return
      this.#reveal()
      this.status.textContent = 'DecompressionStream' in globalThis ? this.words.failed : this.words.old_browser
      console.warn(error)
    }
  }

  async #found(state, words) {
    const index = this.index
    const all = Uint32Array.from({ length: index.count }, (_, n) => n)
    const { points, meant, isLiteral } = words.length ? await index.find(words) : { points: null, meant: [], isLiteral: () => true }
    const matching = points ? all.filter((n) => points[n]) : all
    // Of each facet, which of its sets pass.
    const passing = Object.fromEntries(FACETS.map((facet) => {
      const { values, sets } = index.facets[facet]
      return [facet, sets.map((set) => !state[facet].size || set.some((position) => state[facet].has(values[position].id)))]
    }))
    const failing = (n) => FACETS.filter((facet) => !passing[facet][index.facets[facet].column[n]])
    const counts = Object.fromEntries(FACETS.map((facet) => [facet, new Uint32Array(index.facets[facet].sets.length)]))
    const kept = matching.filter((n) => {
      const fails = failing(n)
      // A choice counts what it would give, the other facets being as they are.
      for (const facet of FACETS) if (!fails.length || (fails.length === 1 && fails[0] === facet)) counts[facet][index.facets[facet].column[n]]++
      return !fails.length
    })
    const sort = state.sort || (points ? '' : 'modified')
    const order = sort && (await index.order(sort === 'title' ? `title-${this.lang}` : sort))
    kept.sort((a, b) => (order ? order[a] - order[b] : points[b] - points[a]) || a - b)
    return { kept, counts, meant, indirect: kept.filter((n) => !isLiteral(n)).length }
  }

  // ---- the page

  #reveal() {
    document.documentElement.classList.remove('searching')
  }

  #showStill() {
    this.#reveal()
    this.watch?.disconnect()
    this.list.remove()
    this.pager.remove()
    this.nothing.hidden = this.prose.hidden = true
    this.results.append(...this.still.nodes)
    this.status.textContent = this.still.status
    for (const count of this.querySelectorAll('.facet .count')) this.#count(count, Number(count.dataset.still))
  }

  #show(state, words, found, cards) {
    this.#reveal()
    const count = found.kept.length
    const counted = (n, key) => filled(n === 1 && this.words[`${key}_1`] ? this.words[`${key}_1`] : this.words[key], { n: n.toLocaleString('en') })
    this.status.textContent = count ? counted(count, 'results') + (found.indirect === count ? this.words.all_indirect : found.indirect ? counted(found.indirect, 'indirect') : '') : this.words.no_results
    this.#recount(found.counts)
    for (const node of this.still.nodes) node.remove()
    this.list.replaceChildren(...cards)
    this.#page(state, Math.ceil(count / PAGE))
    this.results.append(this.list, this.pager, this.end, this.prose)
    this.nothing.hidden = count > 0
    if (!count) this.#suggest(state, words).catch(() => {})
    this.prose.hidden = true
    this.#nearEnd(() => this.#pages(words).catch(() => {}))
  }

  #count(node, count) {
    node.textContent = count.toLocaleString('en')
    node.closest('label').classList.toggle('none', !count)
  }

  #recount(counts) {
    for (const facet of FACETS) {
      const { values, sets } = this.index.facets[facet]
      const sums = new Map()
      sets.forEach((set, n) => { for (const position of set) sums.set(values[position].id, (sums.get(values[position].id) ?? 0) + counts[facet][n]) })
      for (const box of this.form.querySelectorAll(`.facet input[name="${facet}"]`)) this.#count(box.parentElement.querySelector('.count'), sums.get(box.value) ?? 0)
    }
  }

  #choice(choice) {
    const count = choice.querySelector('.count')
    count.dataset.still = count.textContent.replaceAll(',', '')
    const box = element('input', { type: 'checkbox', name: choice.closest('.facet').dataset.facet, value: choice.dataset.value })
    choice.replaceWith(element('label', {}, box, ...choice.childNodes))
  }

  #link(state, ...content) {
    const link = element('a', { href: this.#address(state) || '?' }, ...content)
    link.dataset.state = ''
    return link
  }

  #page(state, last) {
    const near = [1, last, ...[-2, -1, 0, 1, 2].map((step) => state.page + step)].filter((n) => n > 0 && n <= last)
    const items = [], numbers = [...new Set(near)].sort((a, b) => a - b)
    const item = (...content) => items.push(element('li', {}, ...content))
    const to = (page, ...content) => this.#link({ ...state, page }, ...content)
    const number = (page) => [element('span', { className: 'hidden' }, filled(this.words.page_number, { n: page })), element('span', { ariaHidden: 'true' }, String(page))]
    if (state.page > 1 && last > 1) item(to(state.page - 1, this.words.previous))
    numbers.forEach((page, n) => {
      if (n && numbers[n - 1] < page - 1) item(element('span', {}, '…'))
      item(page === state.page ? element('span', { ariaCurrent: 'page' }, String(page)) : to(page, ...number(page)))
    })
    if (state.page < last) item(to(state.page + 1, this.words.next))
    this.pager.replaceChildren(element('ul', {}, ...items))
    this.pager.hidden = last < 2
  }

  async #suggest(state, words) {
    this.near.replaceChildren()
    const index = this.index
    const counts = await Promise.all(words.map(async (word) => (await index.lookup(word)).some(Boolean)))
    const wrong = counts.indexOf(false)
    if (wrong < 0 && FACETS.some((facet) => state[facet].size) && words.length && (await index.find(words)).points.some(Boolean)) {
      this.near.replaceChildren(this.words.near_unfiltered, ' ', this.#link({ q: state.q }, state.q))
      return
    }
    const others = wrong < 0 ? (words.length > 1 ? words : []) : (await index.near(words[wrong])).map((near) => words.map((word, n) => (n === wrong ? near : word)).join(' '))
    if (!others.length) return
    const label = wrong >= 0 && isLatin(words[wrong]) ? this.words.near_words : this.words.near_parts
    this.near.replaceChildren(label, ...others.flatMap((q, n) => [n ? ' · ' : ' ', this.#link({ q }, q)]))
  }

  // Once the reader comes near the end of the results.
  #nearEnd(then) {
    this.watch?.disconnect()
    this.watch = new IntersectionObserver((seen) => {
      if (!seen.some((each) => each.isIntersecting)) return
      this.watch.disconnect()
      then()
    }, { rootMargin: '600px' })
    this.watch.observe(this.end)
  }

  // The pages that explain things: few, so that they are read whole, after the datasets.
  async #pages(words) {
    const { turn } = this
    this.read ??= fetch(this.dataset.pages).then((answer) => (answer.ok ? answer.json() : []))
    const texts = await this.read
    if (turn !== this.turn) return
    const pages = words.length ? texts.filter(({ text }) => words.every((word) => fold(text).includes(word))) : []
    this.prose.hidden = !pages.length
    const hit = ({ text }) => Math.max(0, fold(text).indexOf(words[0]))
    this.prose.querySelector('ul').replaceChildren(...pages.slice(0, 5).map((page) =>
      element('li', {}, element('a', { href: this.dataset.home + page.path }, ...this.#marked(page.title, words)), element('p', {}, ...this.#marked(shortened(page.text, this.length, hit(page)), words)))))
  }

  get length() {
    return this.lang === 'zh' ? 90 : 160
  }

  async #card(number, { meant }, state) {
    const index = this.index
    const record = await index.document(number)
    const isIn = (form) => form.split(' ').every((part) => record.texts.some((text) => text.includes(part)))
    // A word that is there itself is shown, else its synonyms that are.
    const through = meant.map(([word, ...others]) => (word && isIn(word) ? [] : others.filter(isIn)))
    const forms = [...meant.map(([word]) => word), ...through.flat()].flatMap((form) => form.split(' ')).filter(Boolean)
    const here = (texts) => (this.lang in texts ? [this.lang, texts[this.lang]] : Object.entries(texts)[0] ?? [this.lang, ''])
    const speaks = (node, lang) => Object.assign(node, lang === this.lang ? {} : { lang: lang === 'zh' ? 'zh-CN' : lang })
    const [titleLang, title] = here(record.titles), [textLang, text] = here(record.descriptions)
    const has = (value) => forms.some((form) => fold(value).includes(form))
    const first = (value) => Math.min(...forms.map((form) => fold(value).indexOf(form)).filter((place) => place >= 0), Infinity)
    const reasons = []
    const tell = (label, value, spans) => reasons.push(element('span', {}, `${this.words[label]} `, ...this.#marked(value, forms, spans)))
    const label = (facet) => here(index.values(facet, number)[0]?.label ?? {})
    const [agencyLang, agency] = label('agency')
    const read = await this.#read(number, record, meant)
    if (!has(title) && !has(text)) {
      for (const [lang, other] of Object.entries(record.titles)) if (lang !== titleLang && has(other)) tell('matched_title', other)
      for (const [lang, other] of Object.entries(record.descriptions)) if (lang !== textLang && has(other)) tell('matched_description', shortened(other, 60, first(other)))
    }
    record.keywords.filter(has).slice(0, 3).forEach((word) => tell('matched_keyword', word))
    record.fields.filter(has).slice(0, 4).forEach((word) => tell('matched_field', word))
    for (const facet of ['agency', 'theme']) {
      const value = index.values(facet, number)[0]
      const told = value && [...Object.values(value.label), ...value.other].find(has)
      if (told && (facet === 'theme' || told !== agency)) tell(`matched_${facet}`, told)
    }
    for (const { word, value, span, isTitle, facet } of read) {
      if (!isTitle || value !== title) tell(facet ? `matched_${facet}` : isTitle ? 'matched_title' : 'matched_keyword', value, [span])
      reasons.push(element('span', {}, `${this.words.matched_pinyin} ${word}`))
    }
    for (const form of through.flat()) reasons.push(element('span', {}, `${this.words.matched_synonym} ${form}`))
    const spans = read.filter(({ value }) => value === title).map(({ span }) => span)
    const link = speaks(element('a', { href: `${this.dataset.home}dataset/${encodeURIComponent(record.name)}/` }, ...this.#marked(title, forms, spans)), titleLang)
    const [openness] = index.values('openness', number)
    return element(
      'li', { className: 'card' },
      element('h3', {}, link),
      text ? speaks(element('p', {}, ...this.#marked(shortened(text, this.length, first(text)), forms)), textLang) : null,
      reasons.length ? element('p', { className: 'matched' }, this.words.matched, ...reasons.flatMap((node, n) => (n ? [' · ', node] : [node]))) : null,
      element(
        'p', { className: 'card-facts' },
        element('span', { className: `badge ${openness.id}` }, here(openness.label)[1]),
        record.isOverdue ? element('span', { className: 'badge late' }, this.words.overdue) : null,
        record.isDemonstration ? element('span', { className: 'tag' }, this.words.demonstration) : null,
        speaks(element('span', {}, ...this.#marked(agency, forms)), agencyLang),
        record.modified ? element('span', {}, `${this.words.updated_on} `, element('time', { dateTime: record.modified }, record.modified)) : null,
        state.sort === 'size' && record.bytes ? element('span', {}, size(record.bytes)) : null,
        ...index.values('format', number).map(({ id }) => element('span', { className: 'format' }, id)),
      ),
    )
  }

  // Where words are not there themselves but as readings.
  async #read(number, { titles, keywords, texts }, meant) {
    const found = []
    for (const [word, ...others] of meant) {
      if (!/^[a-z]{2,}$/.test(word) || [word, ...others].some((form) => texts.some((text) => text.includes(form)))) continue
      const told = await this.index.reading(number)
      const values = [...Object.values(titles), ...keywords]
      const n = values.findIndex((value, at) => spanOfReading(value, told[at], word))
      if (n >= 0) found.push({ word, value: values[n], span: spanOfReading(values[n], told[n], word), isTitle: n < Object.keys(titles).length })
      else found.push(...this.#readOf(number, word))
    }
    return found
  }

  // Likewise in the names of agency and theme.
  #readOf(number, word) {
    for (const facet of ['agency', 'theme']) {
      for (const { label, other, read } of this.index.values(facet, number)) {
        const values = [...Object.values(label), ...other]
        const n = values.findIndex((value, at) => spanOfReading(value, read[at], word))
        if (n >= 0) return [{ word, value: values[n], span: spanOfReading(values[n], read[n], word), facet }]
      }
    }
    return []
  }

  #marked(text, forms, spans = []) {
    const from = origins(text)
    if (!from) return [text]
    const folded = fold(text)
    const hits = spans.map(([start, end]) => [start, end])
    for (const form of forms) for (let at = folded.indexOf(form); at >= 0; at = folded.indexOf(form, at + form.length)) hits.push([at, at + form.length])
    const parts = []
    let done = 0
    for (const [first, last] of hits.sort(([a], [b]) => a - b)) {
      const start = Math.max(done, from[first][0]), end = from[last - 1][1]
      if (end <= start) continue
      parts.push(text.slice(done, start), element('mark', {}, text.slice(start, end)))
      done = end
    }
    return [...parts, text.slice(done)]
  }
}

function size(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  return `${(bytes / 1000 ** power).toPrecision(power && bytes / 1000 ** power < 100 ? 2 : 3).replace(/\.0$/, '')} ${units[power]}`
}

customElements.define('kaishu-finder', Finder)
