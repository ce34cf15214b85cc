// Values as a reader sees them: by the column's type and the page's language. They arrive as exact texts.
import { element } from './client.js'

const LINK = /^https?:\/\/[^\s<>"]+$/i
const EMAIL = /^[^\s@?&<>"]+@[^\s@?&<>"]+\.[^\s@?&<>"]+$/
const LONG = 240

export class Format {
  constructor(texts) {
    this.texts = texts
    const parts = new Intl.NumberFormat(texts.lang).formatToParts(-1234567.5)
    this.group = parts.find(({ type }) => type === 'group')?.value ?? ','
    this.point = parts.find(({ type }) => type === 'decimal')?.value ?? '.'
    this.day = new Intl.DateTimeFormat(texts.lang, { dateStyle: 'medium', timeZone: 'UTC' })
  }

  /** Digits in groups, all of them: Intl would round what is longer than a double. */
  number(text) {
    const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
    if (!found) return text
    const [, sign, whole, fraction] = found
    return `${sign ? '−' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, this.group)}${fraction ? this.point + fraction : ''}`
  }

  date(text) {
    const day = new Date(`${text}T00:00:00Z`)
    return Number.isNaN(day.getTime()) ? text : this.day.format(day)
  }

  moment(text) {
    const [, day, clock, utc] = /^(.+)T([\d:.]+)(Z?)$/.exec(text) ?? []
    return day ? `${this.date(day)} ${clock}${utc ? ' UTC' : ''}` : text
  }

  /** As text, for labels; null and '' become words. */
  plain(text, column) {
    if (text === null) return this.texts.get('x_null')
    switch (column.kind) {
      case 'integer': return column.bare ? text : this.number(text)
      case 'decimal':
      case 'double': return this.number(text)
      case 'date': return this.date(text)
      case 'moment': return this.moment(text)
      case 'boolean': return this.texts.get(text === 'true' ? 'x_true' : 'x_false')
      default: return text === '' ? this.texts.get('x_empty') : text
    }
  }

  /** Into a cell. `whole`: nothing is folded, and links can be reached by keyboard. */
  into(cell, text, column, whole = false) {
    if (text === null || (text === '' && column.kind === 'text')) {
      cell.replaceChildren(element('span', { className: 'x-none' }, this.plain(text, column)))
      return
    }
    const href = column.kind !== 'text' || text.length > 2000 ? null : LINK.test(text) ? text : EMAIL.test(text) ? `mailto:${text}` : null
    const shown = this.plain(text, column)
    if (href && safe(href)) cell.replaceChildren(element('a', { href, rel: 'noopener nofollow', textContent: shown, tabIndex: whole ? 0 : -1 }))
    else cell.textContent = !whole && shown.length > LONG ? `${shown.slice(0, LONG)}…` : shown
  }
}

function safe(href) {
  try {
    return ['http:', 'https:', 'mailto:'].includes(new URL(href).protocol)
  } catch {
    return false
  }
}

/** What is known of a column: its title in the page's language, unit, and whether digits are grouped. */
export function described(column, schema, titles = {}) {
  const field = column.field ?? {}
  const code = field.type === 'year' || schema.primaryKey?.includes?.(column.name) || field.constraints?.unique
  return { ...column, title: titles[column.name] ?? field.title ?? '', unit: field.unit ?? '', bare: Boolean(code), numeric: ['integer', 'decimal', 'double'].includes(column.kind) }
}
