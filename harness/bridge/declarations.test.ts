import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { functions, type StructName, structs } from './declarations.ts'
import { capabilityNames } from './device-info.ts'
import { layouts } from './layout.ts'
import { abiVersion } from './native-library.ts'
import { scalarCodes } from './scalar.ts'
import { statusNames } from './status.ts'

const headerFolder = fileURLToPath(new URL('../../native/include', import.meta.url))
const header = readFileSync(join(headerFolder, 'klab.h'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')

/** `const char* const* macros` → [name, type]; `uint32_t line, column` gives several; arrays keep their length. */
function parseFields(declaration: string): [string, string][] {
  const [, type = '', names = ''] = /^(.*?[\s*])((?:\w+(?:\[\d+\])?)(?:\s*,\s*\w+)*)$/s.exec(declaration.trim()) ?? []
  return names.split(',').map((name) => {
    const [, word = '', array = ''] = /^\s*(\w+)(\[\d+\])?$/.exec(name) ?? []
    return [word, type.trim() + array]
  })
}

function parseStructs(): Record<string, [string, string][]> {
  const found = [...header.matchAll(/typedef struct (\w+) \{([^}]*)\} \w+;/g)]
  return Object.fromEntries(
    found.map(([, name = '', body = '']) => [
      name,
      body
        .split(';')
        .filter((field) => field.trim())
        .flatMap(parseFields),
    ]),
  )
}

function parseFunctions(): Record<string, string[]> {
  const found = [...header.matchAll(/KLAB_API ([\w ]+\*?) (\w+)\(([^)]*)\);/g)]
  const parameters = (text: string) =>
    text
      .split(',')
      .filter((one) => one.trim() !== 'void')
      .map((one) => parseFields(one)[0]?.[1])
  return Object.fromEntries(
    found.map(([, result = '', name = '', list = '']) => [name, [result, ...parameters(list)]]),
  ) as Record<string, string[]>
}

/** Compiles a program that prints one number per expression. */
function evaluateInC(expressions: string[]): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'klab-abi-'))
  try {
    const lines = expressions.map((expression) => `printf("%lld\\n", (long long)(${expression}));`)
    const source = `#include <cstddef>\n#include <cstdio>\n#include "klab.h"\nint main() {\n${lines.join('\n')}\n}\n`
    writeFileSync(join(folder, 'abi.cpp'), source)
    execFileSync(process.env.CXX ?? 'g++', [
      '-w',
      '-I',
      headerFolder,
      '-o',
      join(folder, 'abi'),
      join(folder, 'abi.cpp'),
    ])
    return execFileSync(join(folder, 'abi'), { encoding: 'utf8' }).trim().split('\n').map(Number)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const upper = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()

describe('declarations.ts against klab.h', () => {
  it('has the structs of the header: names, types and order of every field', () => {
    const declared = Object.fromEntries(Object.entries(structs).map(([name, fields]) => [name, Object.entries(fields)]))
    expect(declared).toEqual(parseStructs())
  })

  it('has the functions of the header with their result and parameter types', () => {
    expect(functions).toEqual(parseFunctions())
  })

  it('lays every struct out as a C++ compiler does', () => {
    const fields = (Object.keys(structs) as StructName[]).flatMap((name) => [
      { expression: `sizeof(${name})`, value: layouts[name].bytes },
      ...layouts[name].fields.map((field) => ({ expression: `offsetof(${name}, ${field.name})`, value: field.offset })),
    ])
    const actual = evaluateInC(fields.map(({ expression }) => expression))
    expect(fields.map(({ expression }, i) => `${expression} = ${actual[i]}`)).toEqual(
      fields.map(({ expression, value }) => `${expression} = ${value}`),
    )
  })

  it('numbers statuses, scalars, capabilities and the ABI as the header does', () => {
    const expected = [
      { expression: 'KLAB_ABI_VERSION', value: abiVersion },
      ...statusNames.map((name, code) => ({ expression: `KLAB_${name}`, value: code })),
      ...Object.entries(scalarCodes).map(([name, code]) => ({ expression: `KLAB_${name.toUpperCase()}`, value: code })),
      ...capabilityNames.map((name, bit) => ({ expression: `KLAB_CAP_${upper(name)}`, value: 1 << bit })),
    ]
    const actual = evaluateInC(expected.map(({ expression }) => expression))
    expect(expected.map(({ expression }, i) => ({ expression, value: actual[i] }))).toEqual(expected)
    expect(header.match(/^\s*X\(\d+, \w+/gm)).toHaveLength(statusNames.length)
  })
})
