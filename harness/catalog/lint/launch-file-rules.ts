import { getNodeValue, parseTree } from 'jsonc-parser'
import { launchSchema } from '#contract/launch.ts'
import type { Problem } from '#contract/manifest.ts'
import { keyOffset } from '../json-node.ts'
import { launchFilePath, readLaunchFile } from '../launch-file.ts'
import { jsonPath } from '../manifest-variants.ts'
import { positionsIn } from '../text-position.ts'
import { readTextFile } from '../workspace.ts'
import type { LintContext, LintRule } from './context.ts'
import { suggestion } from './spelling.ts'

const launchKeys = Object.keys(launchSchema.shape)

interface LaunchText {
  value: { launches: Record<string, Record<string, unknown>>; entries: Record<string, { launch: string }> }
  problem(rule: string, at: string[], what: { message: string; severity?: Problem['severity'] }): Problem
}

/** A launch file that fits its format, as written, with the places of its keys. */
function openLaunchText(context: LintContext, path: string): LaunchText | null {
  const file = readTextFile(path)
  const tree = file.ok ? parseTree(file.value.text) : undefined
  if (!file.ok || !tree) return null
  const placeOf = positionsIn(file.value.text)
  return {
    value: getNodeValue(tree),
    problem: (rule, at, { message, severity = 'error' }) => ({
      rule,
      severity,
      path: `${context.workspace.relativePath(path)}: ${jsonPath(at)}`,
      message,
      documentId: context.workspace.idOf(path),
      ...placeOf(keyOffset(tree, at)),
    }),
  }
}

function problemsOf({ value, problem }: LaunchText, entries: ReturnType<LintContext['entriesOf']>): Problem[] {
  const found: Problem[] = []
  for (const [name, launch] of Object.entries(value.launches)) {
    for (const key of Object.keys(launch).filter((candidate) => !launchKeys.includes(candidate))) {
      const message = `"${key}" does nothing${suggestion(key, launchKeys)}`
      found.push(problem('unknown-key', ['launches', name, key], { message, severity: 'warning' }))
    }
  }
  for (const [entry, { launch }] of Object.entries(value.entries)) {
    const at = ['entries', entry]
    if (!Object.hasOwn(value.launches, launch)) {
      found.push(problem('launch.unknown', at, { message: `there is no launch "${launch}" in the file` }))
    }
    if (entries && !entries.names.has(entry)) {
      const message = `the kernel file has no kernel "${entry}"`
      found.push(problem('launch.missing-entry', at, { message, severity: entries.isOpen ? 'info' : 'error' }))
    }
  }
  return found
}

/** Launch files: what cannot be read, misspelt keys, entries that the kernel file does not have or that name no launch. */
export const launchFiles: LintRule = (context) =>
  context.workspace.filesOf('metal').flatMap(({ absolute }): Problem[] => {
    const path = launchFilePath(absolute)
    const file = readLaunchFile(absolute)
    if (!file.ok) {
      const documentId = context.workspace.idOf(path)
      const { message } = file.error
      return [
        {
          rule: 'launch.unreadable',
          severity: 'error',
          path: context.workspace.relativePath(path),
          message,
          documentId,
        },
      ]
    }
    const text = file.value ? openLaunchText(context, path) : null
    return text ? problemsOf(text, context.entriesOf(absolute)) : []
  })
