// JSON Schema as far as the descriptor's uses it; a test holds that it uses no other keyword.

const ANNOTATIONS = ['$schema', '$id', 'title', 'description']
export const KEYWORDS = ['type', 'properties', 'items', 'anyOf', 'enum', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems', 'minProperties', ...ANNOTATIONS]

// What is wrong: [{ path: ['access', 'channel'], keyword, expected }]
export function problems(schema, value, path = []) {
  const found = []
  const say = (keyword) => found.push({ path, keyword, expected: schema[keyword] })
  if (schema.type && !hasType(value, schema.type)) return [{ path, keyword: 'type', expected: schema.type }]
  if (schema.enum && !schema.enum.includes(value)) say('enum')
  if (typeof value === 'string') {
    const length = [...value].length
    if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value)) say('pattern')
    if (length < (schema.minLength ?? 0)) say('minLength')
    if (length > (schema.maxLength ?? Infinity)) say('maxLength')
  }
  if (typeof value === 'number') {
    if (value < (schema.minimum ?? -Infinity)) say('minimum')
    if (value > (schema.maximum ?? Infinity)) say('maximum')
  }
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0)) say('minItems')
    if (value.length > (schema.maxItems ?? Infinity)) say('maxItems')
    if (schema.items) value.forEach((each, index) => found.push(...problems(schema.items, each, [...path, index])))
  } else if (value && typeof value === 'object') {
    if (Object.keys(value).length < (schema.minProperties ?? 0)) say('minProperties')
    for (const [key, each] of Object.entries(value)) if (Object.hasOwn(schema.properties ?? {}, key)) found.push(...problems(schema.properties[key], each, [...path, key]))
  }
  if (schema.anyOf) {
    const all = schema.anyOf.map((each) => problems(each, value, path))
    // Of several forms, what is wrong with the one that fits best.
    if (!all.some((each) => each.length === 0)) found.push(...[...all].sort((a, b) => depth(b) - depth(a))[0])
  }
  return found
}

const depth = (found) => Math.max(...found.map(({ path, keyword }) => path.length + (keyword === 'type' ? 0 : 0.5)))

function hasType(value, type) {
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return value !== null && typeof value === 'object' && !Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'null') return value === null
  return typeof value === type
}
