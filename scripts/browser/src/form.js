// The form that writes a descriptor. Nothing that is typed or chosen leaves this browser, unless the reader sends it.
import { problems } from './form-schema.js'
import { readTable } from './form-table.js'
import { toYaml } from './form-yaml.js'

const DRAFT = 'kaishu-draft'
const LONGEST = 7500 // forges refuse addresses of more than some 8,000 characters
const FORMATS = { csv: 'text/csv', tsv: 'text/tab-separated-values', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }
const NUMERIC = ['integer', 'number', 'year']
const BETWEEN = /[\n、,，;；]/
const TIDY = /[^a-z0-9]+/g

class Form extends HTMLElement {
  #words = {}
  #schema = null
  #address = ''
  #shown = null

  async connectedCallback() {
    this.#words = JSON.parse(this.dataset.words)
    this.form = this.querySelector('form')
    this.list = this.querySelector('.resources')
    this.form.addEventListener('input', (event) => this.#changed(event.target))
    this.form.addEventListener('change', (event) => this.#changed(event.target))
    this.form.addEventListener('focusout', (event) => this.#seen(event.target))
    this.form.addEventListener('submit', (event) => this.#toResult(event))
    this.form.addEventListener('click', (event) => this.#clicked(event.target.closest('button')))
    this.querySelector('.copy-yaml').addEventListener('click', () => this.#copy())
    this.querySelector('.clear-form').addEventListener('click', () => this.#clear())
    this.querySelector('.keep-draft').addEventListener('change', () => this.#keep())
    this.querySelector('.open-forge')?.addEventListener('click', () => this.#toForge())
    this.#start()
    this.#schema = await (await fetch(this.dataset.schema)).json()
    this.#update()
    this.dataset.ready = ''
  }

  #start() {
    const draft = this.#draft()
    this.querySelector('.keep-draft').checked = Boolean(draft)
    if (draft) {
      this.#fill(draft)
      this.#say(this.#words.draft_found)
    } else this.#addResource()
  }

  // ---- what the form holds

  value() {
    const made = {}
    const openness = this.#openness()
    const levels = this.#levels()
    for (const input of this.form.querySelectorAll('[data-path]')) {
      const value = valueOf(input)
      if (value === undefined) continue
      if (input.dataset.path.startsWith('access.') && !levels.some(isWithheld)) continue
      if (input.dataset.path === 'licenses' && !levels.includes('unconditional')) continue
      put(made, input.dataset.path.split('.'), value)
    }
    const resources = [...this.list.children].map((part) => this.#resource(part)).filter((each) => Object.keys(each).length)
    if (resources.length && openness !== 'closed') made.resources = resources
    return made
  }

  #openness() {
    return this.form.querySelector('[data-path="openness"]').value
  }

  // The dataset's, and those that single tables have instead.
  #levels() {
    const whole = this.#openness()
    if (whole === 'closed') return [whole]
    const own = [...this.list.children].map((part) => openOf(part) || whole)
    return own.length ? own : [whole]
  }

  #resource(part) {
    const made = {}
    const whole = this.#openness()
    const openness = openOf(part) || whole
    for (const input of part.querySelectorAll('[data-part]')) {
      const name = input.dataset.part
      if (!input.value.trim() || (name === 'path' && openness !== 'unconditional') || (name === 'openness' && openness === whole)) continue
      made[name] = input.value.trim()
    }
    const { format, encoding, delimiter } = part.dataset
    if (made.path && format) Object.assign(made, { format, mediatype: FORMATS[format] }, encoding ? { encoding } : {}, delimiter && delimiter !== ',' && format === 'csv' ? { dialect: { delimiter } } : {})
    const columns = [...part.querySelectorAll('tbody tr')].map(columnOf).filter((each) => each.name)
    if (columns.length) {
      const key = columns.filter((each) => each.key).map((each) => each.name)
      const foreign = columns.filter((each) => each.reference).map(({ name, reference }) => ({ fields: [name], reference: this.#reference(reference, made.name) }))
      made.schema = { fields: columns.map(({ key: _, reference: __, ...field }) => field), ...(key.length ? { primaryKey: key } : {}), ...(foreign.length ? { foreignKeys: foreign } : {}) }
    }
    return made
  }

  // Beside the form where there is room, else far below what was filled in last.
  #toResult(event) {
    event.preventDefault()
    this.querySelector('#result').focus()
  }

  // «table.column»; a table that refers to itself is named by nothing in the standard.
  #reference(text, own) {
    const [resource, ...rest] = text.split('.')
    return { resource: resource === own ? '' : resource, fields: [rest.join('.')] }
  }

  #referable() {
    return [...this.list.children].flatMap((part) => {
      const table = part.querySelector('[data-part="name"]').value.trim()
      return [...part.querySelectorAll('[data-column="name"]')].filter((each) => table && each.value).map((each) => `${table}.${each.value}`)
    })
  }

  // ---- checking

  #changed(input) {
    if (input?.type === 'file') {
      this.#read(input)
      return
    }
    if (input) input.dataset.touched = ''
    // Mostly the data come from the department that publishes them.
    const source = this.form.querySelector('[data-path="source_department"]')
    if (input?.dataset.path === 'agency' && !('touched' in source.dataset)) source.value = input.value
    this.#update()
  }

  #seen(input) {
    if (!input.value || input.type === 'file') return
    input.dataset.touched = ''
    // Not at once: what appears beside a field must not move what is being clicked.
    setTimeout(() => this.#update(), 250)
  }

  #update() {
    const value = this.value()
    const openness = this.#openness()
    const levels = this.#levels()
    this.querySelector('#section-access').hidden = !levels.some(isWithheld)
    this.querySelector('#section-resources').hidden = openness === 'closed'
    this.querySelector('[data-path="licenses"]').closest('.field').hidden = !levels.includes('unconditional') && openness !== ''
    for (const mark of this.querySelectorAll('.must')) mark.hidden = !this.#isNeeded(mark.dataset.required, levels)
    for (const row of this.list.querySelectorAll('tbody tr')) showLimits(row)
    document.getElementById('f-references').replaceChildren(...this.#referable().map((each) => new Option('', each)))
    const found = this.#problems(value, openness)
    this.#show(found)
    const yaml = toYaml(value)
    this.querySelector('.form-yaml').textContent = Object.keys(value).length ? yaml : ''
    this.querySelector('.form-where').textContent = this.#place(value)
    const download = this.querySelector('.download-yaml')
    URL.revokeObjectURL(this.#address)
    this.#address = URL.createObjectURL(new Blob([yaml], { type: 'application/yaml' }))
    download.href = this.#address
    const forge = this.querySelector('.open-forge')
    if (forge) forge.href = this.#newFile(value, yaml)
    if (this.querySelector('.keep-draft').checked) this.#store()
  }

  #place({ agency, name }) {
    return `datasets/${agency || '…'}/${name || '…'}/datapackage.yaml`
  }

  // [{ input, text, isOpen }]: isOpen is what is not there yet, and is shown beside its field once that was visited.
  #problems(value, openness) {
    const found = []
    const levels = this.#levels()
    const say = (input, text, isOpen = false) => found.push({ input, text, isOpen })
    for (const input of this.form.querySelectorAll('[data-required]:not([data-required=""]):not(.must)')) {
      if (this.#isNeeded(input.dataset.required, levels) && valueOf(input) === undefined) say(input, this.#words.need, true)
    }
    if (levels.includes('conditional') && !value.access?.channel && !value.access?.use) say(this.form.querySelector('[data-path="access.channel.url"]'), this.#words.need_channel, true)
    if (openness !== 'closed' && !value.resources) say(this.list.querySelector('[data-part="name"]'), this.#words.need_resource, true)
    for (const [index, part] of [...this.list.children].entries()) {
      if (openness === 'closed' || !value.resources?.[index]) continue
      const own = value.resources[index]
      const needed = ['name', 'title', ...((own.openness ?? openness) === 'unconditional' ? ['path'] : [])]
      for (const name of needed) if (!own[name]) say(part.querySelector(`[data-part="${name}"]`), this.#words.need, true)
      if (!own.schema && !/\.(geojson|json|zip|pdf|xml)$/i.test(own.path ?? '')) say(part.querySelector('[data-column="name"]') ?? part.querySelector('.add-column'), this.#words.need_columns, true)
    }
    const referable = this.#referable()
    for (const input of this.list.querySelectorAll('[data-column="reference"]')) if (input.value.trim() && !referable.includes(input.value.trim())) say(input, this.#words.need_reference)
    const name = this.form.querySelector('[data-path="name"]')
    if (value.name && this.dataset.taken.split(' ').includes(value.name)) say(name, this.#words.name_taken)
    for (const each of this.#schema ? problems(this.#schema, value) : []) say(this.#inputAt(each.path), this.#told(each))
    return found
  }

  // What shared terms say need not be said again.
  #isNeeded(required, levels) {
    const isShared = Boolean(this.form.querySelector('[data-path="access.use"]')?.value) && !/all|unconditional/.test(required)
    return !isShared && levels.some((each) => isNeeded(required, each))
  }

  #inputAt(path) {
    if (path[0] === 'resources') {
      const part = this.list.children[path[1] ?? 0]
      return part?.querySelector(`[data-part="${path[2] ?? 'name'}"]`) ?? part?.querySelector('[data-part]')
    }
    const whole = path.join('.')
    const inputs = [...this.form.querySelectorAll('[data-path]')]
    return inputs.find((each) => each.dataset.path === whole) ?? inputs.find((each) => whole.startsWith(`${each.dataset.path}.`) || each.dataset.path.startsWith(`${whole}.`)) ?? inputs[0]
  }

  #told({ path, keyword, expected }) {
    const last = String(path.findLast?.((each) => typeof each === 'string') ?? path.at(-1))
    const kind = { name: 'pattern_name', agency: 'pattern_name', source_department: 'pattern_name', email: 'pattern_email', url: 'pattern_url', provincial_entry: 'pattern_url', legal_basis_url: 'pattern_url' }[last]
    const words = (keyword === 'pattern' && kind && this.#words[kind]) || this.#words[keyword] || this.#words.type
    return words.replace('{expected}', String(expected))
  }

  #show(found) {
    for (const each of this.form.querySelectorAll('.wrong')) each.textContent = ''
    for (const each of this.form.querySelectorAll('[aria-invalid]')) each.removeAttribute('aria-invalid')
    for (const { input, text, isOpen } of found) {
      if (!input || (isOpen && !('touched' in input.dataset))) continue
      input.setAttribute('aria-invalid', 'true')
      const place = input.closest('.field, .limits')?.querySelector('.wrong')
      if (place && !place.textContent) place.textContent = text
    }
    const state = this.querySelector('.form-state')
    state.textContent = found.length === 0 ? this.#words.ok : (found.length === 1 ? this.#words.count_1 ?? this.#words.count : this.#words.count).replace('{n}', found.length)
    state.classList.toggle('good', found.length === 0)
    // A line that is being clicked must stay: leaving a field comes first.
    const told = found.map(({ input, text }) => `${input?.id || input?.dataset.part}|${text}`).join('\n')
    if (told === this.#shown) return
    this.#shown = told
    this.querySelector('.form-problems').replaceChildren(...found.filter(({ input }) => input).map(({ input, text }) => this.#line(input, text)))
  }

  #line(input, text) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'text-button' })
    button.textContent = labelOf(input)
    button.addEventListener('click', () => {
      input.dataset.touched = ''
      for (let at = input.closest('details'); at; at = at.parentElement.closest('details')) at.open = true
      input.focus()
      input.scrollIntoView({ block: 'center' })
    })
    const line = document.createElement('li')
    line.append(button, ` ${text}`)
    return line
  }

  // ---- resources and columns

  #addResource() {
    const part = this.querySelector('template.resource').content.firstElementChild.cloneNode(true)
    this.list.append(part)
    this.#number()
    return part
  }

  #number() {
    for (const [index, part] of [...this.list.children].entries()) {
      part.querySelector('legend').textContent = `${index + 1}`
      part.querySelector('.remove-resource').hidden = this.list.children.length === 1
      for (const input of part.querySelectorAll('[data-part]')) {
        const wrong = input.closest('.field').querySelector('.wrong')
        wrong.id = `f-resource-${index}-${input.dataset.part}-error`
        input.setAttribute('aria-describedby', wrong.id)
      }
    }
  }

  #addColumn(part, field = {}) {
    const row = this.querySelector('template.column').content.firstElementChild.cloneNode(true)
    const heads = [...part.querySelectorAll('thead th')].map((each) => each.textContent)
    const number = part.querySelectorAll('tbody tr').length + 1
    for (const [index, input] of [...row.querySelectorAll('[data-column]')].entries()) {
      const label = input.closest('.limits') ? input.closest('label').textContent.trim() : heads[index]
      input.setAttribute('aria-label', `${this.#words.column.replace('{n}', number)} ${label}`)
      const value = field[input.dataset.column]
      if (input.type === 'checkbox') input.checked = Boolean(value)
      else if (value) input.value = value
    }
    const summary = row.querySelector('summary')
    summary.setAttribute('aria-label', `${this.#words.column.replace('{n}', number)} ${summary.textContent}`)
    row.querySelector('.remove-column').setAttribute('aria-label', `${this.#words.remove_column} ${number}`)
    part.querySelector('tbody').append(row)
    return row
  }

  #clicked(button) {
    if (!button) return
    const part = button.closest('.part')
    if (button.matches('.add-resource')) this.#addResource().querySelector('input').focus()
    else if (button.matches('.add-column')) this.#addColumn(part).querySelector('input').focus()
    else if (button.matches('.remove-column')) {
      button.closest('tr').remove()
      part.querySelector('.add-column').focus()
    } else if (button.matches('.remove-resource')) {
      part.remove()
      this.#number()
      this.querySelector('.add-resource').focus()
    }
    this.#update()
  }

  async #read(input) {
    const [file] = input.files
    const part = input.closest('.part')
    const place = part.querySelector('.read')
    if (!file) return
    const tell = (...texts) => place.replaceChildren(...texts.map((text) => Object.assign(document.createElement('p'), { textContent: text })))
    let table
    try {
      table = await readTable(file)
    } catch {
      table = { error: 'failed' }
    }
    if (table.error) {
      tell(this.#words[`read_${table.error}`])
      return
    }
    Object.assign(part.dataset, { format: table.format, encoding: table.encoding, delimiter: table.delimiter ?? '' })
    const stem = file.name.replace(/\.[^.]*$/, '')
    const set = (name, value) => {
      const at = part.querySelector(`[data-part="${name}"]`)
      if (!at.value) at.value = value
    }
    set('name', stem.toLowerCase().replace(TIDY, '-').replace(/^-|-$/g, '') || 'data')
    set('title', this.form.querySelector('[data-path="title"]').value || stem)
    part.querySelector('[data-part="path"]').value = file.name
    part.querySelector('tbody').replaceChildren()
    const key = table.fields.find((field) => field.unique)
    for (const field of table.fields) this.#addColumn(part, { ...field, unique: false, key: field === key })
    const notes = [this.#words.read.replace('{n}', table.fields.length)]
    if (table.header > 1) notes.push(this.#words.read_header.replace('{n}', table.header))
    if (table.repeated) notes.push(this.#words.read_repeated)
    if (table.encoding === 'gb18030') notes.push(this.#words.read_encoding)
    if (table.personal.length) notes.push(this.#words.read_personal.replace('{names}', table.personal.join('、')))
    if ((openOf(part) || this.#openness()) === 'conditional') notes.push(this.#words.withheld_file)
    tell(...notes)
    this.#update()
  }

  // ---- where it goes

  #newFile({ agency, name }, yaml) {
    const { repository, forge } = this.dataset
    if (!agency || !name) return repository
    const folder = `datasets/${encodeURIComponent(agency)}/${encodeURIComponent(name)}`
    if (forge === 'gitlab') return `${repository}/-/new/main?file_name=${encodeURIComponent(`${decodeURIComponent(folder)}/datapackage.yaml`)}`
    if (forge !== 'github') return repository
    const bare = `${repository}/new/main/${folder}?filename=datapackage.yaml`
    const whole = `${bare}&value=${encodeURIComponent(yaml)}`
    return whole.length > LONGEST ? bare : whole
  }

  #toForge() {
    const value = this.value()
    if (this.#newFile(value, toYaml(value)).includes('&value=')) this.#say(this.#words.opened)
    else this.#copy().then(() => this.#say(this.#words.too_long))
  }

  async #copy() {
    const source = this.querySelector('.form-yaml')
    if (navigator.clipboard) await navigator.clipboard.writeText(source.textContent)
    else {
      getSelection().selectAllChildren(source)
      document.execCommand('copy')
    }
    this.#say(this.#words.copied)
  }

  #say(text) {
    this.querySelector('.form-said').textContent = text
  }

  // ---- drafts, only where the reader wishes one

  #draft() {
    try {
      return JSON.parse(localStorage.getItem(DRAFT))
    } catch {
      return null
    }
  }

  #keep() {
    if (this.querySelector('.keep-draft').checked) this.#store()
    else this.#forget()
  }

  #store() {
    const values = Object.fromEntries([...this.form.querySelectorAll('[data-path]')].map((each) => [each.dataset.path, each.value]))
    const parts = [...this.list.children].map((part) => ({
      about: { ...part.dataset },
      values: Object.fromEntries([...part.querySelectorAll('[data-part]')].map((each) => [each.dataset.part, each.value])),
      columns: [...part.querySelectorAll('tbody tr')].map((row) => Object.fromEntries([...row.querySelectorAll('[data-column]')].map((each) => [each.dataset.column, each.type === 'checkbox' ? each.checked : each.value]))),
    }))
    try {
      localStorage.setItem(DRAFT, JSON.stringify({ values, parts }))
    } catch {
      this.querySelector('.keep-draft').checked = false
      this.#say(this.#words.drafts_off)
    }
  }

  #forget() {
    try {
      localStorage.removeItem(DRAFT)
    } catch {
      // Nothing is kept where nothing may be.
    }
  }

  #fill({ values, parts }) {
    for (const input of this.form.querySelectorAll('[data-path]')) input.value = values?.[input.dataset.path] ?? ''
    for (const each of parts ?? []) {
      const part = this.#addResource()
      Object.assign(part.dataset, each.about)
      for (const input of part.querySelectorAll('[data-part]')) input.value = each.values[input.dataset.part] ?? ''
      for (const column of each.columns) this.#addColumn(part, column)
    }
    if (!this.list.children.length) this.#addResource()
  }

  #clear() {
    this.#forget()
    this.querySelector('.keep-draft').checked = false
    this.form.reset()
    this.list.replaceChildren()
    this.#addResource()
    for (const each of this.form.querySelectorAll('[data-touched]')) delete each.dataset.touched
    this.#say('')
    this.#update()
    this.form.querySelector('[data-path]').focus()
  }
}

const isWithheld = (openness) => openness === 'conditional' || openness === 'closed'

const openOf = (part) => part.querySelector('[data-part="openness"]').value

const isNeeded = (required, openness) => required === 'all' || required.split(' ').includes(openness)

function labelOf(input) {
  if (input.dataset.column || input.matches('button')) return input.getAttribute('aria-label') ?? input.textContent
  const label = input.labels?.[0]
  return [...(label?.childNodes ?? [])].filter((each) => each.nodeType === Node.TEXT_NODE).map((each) => each.textContent.trim()).join('')
}

function valueOf(input) {
  const text = input.value.trim()
  if (!text) return undefined
  switch (input.dataset.kind) {
    case 'lines':
      return text.split(input.dataset.path.startsWith('keywords') || input.dataset.path === 'collection.items' ? BETWEEN : /\n/).map((each) => each.trim()).filter(Boolean)
    case 'number':
      return /^\d+$/.test(text) ? Number(text) : text
    case 'moment':
      return `${text}T00:00:00+08:00`
    case 'licence': {
      const [title, path] = input.selectedOptions[0].dataset.about.split('\n')
      return [{ name: text, title, path }]
    }
    default:
      return text
  }
}

// Which limits a type can have.
const FITS = {
  minimum: (type) => !['string', 'boolean'].includes(type),
  maximum: (type) => !['string', 'boolean'].includes(type),
  pattern: (type) => type === 'string',
  enum: (type) => type !== 'boolean',
}

function showLimits(row) {
  const type = row.querySelector('[data-column="type"]').value
  for (const [name, fits] of Object.entries(FITS)) row.querySelector(`[data-column="${name}"]`).closest('label').hidden = !fits(type)
  const summary = row.querySelector('summary')
  const count = [...row.querySelectorAll('.limits input')].filter((each) => !each.closest('label').hidden && (each.type === 'checkbox' ? each.checked : each.value.trim())).length
  summary.dataset.count = count || ''
}

function limitOf(name, text, type) {
  const number = (each) => (NUMERIC.includes(type) && /^-?\d+(\.\d+)?$/.test(each) && String(Number(each)) === each ? Number(each) : each)
  return name === 'enum' ? text.split(BETWEEN).map((each) => each.trim()).filter(Boolean).map(number) : name === 'pattern' ? text : number(text)
}

function columnOf(row) {
  const made = {}
  const type = row.querySelector('[data-column="type"]').value
  const limits = {}
  for (const input of row.querySelectorAll('[data-column]')) {
    const name = input.dataset.column
    if (name === 'required' || name === 'unique') {
      if (input.checked) limits[name] = true
    } else if (name in FITS) {
      if (input.value.trim() && FITS[name](type)) limits[name] = limitOf(name, input.value.trim(), type)
    } else if (name === 'key') made.key = input.checked
    else if (input.type !== 'checkbox' && (name === 'name' ? input.value : input.value.trim())) made[name] = name === 'name' ? input.value : input.value.trim()
  }
  if (Object.keys(limits).length) made.constraints = limits
  return made
}

function put(made, [first, ...rest], value) {
  if (!rest.length) made[first] = value
  else put((made[first] ??= /^\d+$/.test(rest[0]) ? [] : {}), rest, value)
}

customElements.define('kaishu-form', Form)
