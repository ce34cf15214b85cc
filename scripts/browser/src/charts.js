// A chart, larger: values under the pointer or by the arrow keys, series hidden and shown. The values come from the
// chart's CSV file, once; the picture is the one of the page.
const dialog = document.getElementById('enlarged')
const stage = dialog.querySelector('.stage')
const reading = dialog.querySelector('.reading')
const SVG = 'http://www.w3.org/2000/svg'

export async function enlarge(figure) {
  document.getElementById('enlarged-title').textContent = figure.querySelector('figcaption').textContent
  const copies = [...figure.querySelectorAll(':scope > .note, :scope > .legend, :scope > .plot')].map((part) => part.cloneNode(true))
  stage.replaceChildren(...copies)
  reading.textContent = reading.dataset.hint
  dialog.showModal()
  const plot = stage.querySelector('.plot')
  plot.tabIndex = 0
  plot.setAttribute('role', 'application')
  toggles(plot)
  const heads = [...figure.querySelectorAll('.chart-values thead th')].map((cell) => cell.textContent)
  try {
    const answer = await fetch(figure.querySelector('.chart-values a[download]').href)
    if (!answer.ok) throw new Error(answer.statusText)
    read(plot, heads, rows(await answer.text()).slice(1))
  } catch {
    reading.textContent = reading.dataset.failed
  }
  plot.focus()
}

function toggles(plot) {
  for (const entry of stage.querySelectorAll('.legend li')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.setAttribute('aria-pressed', 'true')
    button.append(...entry.childNodes)
    entry.append(button)
    button.addEventListener('click', () => {
      const shown = button.getAttribute('aria-pressed') !== 'true'
      button.setAttribute('aria-pressed', String(shown))
      for (const shape of plot.querySelectorAll(`[data-s="${entry.dataset.s}"]`)) shape.classList.toggle('off', !shown)
    })
  }
}

const hidden = () => new Set([...stage.querySelectorAll('.legend li:has([aria-pressed="false"])')].map((entry) => Number(entry.dataset.s)))

function read(plot, heads, table) {
  const field = plot.querySelector('.field')
  const spread = field.dataset.points !== undefined
  const places = spread ? points(field) : along(field)
  const count = stage.querySelectorAll('.legend li').length
  let at = -1
  const show = (place) => {
    if (place < 0 || place >= places.length) return
    at = place
    const off = hidden()
    // Of several series the values alone, without of how many each is made.
    const row = (table[place] ?? []).slice(0, count && !spread ? count + 1 : undefined)
    const told = row.map((value, column) => (value === '' || (!spread && off.has(column - 1)) ? '' : `${heads[column] ?? ''} ${value}`))
    reading.textContent = told.filter(Boolean).join(' · ')
    mark(field, places[place])
  }
  stage.onclick = () => show(at)
  plot.addEventListener('pointermove', (event) => show(nearest(field, places, event)))
  plot.addEventListener('pointerdown', (event) => show(nearest(field, places, event)))
  plot.addEventListener('keydown', (event) => {
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: places.length - 1, PageDown: at + 10, PageUp: at - 10 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    show(Math.max(0, Math.min(places.length - 1, to)))
  })
}

// Where the rows are, as shares of the field's width or height.
function along(field) {
  const { x, y } = field.dataset
  if (x !== undefined) return x.split(',').map((value) => ({ x: value / 1000 }))
  const high = field.height.baseVal.value
  return (y ?? '').split(',').map((value) => ({ y: value / high }))
}

function points(field) {
  const box = field.viewBox.baseVal
  const wide = box?.width || 100
  const high = box?.height || field.height.baseVal.value
  return [...field.querySelectorAll('.dots, .mark')].flatMap((shape) => {
    if (shape.localName === 'path') return [...shape.getAttribute('d').matchAll(/M(\S+) (\S+?)h0/g)].map((found) => ({ x: found[1] / wide, y: found[2] / high, shape }))
    const moved = /translate\((\S+) (\S+)\)/.exec(shape.getAttribute('transform') ?? '')
    return [moved ? { x: moved[1] / wide, y: moved[2] / high, shape } : { x: parseFloat(shape.getAttribute('x')) / 100, y: shape.getAttribute('y') / high, shape }]
  })
}

function nearest(field, places, event) {
  const box = field.getBoundingClientRect()
  const x = (event.clientX - box.left) / box.width
  const y = (event.clientY - box.top) / box.height
  let found = -1
  let least = Infinity
  for (const [number, place] of places.entries()) {
    if (place.shape?.classList.contains('off')) continue
    const distance = ((place.x ?? x) - x) ** 2 * box.width ** 2 + ((place.y ?? y) - y) ** 2 * box.height ** 2
    if (distance < least) [found, least] = [number, distance]
  }
  return found
}

function mark(field, place) {
  field.querySelector('.cursor, .here')?.remove()
  const share = (value) => `${value * 100}%`
  const shape = document.createElementNS(SVG, place.y === undefined || place.x === undefined ? 'line' : 'circle')
  const ends = place.y === undefined ? { x1: share(place.x), x2: share(place.x), y1: 0, y2: '100%' } : place.x === undefined ? { x1: 0, x2: '100%', y1: share(place.y), y2: share(place.y) } : { cx: share(place.x), cy: share(place.y), r: field.viewBox.baseVal?.width ? 12 : 8 }
  for (const [name, value] of Object.entries(ends)) shape.setAttribute(name, value)
  shape.setAttribute('class', shape.localName === 'line' ? 'cursor' : 'here')
  field.append(shape)
}

function rows(text) {
  const table = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    table.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '\n') table.push([])
    else if (end === '') break
  }
  if (table.at(-1).join('') === '') table.pop()
  return table
}
