import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HostContext } from './context.ts'
import { documentHandlers } from './document-handlers.ts'
import type { FromHost } from './messages.ts'

let folder: string
let sent: FromHost[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'klab-documents-'))
  mkdirSync(join(folder, 'kernels'))
  writeFileSync(join(folder, 'kernels', 'k.metal'), 'kernel void k() {}\n')
  sent = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('tells every window of a save, so that another one that shows the document follows', async () => {
  const config = { workspaceRoot: folder, deviceOptions: {}, crashReportPath: join(folder, 'crash.json') }
  const context = new HostContext(config, (message) => sent.push(message))
  const handlers = documentHandlers(context)
  const workspace = context.workspace()
  if (!workspace.ok) throw new Error(workspace.error.message)
  const id = workspace.value.tree().nodes.find(({ kind }) => kind === 'metal')?.id ?? ''
  const read = await handlers['document.read']({ id })
  if (!read.ok) throw new Error(read.error.message)
  await handlers['document.save']({ id, text: 'kernel void other() {}\n', baseHash: read.value.hash })
  expect(sent).toContainEqual({ kind: 'event', name: 'workspace.changed', payload: { documentIds: [id] } })
})
