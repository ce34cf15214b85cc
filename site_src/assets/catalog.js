// The catalogue's search and filters. Without this script the page is a plain list with links to every part of it.
// Records are read when somebody starts to search; values go into the page as text only.
const form = document.getElementById('finder')
const words = JSON.parse(form.dataset.words)
const FACETS = ['theme', 'agency', 'openness', 'cycle', 'format']
const PAGE = 50
const query = document.getElementById('finder-q')
const status = document.getElementById('results-count')
const results = document.getElementById('results')
const sort = document.getElementById('sort')
const clear = document.getElementById('clear')
const still = { status: status.textContent, nodes: [...results.querySelectorAll('.cards, .pager, .empty')] }
const list = element('ul', { className: 'cards' })
const more = element('p', { className: 'onward' })
let records = null
let shown = PAGE

// ---- small things

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

const fold = (text) => text.normalize('NFKC').toLowerCase()
const filled = (text, n) => text.replace('{n}', n.toLocaleString('en'))
const counted = (n) => filled(n === 1 && words.results_1 ? words.results_1 : words.results, n)

// ---- what the reader has asked for lives in the address

function state() {
  const parameters = new URLSearchParams(location.search)
  return {
    q: parameters.get('q') ?? '',
    sort: parameters.get('sort') ?? '',
    ...Object.fromEntries(FACETS.map((facet) => [facet, new Set(parameters.getAll(facet))])),
  }
}

function address() {
  const parameters = new URLSearchParams()
  if (query.value.trim()) parameters.set('q', query.value.trim())
  for (const box of form.querySelectorAll('.facet input:checked')) parameters.append(box.name, box.value)
  if (sort.value) parameters.set('sort', sort.value)
  const text = parameters.toString()
  return text ? `?${text}` : location.pathname
}

// ---- records

let reading = null
function read() {
  reading ??= fetch(form.dataset.records)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
    .then(({ facets, datasets }) => {
      records = datasets.map((each) => prepared(each, facets))
      addFormats()
    })
    .catch(() => {
      reading = null
      status.textContent = words.failed
      document.documentElement.classList.remove('searching')
      return Promise.reject(new Error(words.failed))
    })
  return reading
}

function prepared(record, facets) {
  const { keywords = [], fields = [], formats = [], description = '', title } = record
  const values = { format: formats }
  const labels = {}
  for (const facet of ['theme', 'agency', 'openness', 'cycle']) {
    const [id, label] = facets[facet][record[facet]] ?? ['', '']
    values[facet] = id ? [id] : []
    labels[facet] = label
  }
  const folded = {
    title: fold(title), keywords: keywords.map(fold), fields: fields.map(fold), description: fold(description),
    place: fold(`${labels.agency} ${labels.theme} ${record.name}`),
  }
  return { ...record, keywords, fields, formats, description, values, labels, folded }
}

// A record's worth for the words, 0 when one of them is nowhere.
function score({ folded }, terms) {
  let sum = 1
  for (const term of terms) {
    const worth =
      (folded.title.includes(term) ? (folded.title.startsWith(term) ? 12 : 8) : 0) +
      (folded.keywords.some((text) => text.includes(term)) ? 5 : 0) +
      (folded.place.includes(term) ? 3 : 0) +
      (folded.fields.some((text) => text.includes(term)) ? 2 : 0) +
      (folded.description.includes(term) ? 1 : 0)
    if (!worth) return 0
    sum += worth
  }
  return sum
}

const passes = (record, wanted, except) =>
  FACETS.every((facet) => facet === except || !wanted[facet].size || record.values[facet].some((value) => wanted[facet].has(value)))

function found(wanted, terms) {
  const matching = records.map((record) => [record, score(record, terms)]).filter(([, worth]) => worth)
  const kept = matching.filter(([record]) => passes(record, wanted, ''))
  const byTitle = new Intl.Collator(document.documentElement.lang, { numeric: true })
  if (wanted.sort === 'title') kept.sort(([a], [b]) => byTitle.compare(a.title, b.title))
  else if (terms.length && wanted.sort !== 'modified') kept.sort(([, a], [, b]) => b - a)
  return { matching: matching.map(([record]) => record), kept: kept.map(([record]) => record) }
}

// ---- the page

