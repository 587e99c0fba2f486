import type { Dynamic } from '../../../types/dynamic.ts'
import { parseXml } from '../../../types/xml.ts'
import { overload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'
import { parseWindowsCommandLine } from './shared-command-line.ts'
import { parsePath } from './shared-path.ts'

const encoder = new TextEncoder()

/** @see https://learn.microsoft.com/kusto/query/parse-path-function */
export const parse_path = scalar({
  name: 'parse_path',
  doc: 'The parts of a file path as a bag: Scheme, RootPath, DirectoryPath, DirectoryName, Filename, Extension, AlternateDataStreamName, empty where it has none.',
  examples: [
    {
      query: "print r = parse_path(@'C:\\temp\\file.txt')",
      rows: [
        {
          r: {
            Scheme: '',
            RootPath: 'C:',
            DirectoryPath: 'C:\\temp',
            DirectoryName: 'temp',
            Filename: 'file.txt',
            Extension: 'txt',
            AlternateDataStreamName: '',
          },
        },
      ],
    },
  ],
  overloads: [
    overload({
      params: ['string'],
      returns: 'dynamic',
      nulls: 'propagate',
      each(path) {
        const parts = parsePath(path)
        return new Map<string, Dynamic>([
          ['Scheme', parts.scheme],
          ['RootPath', parts.rootPath],
          ['DirectoryPath', parts.directoryPath],
          ['DirectoryName', parts.directoryName],
          ['Filename', parts.filename],
          ['Extension', parts.extension],
          ['AlternateDataStreamName', parts.alternateDataStreamName],
        ])
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/parse-command-line-function */
export const parse_command_line = scalar({
  name: 'parse_command_line',
  doc: 'The arguments of a command line as an array of texts, null for an empty one. The only parser is "windows", which reads as CommandLineToArgvW does; another is an error.',
  examples: [
    {
      query: `print r = parse_command_line('echo "hello world!"', 'windows')`,
      rows: [{ r: ['echo', 'hello world!'] }],
    },
  ],
  overloads: [
    overload({
      params: ['string', 'string'],
      constants: [1],
      returns: 'dynamic',
      nulls: 'propagate',
      prepare([, parser]) {
        if (parser !== 'windows') {
          throw new QueryError('KS128', `'${parser}' is not a parser: use "windows".`, 1)
        }
        return { each: line => (line === '' ? null : parseWindowsCommandLine(line)) }
      },
    }),
  ],
})

/** Longer XML is null, as documented: 1 MiB of UTF-8. */
const MAX_XML_BYTES = 1_048_576

/** @see https://learn.microsoft.com/kusto/query/parse-xml-function */
export const parse_xml = scalar({
  name: 'parse_xml',
  naming: 'argument',
  doc: 'The elements, attributes and texts of an XML document as a bag: an attribute is `@name`, text beside other things `#text`, several elements of one name an array. Values are strings, without the blanks around them; CDATA is text. Entities that a document declares are not known. null where the text is not well-formed, is longer than 1 MiB or nests too deep.',
  examples: [
    {
      query: `print r = parse_xml('<e name="value">text</e>')`,
      rows: [{ r: { e: { '@name': 'value', '#text': 'text' } } }],
    },
    {
      query: "print r = parse_xml('<e> <a>1</a> <a>2</a> <b/> </e>')",
      rows: [{ r: { e: { a: ['1', '2'], b: null } } }],
    },
    { query: "print r = parse_xml('<e>')", rows: [{ r: null }] },
  ],
  overloads: [
    overload({
      params: ['string'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: text => (isWithin(text, MAX_XML_BYTES) ? parseXml(text) : null),
    }),
  ],
})

/** Whether the text has at most so many bytes as UTF-8. */
function isWithin(text: string, bytes: number): boolean {
  if (text.length > bytes) return false
  return text.length * 3 <= bytes || encoder.encode(text).length <= bytes
}
