import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fail, ok, type Result } from '#contract/error.ts'

/** Versions that Debian names its programs by, newest first. clangd before 19 does not know all of these flags. */
const versions = ['-22', '-21', '-20', '-19', '']
const homebrew = ['/opt/homebrew/opt/llvm/bin', '/usr/local/opt/llvm/bin']

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Path of a program of LLVM; `missing-tool` with the command that installs it. */
export function findTool(name: 'clangd' | 'clang-format', path = process.env.PATH ?? ''): Result<string> {
  const folders = [...path.split(delimiter), ...(process.platform === 'darwin' ? homebrew : [])].filter(Boolean)
  for (const version of versions) {
    const found = folders.map((folder) => join(folder, name + version)).find(isExecutable)
    if (found) return ok(found)
  }
  const command = process.platform === 'darwin' ? 'brew install llvm' : 'sudo apt-get install clangd-22 clang-format-22'
  const what = name === 'clangd' ? 'Completion, hover and go to definition' : 'Formatting'
  return fail({
    kind: 'missing-tool',
    message: `${what} need ${name}, which is not installed. Install it with: ${command}`,
    command,
  })
}
