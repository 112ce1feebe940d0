import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach } from 'vitest'
import { type Shape, shapeSchema } from '#contract/shape.ts'
import { Workspace } from './workspace.ts'

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A folder of a test, gone after it. Its state folder lies in another one. */
export function makeFolder(files: Record<string, string | Uint8Array> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'klab-test-')))
  folders.push(folder)
  for (const [path, content] of Object.entries(files)) putFile(folder, path, content)
  return folder
}

/** Writes a file of a test's folder, with the folders above it. */
export function putFile(folder: string, path: string, content: string | Uint8Array): string {
  const absolute = join(folder, path)
  mkdirSync(dirname(absolute), { recursive: true })
  writeFileSync(absolute, content)
  return absolute
}

/** Opens a workspace of these files; its rows and backups go to a folder of the test. */
export function openFixture(files: Record<string, string | Uint8Array>): Workspace {
  const root = makeFolder(files)
  process.env.XDG_STATE_HOME = makeFolder()
  const workspace = Workspace.open(root)
  if (!workspace.ok) throw new Error(workspace.error.message)
  return workspace.value
}

/** A shape with the defaults of the contract. */
export function shapeOf(input: Partial<Shape> & Pick<Shape, 'm' | 'n' | 'k'>): Shape {
  return shapeSchema.parse(input)
}

/** The value of a result, or the test fails with its message. */
export function expectValue<T>(result: { ok: true; value: T } | { ok: false; error: { message: string } }): T {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

/** All flags on, so that a test names only what it is about. */
export function supportsAll(extra: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    transposeA: true,
    transposeB: true,
    smallK: true,
    smallMN: true,
    batch: true,
    bias: true,
    accumulate: true,
    functionName: 'f',
    ...extra,
  }
}
