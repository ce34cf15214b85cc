// A file of the site, read by ranges. Its length is known from the page, so that nothing is asked before the first read.

const GAP = 16_384 // bytes that are read along rather than asked for twice
const PIECE = 4 << 20
const KEPT = 64 << 20
const SMALL = 160_000 // such a file is read at once

/** What a reader of the page can be told: `code` is a key of the page's words. */
export class Trouble extends Error {
  constructor(code, values = {}) {
    super(code)
    this.code = code
    this.values = values
  }
}

export class RangeFile {
  #url
  #limit
  #queue = []
  #pieces = []
  #whole = null
  #onWhole

  /** `limit`: bytes up to which the whole file is read, where the server has no ranges. */
  constructor({ url, bytes, limit, onWhole = () => {} }) {
    this.#url = url
    this.#limit = limit
    this.#onWhole = onWhole
    this.byteLength = bytes
    this.received = 0
    this.ranges = null // not known yet
  }

  slice(start, end = this.byteLength) {
    if (this.#whole) return this.#whole.then((buffer) => buffer.slice(start, end))
    if (this.byteLength <= SMALL) return this.#piece(0, this.byteLength).then((buffer) => buffer.slice(start, end))
    return this.#piece(start, end)
  }

  #piece(start, end) {
    const piece = this.#pieces.find((each) => each.start <= start && end <= each.end)
    return piece ? this.#used(piece, start, end) : this.#asked(start, end)
  }

  async #used(piece, start, end) {
    const buffer = await piece.buffer
    return buffer.slice(start - piece.start, end - piece.start)
  }

  // What is asked in one turn is asked together: ranges that nearly touch are one request.
  #asked(start, end) {
    if (!this.#queue.length) setTimeout(() => this.#flush())
    return new Promise((resolve, reject) => this.#queue.push({ start, end, resolve, reject }))
  }

  #flush() {
    const asked = this.#queue.sort((a, b) => a.start - b.start)
    this.#queue = []
    const runs = []
    for (const each of asked) {
      const run = runs.at(-1)
      if (run && each.start <= run.end + GAP && Math.max(run.end, each.end) - run.start <= PIECE) {
        run.end = Math.max(run.end, each.end)
        run.asked.push(each)
      } else runs.push({ start: each.start, end: each.end, asked: [each] })
    }
    for (const run of runs) {
      const piece = { start: run.start, end: run.end, buffer: this.#fetched(run.start, run.end) }
      this.#keep(piece)
      piece.buffer.catch(() => this.#pieces.splice(this.#pieces.indexOf(piece) >>> 0, 1))
      for (const each of run.asked) this.#used(piece, each.start, each.end).then(each.resolve, each.reject)
    }
  }

  #keep(piece) {
    this.#pieces.unshift(piece)
    let sum = 0
    this.#pieces = this.#pieces.filter((each) => (sum += each.end - each.start) <= KEPT || each === piece)
  }

  async #fetched(start, end) {
    if (this.#whole) return (await this.#whole).slice(start, end)
    const stop = new AbortController()
    const answer = await fetch(this.#url, { headers: { Range: `bytes=${start}-${end - 1}` }, signal: stop.signal }).catch(() => {
      throw new Trouble('x_offline')
    })
    if (!answer.ok) throw new Trouble('x_missing', { status: answer.status })
    if (answer.status !== 206) {
      this.ranges = false
      this.#whole ??= this.#everything(answer, stop)
      return (await this.#whole).slice(start, end)
    }
    this.ranges = true
    const total = /\/(\d+)$/.exec(answer.headers.get('Content-Range') ?? '')
    const buffer = await answer.arrayBuffer()
    this.received += buffer.byteLength
    if ((total && Number(total[1]) !== this.byteLength) || buffer.byteLength !== end - start) throw new Trouble('x_changed')
    return buffer
  }

  async #everything(answer, stop) {
    if (this.byteLength > this.#limit) {
      stop.abort()
      throw new Trouble('x_no_ranges_large', { size: this.byteLength, limit: this.#limit })
    }
    this.#onWhole(this.byteLength)
    const buffer = await answer.arrayBuffer()
    this.received += buffer.byteLength
    if (buffer.byteLength !== this.byteLength) throw new Trouble('x_changed')
    return buffer
  }
}
