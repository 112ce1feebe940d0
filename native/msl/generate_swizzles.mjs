// Writes swizzle_words.h: node native/msl/generate_swizzles.mjs
import { writeFileSync } from 'node:fs'

const words = (letters, length) =>
  length === 0 ? [[]] : words(letters, length - 1).flatMap((word) => letters.map((letter) => [...word, letter]))

const call = (word) => `KLAB_MSL_${new Set(word).size === word.length ? 'W' : 'R'}${word.length}(${word.join(',')})`

const wrapped = (calls) => {
  const lines = ['']
  for (const text of calls) {
    if (lines.at(-1).length + text.length > 116) lines.push('')
    lines[lines.length - 1] += ` ${text}`
  }
  return lines.map((line) => ` ${line}`).join(' \\\n')
}

const macros = [2, 3, 4].map((size) => {
  const alphabets = ['xyzw', 'rgba'].map((all) => [...all].slice(0, size))
  const calls = alphabets.flatMap((letters) => [2, 3, 4].flatMap((length) => words(letters, length).map(call)))
  return `#define KLAB_MSL_SWIZZLES${size} \\\n${wrapped(calls)}\n`
})

const head =
  '// Written by generate_swizzles.mjs: the swizzles of a vector with 2, 3 and 4 components.\n#pragma once\n\n'
writeFileSync(new URL('swizzle_words.h', import.meta.url), head + macros.join('\n'))
