// Reads the index that generator/search makes (files.py and index.py tell its form) and finds exactly what contains the
// words. Knows nothing of pages. Only what a search needs is fetched.
const START = 0, TITLE = 1, LABEL = 2, DESCRIPTION = 3, PINYIN = 4
const POINTS = [9, 8, 5, 2]
const OF_FACET = 4
const LITERAL = 64, SYNONYM = 32, READING = 1
const GAPS = /[\s\0-\x1f\x85\ufeff]+/g
const HAN = /[\u3400-\u9fff]/

export const fold = (text) => text.normalize('NFKC').toLowerCase()
export const wordsOf = (text) => fold(text).split(GAPS).filter(Boolean)
export const isLatin = (text) => /^[ -~]+$/.test(text)
const isReading = (word) => /^[a-z]{2,}$/.test(word)

async function inflated(address) {
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(`${answer.status} ${address}`)
  return new Uint8Array(await new Response(answer.body.pipeThrough(new DecompressionStream('deflate'))).arrayBuffer())
}

const json = (bytes) => JSON.parse(new TextDecoder().decode(bytes))

// Numbers whose lowest bytes stand together, then the next ones.
function numbers(bytes, count, width) {
  const out = new Uint32Array(count)
  for (let byte = 0; byte < width; byte++) for (let n = 0; n < count; n++) out[n] |= bytes[byte * count + n] << (8 * byte)
  return out
}

export class Index {
  static async open(address, read = inflated) {
    return new Index(address, read, await read(address))
  }

