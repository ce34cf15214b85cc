// A descriptor as YAML that every reader takes alike: what could be taken for something else is quoted.

// Words of YAML 1.1 that are no text when they stand bare; and what reads as a number to some.
const RESERVED = /^(?:y|yes|n|no|true|false|on|off|null|nan|inf|infinity|e\d+)$/i
const PLAIN = /^\p{L}(?:[\p{L}\p{N} _.\/()+（）《》〈〉、，。；：·“”‘’—～％…-]*[\p{L}\p{N})）》〉”’。％…])?$/u
// All that PyYAML reads without an escape, less what it takes for the end of a line.
const PRINTABLE = /^[\t\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u
const SHORT = 100

export function toYaml(value) {
  return `${mapping(value, '')}\n`
}

function mapping(value, indent) {
  return Object.entries(value).map(([key, each]) => `${indent}${scalar(key)}:${after(each, indent)}`).join('\n')
}

// What stands behind a colon, with the space or the line break before it.
function after(value, indent) {
  if (Array.isArray(value)) {
    if (!value.some((each) => typeof each === 'object')) {
      const flow = `[${value.map(inFlow).join(', ')}]`
      if (flow.length <= SHORT) return ` ${flow}`
    }
    return `\n${value.map((each) => `${indent}  - ${item(each, `${indent}    `)}`).join('\n')}`
  }
  if (typeof value === 'object') return `\n${mapping(value, `${indent}  `)}`
  return ` ${scalar(value, indent)}`
}

function item(value, indent) {
  return typeof value === 'object' ? mapping(value, indent).slice(indent.length) : scalar(value)
}

function inFlow(value) {
  return scalar(value)
}

export function scalar(value, indent) {
  if (typeof value !== 'string') return String(value)
  const text = value.replaceAll('\r\n', '\n').replaceAll('\r', '\n').replace(/\p{Surrogate}/gu, '\ufffd')
  if (PLAIN.test(text) && !RESERVED.test(text)) return text
  if (indent !== undefined && isBlock(text)) return `|-\n${text.split('\n').map((line) => (line ? `${indent}  ${line}` : '')).join('\n')}`
  return quoted(text)
}

// Lines as they are: nothing may hang on blanks at the end or on what the first line is indented by.
function isBlock(text) {
  return text.includes('\n') && /^[^\s]/.test(text) && !/\s$/.test(text) && PRINTABLE.test(text) && !text.includes('\t')
}

function quoted(text) {
  const inner = JSON.stringify(text).slice(1, -1)
  return `"${inner.replace(/[^\t\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/gu, escaped)}"`
}

function escaped(character) {
  const code = character.codePointAt(0).toString(16)
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`
}