function marked(text, terms) {
  const folded = fold(text)
  // Folding may change a text's length; then nothing is marked rather than the wrong thing.
  if (!terms.length || folded.length !== text.length) return [text]
  const pattern = new RegExp(terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g')
  const parts = []
  let end = 0
  for (const { index, 0: hit } of folded.matchAll(pattern)) {
    parts.push(text.slice(end, index), element('mark', {}, text.slice(index, index + hit.length)))
    end = index + hit.length
  }
  return [...parts, text.slice(end)]
}

function card(record, terms) {
  const link = element('a', { href: `${form.dataset.home}dataset/${encodeURIComponent(record.name)}/` }, ...marked(record.title, terms))
  if (record.lang) link.lang = record.lang
  const facts = element(
    'p', { className: 'card-facts' },
    element('span', { className: `badge ${record.values.openness[0]}` }, record.labels.openness),
    ...(record.demo ? [element('span', { className: 'tag' }, words.demonstration)] : []),
    element('span', {}, ...marked(record.labels.agency, terms)),
    ...(record.date ? [element('span', {}, `${words.updated_on} `, element('time', { dateTime: record.date }, record.date))] : []),
    ...record.formats.map((format) => element('span', { className: 'format' }, format)),
  )
  const text = excerpt(record, terms)
  const reasons = [
    ...record.keywords.filter((_, n) => terms.some((term) => record.folded.keywords[n].includes(term))).map((word) => [words.matched_keyword, word]),
    ...record.fields.filter((_, n) => terms.some((term) => record.folded.fields[n].includes(term))).slice(0, 4).map((word) => [words.matched_field, word]),
  ].map(([label, word]) => element('span', {}, `${label} `, ...marked(word, terms)))
  return element(
    'li', { className: 'card' }, element('h3', {}, link), ...(text ? [element('p', {}, ...marked(text, terms))] : []),
    ...(reasons.length ? [element('p', { className: 'matched' }, words.matched, ...reasons.flatMap((node, n) => (n ? [' · ', node] : [node])))] : []),
    facts,
  )
}

// The beginning of the description, or the part around a match that is further on.
function excerpt({ description, folded }, terms) {
  const length = document.documentElement.lang.startsWith('zh') ? 90 : 160
  const at = Math.min(...terms.map((term) => folded.description.indexOf(term)).filter((index) => index >= 0))
  const start = Number.isFinite(at) && at > length - 20 ? at - 30 : 0
  const cut = description.slice(start, start + length)
  return `${start ? '…' : ''}${cut}${start + length < description.length && !cut.endsWith('…') ? '…' : ''}`
}

function show() {
  document.documentElement.classList.remove('searching')
  const wanted = state()
  const terms = fold(wanted.q).split(/\s+/).filter(Boolean)
  const idle = !terms.length && !wanted.sort && FACETS.every((facet) => !wanted[facet].size)
  clear.hidden = idle
  if (idle || !records) {
    list.remove()
    more.remove()
    results.append(...still.nodes)
    status.textContent = still.status
    if (records) recount(records, wanted)
    return
  }
  const { matching, kept } = found(wanted, terms)
  recount(matching, wanted)
  status.textContent = kept.length ? counted(kept.length) : words.no_results
  list.replaceChildren(...kept.slice(0, shown).map((record) => card(record, terms)))
  more.replaceChildren(...(kept.length > shown ? [element('button', { type: 'button', className: 'text-button', onclick: showMore }, words.more)] : []))
  for (const node of still.nodes) node.remove()
  results.append(list, more)
}

function showMore() {
  const next = shown
  shown += PAGE
  show()
  list.children[next]?.querySelector('a').focus()
}

// What each choice would give, the other facets being as they are.
function recount(matching, wanted) {
  for (const facet of FACETS) {
    const counts = new Map()
    for (const record of matching) {
      if (passes(record, wanted, facet)) for (const value of record.values[facet]) counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    for (const box of form.querySelectorAll(`.facet input[name="${facet}"]`)) {
      const label = box.closest('label')
      const count = counts.get(box.value) ?? 0
      label.querySelector('.count').textContent = count
      label.classList.toggle('none', !count)
    }
  }
}

// ---- controls

function choice(facet, value, label, count) {
  const box = element('input', { type: 'checkbox', name: facet, value })
  return element('li', {}, element('label', {}, box, ...label, ' ', element('span', { className: 'count' }, String(count))))
}

for (const facet of form.querySelectorAll('.facet')) {
  for (const link of facet.querySelectorAll('a')) {
    const label = link.querySelector('span')
    link.parentElement.replaceWith(choice(facet.dataset.facet, link.dataset.value, [label.cloneNode(true)], link.querySelector('.count').textContent))
  }
}

function addFormats() {
  const formats = [...new Set(records.flatMap((record) => record.formats))].sort()
  if (formats.length < 2) return
  const facet = element(
    'fieldset', { className: 'facet' }, element('legend', {}, words.by_format),
    element('ul', {}, ...formats.map((format) => choice('format', format, [element('span', {}, format)], ''))),
  )
  document.getElementById('filters').append(facet)
  setControls()
}

function setControls() {
  const wanted = state()
  if (document.activeElement !== query) query.value = wanted.q
  sort.value = wanted.sort
  for (const box of form.querySelectorAll('.facet input')) box.checked = wanted[box.name].has(box.value)
  // In a long list what is chosen must be in sight.
  for (const list of form.querySelectorAll('.facet ul')) {
    const first = list.querySelector(':checked')?.closest('li')
    if (first) list.scrollTop = first.offsetTop - list.offsetTop
  }
}

async function update(push) {
  shown = PAGE
  history[push ? 'pushState' : 'replaceState'](null, '', address())
  if (!records) status.textContent = words.loading
  await read()
  show()
}

let timer = 0
query.addEventListener('focus', () => read().catch(() => {}), { once: true })
query.addEventListener('input', () => {
  clearTimeout(timer)
  timer = setTimeout(() => update(false).catch(() => {}), 120)
})
form.addEventListener('change', (event) => {
  if (event.target !== query) update(true).catch(() => {})
})
form.addEventListener('submit', (event) => {
  event.preventDefault()
  clearTimeout(timer)
  update(true).catch(() => {})
})
clear.addEventListener('click', () => {
  query.value = ''
  sort.value = ''
  for (const box of form.querySelectorAll('.facet input')) box.checked = false
  update(true).catch(() => {})
  query.focus()
})
globalThis.addEventListener('popstate', () => {
  query.value = state().q
  setControls()
  read().then(show).catch(() => {})
})

setControls()
if (location.search) {
  status.textContent = words.loading
  read()
    .then(() => {
      setControls()
      show()
    })
    .catch(() => {})
}