  constructor(address, read, bytes) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
    Object.assign(this, json(bytes.subarray(4, 4 + length)))
    let at = 4 + length
    for (const facet of Object.values(this.facets)) {
      facet.column = numbers(bytes.subarray(at), this.count, facet.bytes)
      at += this.count * facet.bytes
    }
    this.isSmall = Boolean(this.documents)
    this.documents = (this.documents ?? []).map(record)
    this.readings ??= []
    const kept = new Map()
    this.file = (name) => {
      if (!kept.has(name)) kept.set(name, read(address.replace(/start\.bin$/, `${name}.bin`)))
      return kept.get(name)
    }
  }

  // ---- documents

  async document(number) {
    this.documents[number] ??= await this.#row('d', number, record)
    return this.documents[number]
  }

  async reading(number) {
    this.readings[number] ??= await this.#row('r', number, (row) => row)
    return this.readings[number]
  }

  async #row(kind, number, made) {
    const together = this.together[kind]
    return made(json(await this.file(`${kind}${Math.floor(number / together)}`))[number % together])
  }

  // The place of each document in one of the orders: title-zh, title-en, modified, size.
  async order(name) {
    return numbers(await this.file(name), this.count, 3)
  }

  values(facet, number) {
    const { values, sets, column } = this.facets[facet]
    return sets[column[number]].map((position) => values[position])
  }

  // ---- words

  // Points of each document, 0 for those that lack one of the words; and what each word was taken for.
  async find(words) {
    const meant = words.map((word) => [word, ...this.#synonyms(word).slice(0, words.length > 1 ? 4 : 8)])
    const points = await Promise.all(meant.map((forms) => this.#either(forms)))
    const total = new Uint16Array(this.count).map((_, n) => (points.every((each) => each[n]) ? points.reduce((sum, each) => sum + each[n], 0) : 0))
    const whole = words.length > 1 ? this.#synonyms(words.join(' '), true) : []
    if (whole.length) {
      const others = await this.#either(['', ...whole])
      others.forEach((each, n) => { if (each && !total[n]) total[n] = each })
      meant.push(['', ...whole])
    }
    // Every word is there itself, not by a synonym or a reading.
    const isLiteral = (n) => total[n] >= LITERAL * words.length
    return { points: total, meant, isLiteral }
  }

  // Other forms of the word: itself, or what it contains, said otherwise.
  #synonyms(word, isWhole = false) {
    const found = new Set()
    for (const group of this.synonyms) {
      for (const known of group) {
        if (word !== known && (isWhole || isLatin(known) || known.length < 2 || !word.includes(known))) continue
        for (const other of group) {
          if (other !== known && (word === known || !isLatin(other))) found.add(word.replace(known, other))
        }
      }
    }
    // What contains the word is found anyway.
    return [...found].filter((form) => !form.includes(word))
  }

  async #either([word, ...others]) {
    const [points, ...rest] = await Promise.all([word ? this.lookup(word) : new Uint8Array(this.count), ...others.map((form) => this.#all(form))])
    for (const list of rest) {
      for (let n = 0; n < list.length; n++) if (list[n] > LITERAL && points[n] < LITERAL) points[n] = Math.max(points[n], SYNONYM + list[n] - LITERAL)
    }
    return points
  }

  // A phrase must stand as such in one text: its words here and there mean something else. It has a gram of its own.
  async #all(text) {
    if (!text.includes(' ')) return this.lookup(text)
    if (this.isSmall || this.phrases[text]) return this.lookup(this.phrases?.[text] ?? text, text)
    return new Uint8Array(this.count)
  }

  // Points of each document for one word.
  async lookup(gram, word = gram) {
    const points = new Uint8Array(this.count)
    const give = (number, place) => {
      const worth = place === PINYIN ? READING : LITERAL + POINTS[place]
      if (points[number] < worth && (place !== PINYIN || isReading(word))) points[number] = worth
    }
    const doubtful = this.isSmall ? this.documents.keys() : await this.#grams(gram, give)
    await Promise.all(Array.from(doubtful, async (number) => {
      const place = placeOf(await this.document(number), word)
      if (place !== null) give(number, place)
      else if (isReading(word) && (await this.#isRead(number, word))) give(number, PINYIN)
    }))
    this.#labels(word, points)
    return points
  }

  async #isRead(number, word) {
    const { titles, keywords } = await this.document(number)
    const told = await this.reading(number)
    return [...Object.values(titles), ...keywords].some((text, n) => spanOfReading(text, told[n], word))
  }

  #labels(word, points) {
    for (const facet of ['agency', 'theme']) {
      const { values, sets, column } = this.facets[facet]
      const worth = values.map(({ label, other, read }) => {
        const texts = [...Object.values(label), ...other]
        if (texts.some((text) => fold(text).includes(word))) return LITERAL + OF_FACET
        return isReading(word) && texts.some((text, n) => spanOfReading(text, read[n], word)) ? READING : 0
      })
      if (!worth.some(Boolean)) continue
      const ofSet = sets.map((set) => Math.max(0, ...set.map((position) => worth[position])))
      column.forEach((set, n) => { if (points[n] < ofSet[set]) points[n] = ofSet[set] })
    }
  }

  // Gives what the grams are sure of, and returns the documents that must be looked into.
  async #grams(word, give) {
    const doubtful = new Set()
    if (!this.firsts.length) return doubtful
    const key = word.slice(0, this.length)
    const isCut = key !== word
    const first = this.#shard(key + this.all)
    let isDone = false
    await this.#each(first, (name, place, number) => {
      if (name === key + this.all) {
        isDone = true
        isCut ? doubtful.add(number) : give(number, place)
      }
    }, () => isDone)
    if (isDone) return doubtful
    for (let shard = first; shard <= this.#shard(key + '\uffff'); shard++) {
      await this.#each(shard, (name, place, number) => {
        if (name.startsWith(key) && !isCut) give(number, place)
        else if (name.startsWith(key) || key.startsWith(name)) doubtful.add(number)
      })
    }
    return doubtful
  }

  // The last shard that does not begin behind the name.
  #shard(name) {
    let low = 0, high = this.firsts.length
    while (low + 1 < high) {
      const middle = (low + high) >> 1
      if (this.firsts[middle] <= name) low = middle
      else high = middle
    }
    return low
  }

  // Tells of every gram of a shard its documents, until it is done.
  async #each(shard, tell, isDone = () => false) {
    const bytes = await this.file(`s${shard}`)
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
    const units = new Uint16Array(bytes.slice(4, 4 + length).buffer)
    let names = ''
    // Not a TextDecoder, which has no half pairs of surrogates.
    for (let at = 0; at < units.length; at += 4096) names += String.fromCharCode(...units.subarray(at, at + 4096))
    let at = 4 + length
    const next = () => {
      let value = 0, shift = 0, byte
      do {
        byte = bytes[at++]
        value |= (byte & 127) << shift
        shift += 7
      } while (byte > 127)
      return value
    }
    for (const name of names.split('\n')) {
      let head
      do {
        head = next()
        let number = 0
        for (let count = head >> 4; count; count--) tell(name, (head >> 1) & 7, (number += next()))
      } while (!(head & 1))
      if (isDone()) return
    }
  }

  // ---- when nothing is found

  // Words that are nearly this one: other letters of a Latin word, fewer characters of a Chinese one.
  async near(word) {
    if (isLatin(word)) return this.#misspelt(word)
    const characters = [...word]
    for (let length = characters.length - 1; length > 0; length--) {
      const parts = [...new Set(Array.from({ length: characters.length - length + 1 }, (_, at) => characters.slice(at, at + length).join('')))].slice(0, 8)
      const found = await Promise.all(parts.map(async (part) => [part, (await this.lookup(part)).reduce((sum, each) => sum + (each >= LITERAL), 0)]))
      const some = found.filter(([, count]) => count).slice(0, 3)
      if (some.length) return some.map(([part]) => part)
    }
    return []
  }

  async #misspelt(word) {
    const allowed = word.length < 5 ? 1 : 2
    const known = new Set()
    const look = (document) => {
      for (const text of document.texts) for (const run of text.split(' ')) for (const part of run.match(/[a-z0-9]+/g) ?? []) known.add(part)
    }
    if (this.isSmall) this.documents.forEach(look)
    else if (this.firsts.length) {
      const some = new Set()
      const last = this.#shard(word.slice(0, 2) + '\uffff')
      for (let shard = this.#shard(word.slice(0, 2)); shard <= last; shard++) {
        await this.#each(shard, (name, _, number) => {
          if (name.endsWith(this.end)) known.add(name.slice(0, -1).replace(/[^a-z0-9]+$/, ''))
          else if (name.length > 2 && some.size < 24 && distance(name, word.slice(0, name.length)) < 2) some.add(number)
        })
      }
      ;(await Promise.all([...some].map((number) => this.document(number)))).forEach(look)
    }
    return [...known]
      .map((each) => [distance(each, word), each])
      .filter(([far, each]) => far <= allowed && each.length > 2)
      .sort(([a, left], [b, right]) => a - b || (left < right ? -1 : 1))
      .slice(0, 3)
      .map(([, each]) => each)
  }
}

