import type { Dynamic } from './dynamic.ts'
import { MAX_DYNAMIC_DEPTH } from './dynamic-json.ts'

const SPACE = /[ \t\r\n]*/y
const BLANK = /^[ \t\r\n]*$/
const NAME_START =
  ':A-Z_a-z\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}'
const NAME = new RegExp(
  `[${NAME_START}][${NAME_START}\\-.0-9\\xB7\\u0300-\\u036F\\u203F\\u2040]*`,
  'uy',
)
const DECLARATION =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:'1\.[0-9]+'|"1\.[0-9]+")[^?<>]*\?>/y
const REFERENCE = /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML excludes them.
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/u
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

/** The text is no well-formed XML. */
class Malformed extends Error {}

/** An element that is open. */
interface Element {
  readonly name: string
  /** Its attributes, texts and elements by name, in the order in which they came. */
  readonly members: Map<string, Dynamic[]>
  /** Text since the last tag. */
  text: string
}

/**
 * The tree of an XML document as a bag with its root element: an attribute is a member `@name`, text
 * is `#text` or, where there is nothing else, the element itself; of one name, several are an array.
 * Text loses the blanks around it. Comments, processing instructions and the document type are left
 * out: no entity but the five of XML is known, and nothing is ever expanded. null where the text is not
 * well-formed or nests too deep to be a dynamic.
 * @see https://learn.microsoft.com/kusto/query/parse-xml-function
 */
export function parseXml(text: string): Dynamic {
  if (FORBIDDEN.test(text)) return null
  try {
    return new XmlReader(text).document()
  } catch (error) {
    if (error instanceof Malformed) return null
    throw error
  }
}

class XmlReader {
  readonly #text: string
  #at: number
  readonly #open: Element[] = []
  #root: Dynamic | undefined

  constructor(text: string) {
    this.#text = text
    this.#at = text.startsWith('\ufeff') ? 1 : 0
  }

  document(): Dynamic {
    this.#take(DECLARATION)
    while (this.#at < this.#text.length) this.#next()
    if (this.#root === undefined || this.#open.length > 0) throw new Malformed()
    return this.#root
  }

  /** Reads one tag, or the text up to the next. */
  #next(): void {
    const top = this.#open.at(-1)
    if (!this.#sees('<')) this.#characters(top)
    else if (this.#sees('<!--')) this.#comment()
    else if (this.#sees('<![CDATA[')) this.#characterData(top)
    else if (this.#sees('<!DOCTYPE')) this.#documentType()
    else if (this.#sees('<?')) this.#instruction()
    else if (this.#sees('</')) this.#endTag(top)
    else this.#startTag()
  }

  #characters(top: Element | undefined): void {
    const end = this.#text.indexOf('<', this.#at)
    const raw = this.#text.slice(this.#at, end < 0 ? this.#text.length : end)
    if (raw.includes(']]>')) throw new Malformed()
    if (top !== undefined) top.text += decoded(raw)
    else if (!BLANK.test(raw)) throw new Malformed()
    this.#at += raw.length
  }

  #characterData(top: Element | undefined): void {
    this.#at += '<![CDATA['.length
    const raw = this.#upTo(']]>')
    if (top === undefined) throw new Malformed()
    top.text += raw.replace(/\r\n?/g, '\n')
  }

  #comment(): void {
    this.#at += '<!--'.length
    this.#upTo('--')
    this.#expect('>')
  }

  #instruction(): void {
    this.#at += '<?'.length
    if (this.#name().toLowerCase() === 'xml') throw new Malformed()
    this.#upTo('?>')
  }

  /** Passes over the document type: quoted texts and comments in it may have brackets. */
  #documentType(): void {
    if (this.#root !== undefined || this.#open.length > 0) throw new Malformed()
    this.#at += '<!DOCTYPE'.length
    let depth = 1
    while (depth > 0) {
      const character = this.#text[this.#at]
      if (character === undefined) throw new Malformed()
      if (this.#sees('<!--')) {
        this.#comment()
        continue
      }
      this.#at++
      if (character === '"' || character === "'") this.#upTo(character)
      else if (character === '<' || character === '[') depth++
      else if (character === '>' || character === ']') depth--
    }
  }

  #startTag(): void {
    this.#expect('<')
    const name = this.#name()
    if (this.#root !== undefined && this.#open.length === 0) throw new Malformed()
    const element: Element = { name, members: new Map(), text: '' }
    let blank = this.#blanks()
    while (!this.#sees('>') && !this.#sees('/>')) {
      if (!blank) throw new Malformed()
      this.#attribute(element)
      blank = this.#blanks()
    }
    const parent = this.#open.at(-1)
    if (parent !== undefined) flushText(parent)
    if (this.#sees('/>')) {
      this.#at += 2
      this.#add(element)
      return
    }
    this.#at++
    // The element, the bag or array that it is in, and the root's bag nest.
    if (this.#open.length * 2 + 2 >= MAX_DYNAMIC_DEPTH) throw new Malformed()
    this.#open.push(element)
  }

  #attribute({ members }: Element): void {
    const name = `@${this.#name()}`
    this.#blanks()
    this.#expect('=')
    this.#blanks()
    const quote = this.#text[this.#at]
    if (quote !== '"' && quote !== "'") throw new Malformed()
    this.#at++
    const raw = this.#upTo(quote)
    if (raw.includes('<') || members.has(name)) throw new Malformed()
    members.set(name, [decoded(raw.replace(/\r\n|[\t\r\n]/g, ' '))])
  }

  #endTag(top: Element | undefined): void {
    this.#at += 2
    if (top === undefined || this.#name() !== top.name) throw new Malformed()
    this.#blanks()
    this.#expect('>')
    flushText(top)
    this.#open.pop()
    this.#add(top)
  }

  #add(element: Element): void {
    const parent = this.#open.at(-1)
    const value = treeOf(element)
    if (parent === undefined) this.#root = new Map([[element.name, value]])
    else addMember(parent, element.name, value)
  }

  #name(): string {
    return this.#take(NAME) ?? fail()
  }

  /** Whether there were any. */
  #blanks(): boolean {
    return this.#take(SPACE) !== ''
  }

  #sees(text: string): boolean {
    return this.#text.startsWith(text, this.#at)
  }

