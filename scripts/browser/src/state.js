// What a reader has asked of a table, as the part of the address after `#`, so that it can be shared and gone back to.
//
//   #explore=stops&sort=-opened&sort=name&show=name&show=opened&f.name=has:桥&f.opened=from:2000&f.opened=below:2010
//
// A value of `f.` is an operation and what it is given: has, is (more than one: any of them), from, to, below; null, given.

const OPS = ['has', 'is', 'from', 'to', 'below', 'null', 'given']

export const empty = () => ({ filters: [], sort: [], show: null })

export function read(hash, name) {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  if (given.get('explore') !== name) return null
  const filters = [...given].flatMap(([key, text]) => {
    if (!key.startsWith('f.')) return []
    const [op] = text.split(':', 1)
    return OPS.includes(op) ? [{ column: key.slice(2), op, value: text.slice(op.length + 1) }] : []
  })
  const sort = given.getAll('sort').map((text) => ({ column: text.replace(/^[-+]/, ''), down: text.startsWith('-') }))
  const show = given.getAll('show')
  return { filters, sort, show: show.length ? show : null }
}

export function write(name, { filters, sort, show }) {
  const given = new URLSearchParams([['explore', name]])
  // A column whose name begins with a sign keeps it.
  for (const { column, down } of sort) given.append('sort', `${down ? '-' : /^[-+]/.test(column) ? '+' : ''}${column}`)
  for (const column of show ?? []) given.append('show', column)
  for (const { column, op, value } of filters) given.append(`f.${column}`, op === 'null' || op === 'given' ? op : `${op}:${value}`)
  return `#${given}`
}

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b)