function record([name, titles, descriptions, keywords, fields, modified, bytes, marks]) {
  const folded = (texts) => texts.map((text) => fold(text).replace(GAPS, ' '))
  const parts = [folded(Object.values(titles)), folded([...keywords, ...fields]), folded(Object.values(descriptions))]
  return { name, titles, descriptions, keywords, fields, modified, bytes, isDemonstration: marks & 1, isOverdue: marks & 2, parts, texts: parts.flat() }
}

function placeOf({ parts: [titles, labels, descriptions] }, word) {
  if (titles.some((text) => ` ${text}`.includes(` ${word}`))) return START
  if (titles.some((text) => text.includes(word))) return TITLE
  if (labels.some((text) => text.includes(word))) return LABEL
  return descriptions.some((text) => text.includes(word)) ? DESCRIPTION : null
}

// ---- readings

// From where to where in the folded text stands what is read so: whole syllables, the last one maybe begun, or initials.
export function spanOfReading(text, told, word) {
  const folded = [...fold(text)]
  const syllables = told ? told.split(' ').map((each) => each.split('/')) : []
  const places = folded.map((_, n) => n).filter((n) => HAN.test(folded[n]))
  if (places.length !== syllables.length) return null
  const isNext = (n) => n < places.length && places[n] === places[n - 1] + 1
  const whole = (n, rest) => {
    for (const syllable of syllables[n]) {
      if (syllable.startsWith(rest)) return n
      if (!rest.startsWith(syllable) || !isNext(n + 1)) continue
      const end = whole(n + 1, rest.slice(syllable.length))
      if (end !== null) return end
    }
    return null
  }
  const initials = (n) => {
    for (let at = 0; at < word.length; at++) {
      if ((at && !isNext(n + at)) || !syllables[n + at]?.some((syllable) => syllable[0] === word[at])) return null
    }
    return n + word.length - 1
  }
  for (let n = 0; n < places.length; n++) {
    const end = whole(n, word) ?? initials(n)
    if (end !== null) return [places[n], places[end] + 1]
  }
  return null
}

// How many letters must be changed, added, left out or swapped.
export function distance(left, right) {
  let before = [], last = Array.from({ length: right.length + 1 }, (_, n) => n)
  for (let i = 1; i <= left.length; i++) {
    const row = [i]
    for (let j = 1; j <= right.length; j++) {
      row[j] = Math.min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (left[i - 1] !== right[j - 1]))
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1)
    }
    before = last
    last = row
  }
  return last[right.length]
}
