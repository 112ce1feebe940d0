import { compile } from 'monaco-editor/editor/standalone/common/monarch/monarchCompile.js'
import { MonarchTokenizer } from 'monaco-editor/editor/standalone/common/monarch/monarchLexer.js'
import { describe, expect, it } from 'vitest'
import { mslLanguageId, mslTokens } from './msl-language.ts'

const services = { getColorTheme: () => undefined }
const configuration = { getValue: () => 20_000, onDidChangeConfiguration: () => ({ dispose() {} }) }
const languages = { languageIdCodec: { encodeLanguageId: () => 1 } }
const tokenizer = new MonarchTokenizer(
  languages,
  services,
  mslLanguageId,
  compile(mslLanguageId, mslTokens),
  configuration,
)

/** Each token of the lines as `text:type`, spaces left out. */
function tokensOf(...lines: string[]): string[] {
  let state = tokenizer.getInitialState()
  return lines.flatMap((line) => {
    const { tokens, endState } = tokenizer.tokenize(line, true, state)
    state = endState
    return tokens
      .map((token, index) => ({
        text: line.slice(token.offset, tokens[index + 1]?.offset).trim(),
        type: token.type.replace('.msl', ''),
      }))
      .filter(({ text }) => text !== '')
      .map(({ text, type }) => `${text}:${type}`)
  })
}

describe('MSL tokens', () => {
  it('tells address spaces, types and qualifiers apart', () => {
    expect(tokensOf('kernel void f(device const half4* a)')).toEqual([
      'kernel:keyword.function',
      'void:type',
      'f:identifier',
      '(:delimiter.parenthesis',
      'device:keyword.space',
      'const:keyword',
      'half4:type',
      '*:operator',
      'a:identifier',
      '):delimiter.parenthesis',
    ])
  })

  it('marks attributes up to their end, with the index in them', () => {
    expect(tokensOf('uint k [[buffer(3)]], x')).toEqual([
      'uint:type',
      'k:identifier',
      '[[buffer(:annotation',
      '3:number',
      ')]]:annotation',
      ',:delimiter',
      'x:identifier',
    ])
  })

  it('reads half and float literals whole', () => {
    expect(tokensOf('0.5h 1.0f 3u 0x1F 1e-3')).toEqual([
      '0.5h:number.float',
      '1.0f:number.float',
      '3u:number',
      '0x1F:number.hex',
      '1e-3:number.float',
    ])
  })

  it('knows the simdgroup library', () => {
    expect(tokensOf('simdgroup_half8x8 m; simd_sum(x);').slice(0, 1)).toEqual(['simdgroup_half8x8:type'])
    expect(tokensOf('simd_sum(x)')[0]).toBe('simd_sum:predefined')
  })

  it('carries a block comment over lines and ends it', () => {
    expect(tokensOf('/* device', 'half */ half')).toEqual(['/* device:comment', 'half */:comment', 'half:type'])
  })

  it('leaves the include line at its end', () => {
    expect(tokensOf('#include <metal_stdlib>', 'half x;')).toEqual([
      '#include:keyword.directive',
      '<metal_stdlib>:string.include',
      'half:type',
      'x:identifier',
      ';:delimiter',
    ])
  })
})
