// What every page does: appearance, menu on phones, copy buttons. Pages are whole without it.
const { copy: COPY, copied: COPIED, catalog: CATALOG } = document.body.dataset

const theme = document.getElementById('theme')
const show = () => {
  const label = theme.dataset[globalThis.kaishuTheme.get()]
  theme.setAttribute('aria-label', label)
  theme.title = label
}
show()
theme.addEventListener('click', () => {
  const order = ['auto', 'light', 'dark']
  globalThis.kaishuTheme.set(order[(order.indexOf(globalThis.kaishuTheme.get()) + 1) % order.length])
  show()
})

// Buttons that fold something out, on phones: the menu, the filters.
for (const button of document.querySelectorAll('[data-toggle]')) {
  const target = document.getElementById(button.dataset.toggle)
  const open = (yes) => {
    button.setAttribute('aria-expanded', String(yes))
    target.classList.toggle('open', yes)
  }
  button.addEventListener('click', () => open(button.getAttribute('aria-expanded') !== 'true'))
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && button.getAttribute('aria-expanded') === 'true') {
      open(false)
      button.focus()
    }
  })
}

// What is folded is whole on paper; the style sheet sees to it where the browser knows how.
let folded = []
addEventListener('beforeprint', () => {
  folded = [...document.querySelectorAll('details:not([open])')]
  for (const each of folded) each.open = true
})
addEventListener('afterprint', () => {
  for (const each of folded) each.open = false
  folded = []
})

function copyButton(source) {
  const copy = document.createElement('button')
  copy.type = 'button'
  copy.className = 'copy'
  copy.textContent = COPY
  copy.addEventListener('click', async () => {
    await write(source)
    copy.textContent = COPIED
    setTimeout(() => (copy.textContent = COPY), 2000)
  })
  return copy
}

// The clipboard's interface is missing on plain http; then the text is selected and copied the old way.
async function write(source) {
  if (navigator.clipboard) return navigator.clipboard.writeText(source.textContent)
  getSelection().selectAllChildren(source)
  document.execCommand('copy')
}

for (const block of document.querySelectorAll('.code, .md-typeset .highlight')) {
  const code = block.querySelector('code')
  if (code) block.append(copyButton(code))
}
for (const code of document.querySelectorAll('.copyable')) code.after(' ', copyButton(code))

// A slash leads to the search box. Who dictates to the machine, or hits keys by chance, can turn that off.
const shortcut = document.getElementById('shortcut')
const KEY = 'kaishu-shortcut'
const isOn = () => {
  try {
    return localStorage.getItem(KEY) !== 'off'
  } catch {
    return true
  }
}
const tell = () => (shortcut.textContent = isOn() ? shortcut.dataset.on : shortcut.dataset.off)
tell()
shortcut.addEventListener('click', () => {
  try {
    localStorage.setItem(KEY, isOn() ? 'off' : 'on')
  } catch {
    // It stays on.
  }
  tell()
})
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !isOn()) return
  if (event.target.closest('input, select, textarea, [contenteditable]')) return
  event.preventDefault()
  ;(document.getElementById('finder-q') ?? document.getElementById('hero-q') ?? document.getElementById('q')).focus()
})

// A citation in Chinese says on which day the reader looked. ("sv" writes dates as 2026-01-31.)
for (const day of document.querySelectorAll('.today')) day.textContent = new Date().toLocaleDateString('sv')

if (document.getElementById('finder')) {
  try {
    await import(new URL(CATALOG, document.baseURI))
  } catch (error) {
    document.documentElement.classList.remove('searching')
    throw error
  }
}

// The parts that read tables come when a reader asks for them, or when the address says what to show.
const files = (document.body.dataset.parts ?? '').split(' ')
const urls = Object.fromEntries(files.map((name) => [name.split('.')[0], new URL(name, import.meta.url).href]))
let words = null
let worker = null
async function openPart(place) {
  const name = place.localName.slice(7)
  // All three are asked for at once; each is used by whoever needs it first.
  words ??= fetch(urls.words).then((answer) => answer.json())
  if (name === 'explore') worker ??= new Worker(urls.engine, { type: 'module' })
  try {
    await import(urls[name])
    await place.open({ urls, words, worker: () => worker ?? undefined })
  } catch (error) {
    words = null
    place.querySelector('.open').hidden = false
    place.querySelector('.part-failed').hidden = false
    throw error
  }
}
const openNamed = () => {
  const asked = new URLSearchParams(location.hash.slice(1))
  for (const place of document.querySelectorAll('kaishu-explore, kaishu-ask')) {
    const wanted = asked.get(place.localName.slice(7))
    if (wanted === null || (place.localName === 'kaishu-explore' && wanted !== place.dataset.name)) continue
    if (place.closest('details')) place.closest('details').open = true
    openPart(place).then(() => place.scrollIntoView({ block: 'start' }))
  }
}
for (const place of document.querySelectorAll('kaishu-explore, kaishu-ask')) place.querySelector('.open').addEventListener('click', () => openPart(place))
if (document.querySelector('kaishu-form')) import(urls.form).catch(() => document.body.classList.add('no-form'))
if (location.hash.includes('=')) openNamed()
addEventListener('hashchange', openNamed)

// Charts: what fills a phone is folded there, and a larger form comes when it is asked for.
if (matchMedia('(max-width: 44rem)').matches) for (const each of document.querySelectorAll('.columns-fold')) each.open = false
for (const button of document.querySelectorAll('.enlarge')) {
  button.addEventListener('click', async () => (await import(urls.charts)).enlarge(button.closest('figure')))
}
