// Makes `npx klab` work inside the repository: npm links the commands of dependencies, never those of the root package.
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'node_modules', '.bin')
const target = join(root, 'harness', 'cli', 'klab.mjs')

mkdirSync(bin, { recursive: true })
if (process.platform === 'win32') {
  writeFileSync(join(bin, 'klab.cmd'), `@node "${target}" %*\r\n`)
} else {
  rmSync(join(bin, 'klab'), { force: true })
  symlinkSync(join('..', '..', 'harness', 'cli', 'klab.mjs'), join(bin, 'klab'))
  if (existsSync(target)) chmodSync(target, 0o755)
}
