// Studies the kernels that it is sent, one after the other, and sends what became of each. Started by main.ts.
import { openDevice } from '#harness/bridge/device-handle.ts'
import { loadNativeLibrary } from '#harness/bridge/native-library.ts'
import { Workspace } from '#harness/catalog/workspace.ts'
import { repoRoot } from '#harness/host/repo-root.ts'
import { studyKernel } from './study.ts'

function must<T>(result: { ok: true; value: T } | { ok: false; error: { message: string } }): T {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

const lib = must(loadNativeLibrary())
const device = must(openDevice(lib, 'cpu'))
const workspace = must(Workspace.open(repoRoot()))
const context = { lib, device, workspace, labVersion: '', gitCommit: '', os: process.platform }

process.on('message', async (asked: { id: string; seeds: number; most: number }) => {
  const ended = await studyKernel(context, asked).catch((error) => ({ variant: asked.id, skipped: String(error) }))
  process.send?.(ended)
})
process.on('disconnect', () => process.exit(0))
