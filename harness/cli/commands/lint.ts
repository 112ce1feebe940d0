import { basename, dirname, resolve } from 'node:path'
import { fail, ok, type Result } from '#contract/error.ts'
import type { Problem } from '#contract/manifest.ts'
import { lintWorkspace } from '../../catalog/lint.ts'
import { looksLikeShapeList } from '../../catalog/shape-list.ts'
import { readTextFile, Workspace } from '../../catalog/workspace.ts'
import { insideRoot } from '../../catalog/workspace-scan.ts'
import { shapesOfFile } from '../../catalog/workspace-shapes.ts'
import { type Command, type Invocation, textOf } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

function describe({ severity, rule, variant, path, line, column, message }: Problem): string {
  const place = line === undefined ? path : `${line}:${column ?? 1}`
  return `${place}: ${severity}: ${message} [${rule}${variant ? `, ${variant}` : ''}]`
}

/** A manifest outside the workspace is read with the folder it lies in, where its kernels are. */
function rootOf(invocation: Invocation, file: string): string {
  const isChosen = invocation.values.workspace !== undefined
  const opened = Workspace.open(invocation.workspaceRoot)
  const isInside = opened.ok && insideRoot(opened.value.root, file) !== null
  if (isChosen || isInside) return invocation.workspaceRoot
  return basename(dirname(file)) === 'manifests' ? dirname(dirname(file)) : dirname(file)
}

function problemsOf(invocation: Invocation): Result<Problem[]> {
  const [name, ...rest] = invocation.positionals
  if (rest.length > 0) return fail({ kind: 'invalid', message: 'lint takes one FILE: a manifest or a shape list' })
  if (name === undefined) {
    const workspace = Workspace.open(invocation.workspaceRoot)
    return workspace.ok ? ok(lintWorkspace(workspace.value)) : workspace
  }
  const file = resolve(name)
  const text = readTextFile(file)
  if (!text.ok) return text
  if (looksLikeShapeList(text.value.text)) {
    const shapes = shapesOfFile(file, name)
    return shapes.ok ? ok(shapes.value.warnings) : shapes
  }
  const workspace = Workspace.open(rootOf(invocation, file))
  return workspace.ok ? ok(lintWorkspace(workspace.value, { manifestPath: file })) : workspace
}

/** With what the kernels are when they are built. */
async function problemsOn(invocation: Invocation): Promise<Result<Problem[]>> {
  if (invocation.positionals.length > 0)
    return fail({ kind: 'invalid', message: '--device builds the kernels of a workspace: leave FILE out' })
  const device = await invocation.device()
  if (!device.ok) return device
  const answer = await invocation.lab().request('lint.run', { device: device.value })
  return answer.ok ? ok(answer.value.problems) : answer
}

export const command: Command = {
  summary: 'name what is wrong with a manifest, its launch files and shape lists',
  usage: `[FILE] [--device ID]
With --device every variant of the workspace is built for it, and launches are held against the threadgroup memory and
threads that it has; without it nothing is compiled.`,
  options: {},
  async run(invocation) {
    const device = textOf(invocation, 'device')
    const problems = device === undefined ? problemsOf(invocation) : await problemsOn(invocation)
    if (!problems.ok) return problems
    const errors = problems.value.filter(({ severity }) => severity === 'error').length
    const text = [...problems.value.map(describe), `${problems.value.length} problems, ${errors} of them errors`].join(
      '\n',
    )
    return ok({
      document: { problems: problems.value },
      text,
      exitCode: errors > 0 ? exitCodes.negative : exitCodes.success,
    })
  },
}
