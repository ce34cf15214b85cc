// A picture of a result whose shape allows one: a label and a number in each row. Our own SVG, in the colours of the page.

const SVG = 'http://www.w3.org/2000/svg'

function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

const short = (text, length) => (Array.from(text).length > length ? `${Array.from(text).slice(0, length - 1).join('')}…` : text)

/** null where the result is no list of labels with a number each. */
export function chart({ columns, texts, count }, format, label, room) {
  const width = Math.min(720, Math.max(280, room))
  const number = columns.findIndex(({ kind }, c) => c > 0 && ['integer', 'decimal', 'double'].includes(kind))
  if (number < 1 || count < 2) return null
  const first = columns[0]
  const values = texts[number].map((text) => (text === null ? null : Number(text)))
  if (values.some((value) => value !== null && !Number.isFinite(value)) || values.every((value) => value === null)) return null
  const labels = texts[0].map((text) => format.plain(text, { ...first, bare: true }))
  const steps = first.kind === 'date' || first.kind === 'moment' || first.kind === 'integer' || texts[0].every((text) => /^\d{4}(-\d{2}){0,2}$/.test(text ?? ''))
  const ascending = new Set(texts[0]).size === count && texts[0].every((text, i) => text !== null && (i === 0 || (first.kind === 'integer' ? Number(text) > Number(texts[0][i - 1]) : text > texts[0][i - 1])))
  const title = label(columns[number].name, first.name)
  if (steps && ascending && count > 2 && count <= 2000) return line(labels, values, title, format, width)
  return count <= 40 && new Set(labels).size === count ? bars(labels, values, texts[number].map((text) => format.plain(text, columns[number])), title, width) : null
}

function bars(labels, values, shown, title, width) {
  const step = 26
  const left = Math.round(width * 0.3)
  const right = 110
  const low = Math.min(0, ...values)
  const high = Math.max(0, ...values)
  const x = (value) => left + ((value - low) / (high - low || 1)) * (width - left - right)
  const picture = svg('svg', { viewBox: `0 0 ${width} ${labels.length * step + 6}`, role: 'img', 'aria-label': title, class: 'x-chart' })
  labels.forEach((text, i) => {
    const y = i * step + 4
    const value = values[i] ?? 0
    picture.append(
      svg('text', { x: left - 8, y: y + 14, 'text-anchor': 'end' }, short(text, Math.floor((left - 8) / (/^[\x20-\x7e]*$/.test(text) ? 8 : 14)))),
      svg('rect', { x: Math.min(x(0), x(value)), y, width: Math.max(1, Math.abs(x(value) - x(0))), height: step - 8, rx: 2 }),
      svg('text', { x: x(Math.max(0, value)) + 6, y: y + 14 }, shown[i]),
    )
  })
  return picture
}

function line(labels, values, title, format, width) {
  const [left, right, top, height] = [64, 16, 12, 220]
  const known = values.filter((value) => value !== null)
  const low = Math.min(0, ...known)
  const high = Math.max(...known, low + (known.every((value) => value === 0) ? 1 : 0))
  const x = (i) => left + (i / (values.length - 1)) * (width - left - right)
  const y = (value) => top + height - ((value - low) / (high - low || 1)) * height
  const picture = svg('svg', { viewBox: `0 0 ${width} ${top + height + 30}`, role: 'img', 'aria-label': title, class: 'x-chart' })
  const compact = new Intl.NumberFormat(format.texts.lang, { notation: 'compact', maximumSignificantDigits: 3 })
  for (const value of [low, (low + high) / 2, high]) {
    picture.append(svg('line', { x1: left, x2: width - right, y1: y(value), y2: y(value) }), svg('text', { x: left - 8, y: y(value) + 5, 'text-anchor': 'end' }, compact.format(value)))
  }
  let path = ''
  values.forEach((value, i) => {
    if (value !== null) path += `${path && values[i - 1] !== null ? 'L' : 'M'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`
  })
  picture.append(svg('path', { d: path }))
  const marks = [0, Math.floor((labels.length - 1) / 2), labels.length - 1]
  marks.forEach((i, n) => picture.append(svg('text', { x: x(i), y: top + height + 22, 'text-anchor': ['start', 'middle', 'end'][n] }, short(labels[i], 22))))
  return picture
}
