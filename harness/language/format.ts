import { execFile } from 'node:child_process'
import { fail, ok, type Result } from '#contract/error.ts'
import { findTool } from './find-tool.ts'

const style = {
  BasedOnStyle: 'Google',
  ColumnLimit: 160,
  BinPackParameters: false,
  AttributeMacros: ['device', 'constant', 'threadgroup', 'thread'],
  SortIncludes: 'Never',
}
const limitMs = 20_000

/** A kernel's text laid out by clang-format, attributes and all; with lines (1-based, both included) only those. */
export function formatText(text: string, lines?: readonly [number, number]): Promise<Result<{ text: string }>> {
  const tool = findTool('clang-format')
  if (!tool.ok) return Promise.resolve(tool)
  const range = lines ? [`--lines=${lines[0]}:${lines[1]}`] : []
  const options = ['--assume-filename=kernel.cpp', `--style=${JSON.stringify(style)}`, ...range]
  return new Promise((resolve) => {
    const limits = { timeout: limitMs, maxBuffer: 32 * 2 ** 20 }
    const child = execFile(tool.value, options, limits, (error, stdout, stderr) => {
      if (!error) return resolve(ok({ text: stdout }))
      const message = `clang-format could not lay the text out: ${stderr.slice(0, 300) || error.message}`
      resolve(fail({ kind: 'internal', message }))
    })
    child.stdin?.on('error', () => {})
    child.stdin?.end(text)
  })
}
