import { describe, expect, it } from 'vitest'
import { printDynamic } from '../../../src/types/dynamic-json.ts'
import { parseXml } from '../../../src/types/xml.ts'

const json = (text: string): string => printDynamic(parseXml(text))

describe('parseXml', () => {
  // The first seven are the table of the documentation.
  it.each([
    ['<e/>', '{"e":null}'],
    ['<e>text</e>', '{"e":"text"}'],
    ['<e name="value" />', '{"e":{"@name":"value"}}'],
    ['<e name="value">text</e>', '{"e":{"@name":"value","#text":"text"}}'],
    ['<e> <a>text</a> <b>text</b> </e>', '{"e":{"a":"text","b":"text"}}'],
    ['<e> <a>text</a> <a>text</a> </e>', '{"e":{"a":["text","text"]}}'],
    ['<e> text <a>text</a> </e>', '{"e":{"#text":"text","a":"text"}}'],
    ['<e></e>', '{"e":null}'],
    ['<e>one<a/>two</e>', '{"e":{"#text":["one","two"],"a":null}}'],
    ['<e>one<!-- - -->two</e>', '{"e":"onetwo"}'],
    ['<e><a/><b/><a>2</a></e>', '{"e":{"a":[null,"2"],"b":null}}'],
    [`<e a='"' b="'"/>`, `{"e":{"@a":"\\"","@b":"'"}}`],
    ['<e a="&lt;&#65;&#x1F600;&quot;">&amp;&gt;&apos;</e>', `{"e":{"@a":"<A😀\\"","#text":"&>'"}}`],
    ['<?xml version="1.0" encoding="UTF-8"?>\n<d><v>118.0</v></d>\n', '{"d":{"v":"118.0"}}'],
    ['\ufeff<?xml version="1.0"?><d/>', '{"d":null}'],
    ['<?pi x?><e><?pi y?></e><!-- c -->', '{"e":null}'],
    ['<e><![CDATA[<a>&amp;]]></e>', '{"e":"<a>&amp;"}'],
    ['<n:e xmlns:n="u"><n:a/></n:e>', '{"n:e":{"@xmlns:n":"u","n:a":null}}'],
    ['<e __proto__="x"/>', '{"e":{"@__proto__":"x"}}'],
    ['<é/>', '{"é":null}'],
    ['<!DOCTYPE e [<!ENTITY x "]>"> <!-- > -->]><e/>', '{"e":null}'],
  ])('of %s is %s', (text, expected) => {
    expect(json(text)).toBe(expected)
  })

  it.each([
    [''],
    ['text'],
    ['<e>'],
    ['</e>'],
    ['<e></f>'],
    ['<e/><f/>'],
    ['<e/>text'],
    ['<e a="1" a="2"/>'],
    ['<e a="1"b="2"/>'],
    ['<e a=1/>'],
    ['<e a="<"/>'],
    ['<e a="1/>'],
    ['<1/>'],
    ['< e/>'],
    ['<e>&unknown;</e>'],
    ['<e>&</e>'],
    ['<e>&#0;</e>'],
    ['<e>&#xD800;</e>'],
    ['<e>&#1114112;</e>'],
    ['<e>]]></e>'],
    ['<e><!-- a -- b --></e>'],
    ['<e><![CDATA[</e>'],
    ['<e>\u0001</e>'],
    [' <?xml version="1.0"?><e/>'],
    ['<e/><!DOCTYPE e>'],
    ['<!DOCTYPE e ['],
    ['<!DOCTYPE e [<!ENTITY x "y">]><e>&x;</e>'],
  ])('is null of %j', text => {
    expect(parseXml(text)).toBe(null)
  })

  it('takes what nests as deep as a dynamic may, and is null beyond', () => {
    const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth)
    expect(json(nested(400))).toBe(`${'{"a":'.repeat(400)}null${'}'.repeat(400)}`)
    expect(parseXml(nested(2000))).toBe(null)
    expect(parseXml('<a>'.repeat(300_000))).toBe(null)
  })

  it('reads in linear time', () => {
    const start = performance.now()
    expect(parseXml(`<e>${'&amp;'.repeat(200_000)}</e>`)).not.toBe(null)
    expect(parseXml(`<e>${'<!--'.repeat(200_000)}`)).toBe(null)
    expect(parseXml(`<!DOCTYPE ${'['.repeat(200_000)}`)).toBe(null)
    expect(parseXml(`<e ${'a '.repeat(200_000)}`)).toBe(null)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