  #expect(text: string): void {
    if (!this.#sees(text)) throw new Malformed()
    this.#at += text.length
  }

  /** The text before the next `end`, which is passed over too. */
  #upTo(end: string): string {
    const found = this.#text.indexOf(end, this.#at)
    if (found < 0) throw new Malformed()
    const taken = this.#text.slice(this.#at, found)
    this.#at = found + end.length
    return taken
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const taken = pattern.exec(this.#text)?.[0]
    this.#at += taken?.length ?? 0
    return taken
  }
}

function fail(): never {
  throw new Malformed()
}

function flushText(element: Element): void {
  const text = element.text.trim()
  element.text = ''
  if (text !== '') addMember(element, '#text', text)
}

function addMember({ members }: Element, name: string, value: Dynamic): void {
  const values = members.get(name)
  if (values === undefined) members.set(name, [value])
  else values.push(value)
}

function treeOf({ members }: Element): Dynamic {
  if (members.size === 0) return null
  const texts = members.get('#text')
  if (members.size === 1 && texts?.length === 1) return texts[0]!
  const bag = new Map<string, Dynamic>()
  for (const [name, values] of members) bag.set(name, values.length === 1 ? values[0]! : values)
  return bag
}

/** Text with its references replaced and its line ends made one. */
function decoded(raw: string): string {
  const text = raw.replace(/\r\n?/g, '\n')
  let at = text.indexOf('&')
  if (at < 0) return text
  const parts: string[] = []
  let from = 0
  while (at >= 0) {
    REFERENCE.lastIndex = at
    const match = REFERENCE.exec(text)
    if (match === null) throw new Malformed()
    parts.push(text.slice(from, at), referenced(match))
    from = REFERENCE.lastIndex
    at = text.indexOf('&', from)
  }
  parts.push(text.slice(from))
  return parts.join('')
}

function referenced([, decimal, hexadecimal, name]: RegExpExecArray): string {
  if (name !== undefined) return ENTITIES[name] ?? fail()
  const code = decimal === undefined ? Number.parseInt(hexadecimal!, 16) : Number(decimal)
  if (code > 0x10ffff) throw new Malformed()
  const character = String.fromCodePoint(code)
  if (code === 0 || FORBIDDEN.test(character)) throw new Malformed()
  return character
}
