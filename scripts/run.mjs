// The way in of every npm script. Plain JavaScript, so that an old Node can read it and hand over to the pinned one.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const pinned = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const [name = '', ...rest] = process.argv.slice(2)
const script = join(root, 'scripts', `${name}.ts`)

if (!existsSync(script)) {
  console.error(`There is no scripts/${name}.ts.`)
  process.exit(2)
}
if (Number(process.versions.node.split('.')[0]) < 24 && !existsSync(pinned)) {
  console.error(`Node 24 is needed and this is ${process.version}: run npm install, which brings it as a package.`)
  process.exit(3)
}
const node = existsSync(pinned) ? pinned : process.execPath
// Whatever the script starts finds the same Node, and the tools of node_modules.
const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(process.platform === 'win32' ? ';' : ':')
const child = spawn(node, [script, ...rest], { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path } })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
