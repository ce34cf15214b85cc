// The other side of the worker, and small things that both parts of a page need.

export function element(name, properties = {}, ...children) {
  const { attributes = {}, ...rest } = properties
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(rest)) {
    if (key === 'role' || key.startsWith('aria')) made.setAttribute(key.replace('aria', 'aria-').toLowerCase(), value)
    else made[key] = value
  }
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value)
  made.append(...children.filter((child) => child !== null))
  return made
}

export class Engine {
  #url
  #worker
  #calls = new Map()
  #next = 1

  constructor(url, worker) {
    this.#url = url
    this.#use(worker ?? new Worker(url, { type: 'module' }))
  }

  #use(worker) {
    this.#worker = worker
    worker.addEventListener('message', ({ data }) => {
      const call = this.#calls.get(data.id)
      if (!call) return
      if (data.progress) call.tell(data.progress)
      else {
        this.#calls.delete(data.id)
        if (data.trouble) call.reject(data.trouble)
        else call.resolve(data.answer)
      }
    })
    worker.addEventListener('error', () => this.#fail({ code: 'x_failed', values: { message: '' } }))
  }

  #fail(trouble) {
    const calls = [...this.#calls.values()]
    this.#calls.clear()
    for (const call of calls) call.reject(trouble)
  }

  call(action, given = {}, tell = () => {}) {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject, tell })
      this.#worker.postMessage({ id, action, ...given })
    })
  }

  /** Ends whatever is under way, at once. */
  restart() {
    this.#worker.terminate()
    this.#fail({ code: 'x_cancelled', values: {} })
    this.#use(new Worker(this.#url, { type: 'module' }))
  }
}

/** Words of the page's language: `{name}` is filled in, and `key_1` is the singular where the language has one. */
export class Texts {
  constructor(words) {
    this.words = words
    const { lang } = document.documentElement
    this.lang = lang === 'en' ? 'en-GB' : lang // days before months, as the rest of the page has them
    this.number = new Intl.NumberFormat(this.lang)
  }

  get(key, values = {}) {
    const text = (Object.values(values).includes(1) && this.words[`${key}_1`]) || this.words[key] || key
    return text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? (typeof values[name] === 'number' ? this.number.format(values[name]) : values[name]) : all))
  }

  size(bytes) {
    return bytes < 999_500 ? `${(bytes / 1e3).toFixed(bytes < 99_500 ? 1 : 0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
  }

  kind(kind) {
    return this.words[`x_kind_${kind}`] ?? kind
  }

  trouble({ code, values = {} }) {
    const shown = { ...values }
    for (const name of ['size', 'limit']) if (code.startsWith('x_') && name in shown) shown[name] = this.size(shown[name])
    for (const name of ['a', 'b', 'kind', 'wanted']) if (name in shown) shown[name] = this.kind(shown[name])
    if (code === 'sql_expected' || code === 'sql_ended') shown.expected = this.words[`sql_what_${shown.expected}`] ?? shown.expected
    return this.get(code, shown)
  }
}

export function save(blob, name) {
  const link = element('a', { href: URL.createObjectURL(blob), download: name })
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

let dialogs = 0

/** A modal dialog with a heading and a button that closes it. */
export function dialog(texts, heading, ...children) {
  const id = `x-dialog-${++dialogs}`
  const close = element('button', { type: 'button', className: 'x-close', onclick: () => made.close(), attributes: { 'aria-label': texts.get('x_close') } }, '×')
  const made = element(
    'dialog', { className: 'x-dialog', attributes: { 'aria-labelledby': id } },
    element('div', { className: 'x-dialog-head' }, element('h3', { id }, heading), close),
    element('div', { className: 'x-dialog-body' }, ...children),
  )
  made.addEventListener('close', () => made.remove())
  made.addEventListener('click', (event) => event.target === made && made.close())
  return made
}
