import { MAX_RECORD_BYTES } from '../json/record-reader.ts'
import { LineSplitter } from '../json/scan-ndjson.ts'
import type { Container } from './container.ts'
import { CsvFramer } from './csv-framer.ts'
import { JsonFramer } from './json-framer.ts'
import type { RecordSink } from './record-sink.ts'
import { TabularFrames } from './tabular-frames.ts'
import { TextFramer } from './text-framer.ts'
import { WrappedFrames } from './wrapped-frames.ts'

/** What finds records in the bytes of a file. */
export interface Framer {
  push(chunk: Uint8Array): void
  end(): void
}

/** The framer for a container. */
export function framerOf(
  container: Container,
  sink: RecordSink,
  maxRecordBytes = MAX_RECORD_BYTES,
): Framer {
  switch (container.kind) {
    case 'lines':
      return new LineSplitter({
        maxRecordBytes,
        readLine: sink.line.bind(sink),
        readRecord: sink.record.bind(sink),
        problem: sink.broken.bind(sink),
        settle: sink.settle.bind(sink),
      })
    case 'csv': {
      const { delimiter, headless } = container
      const csvSink = {
        header: (names: readonly string[]) => sink.columns(names),
        record: headless?.skipFirst === true ? withoutFirst(sink) : sink.record.bind(sink),
        broken: sink.broken.bind(sink),
      }
      return new CsvFramer(csvSink, delimiter, maxRecordBytes, headless !== undefined)
    }
    case 'text': {
      const record = container.skipFirst ? withoutFirst(sink) : sink.record.bind(sink)
      const textSink = { record, broken: sink.broken.bind(sink) }
      return new TextFramer(textSink, container.whole, maxRecordBytes)
    }
    case 'frames': {
      if (container.tabular)
        return new JsonFramer(new TabularFrames(container, sink), maxRecordBytes)
      const frames = new WrappedFrames(container, sink)
      const framer = new JsonFramer(frames, maxRecordBytes)
      return {
        push: chunk => framer.push(chunk),
        end: () => {
          framer.end()
          frames.end()
        },
      }
    }
  }
}

/** Hands on the records after the first. */
function withoutFirst(sink: RecordSink): RecordSink['record'] {
  let isFirst = true
  return (bytes, start, end, line) => {
    if (!isFirst) sink.record(bytes, start, end, line)
    isFirst = false
  }
}
