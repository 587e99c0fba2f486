import type { Dynamic } from '../../../types/dynamic.ts'
import { overload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'
import { parseWindowsCommandLine } from './shared-command-line.ts'
import { parsePath } from './shared-path.ts'

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
