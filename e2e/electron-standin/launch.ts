import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Splits Electron's command line into what node must see (-r, --inspect) and what the app sees. */
function splitArguments(all: string[]): { node: string[]; app: string[] } {
  const node: string[] = []
  const app: string[] = []
  for (let i = 0; i < all.length; i++) {
    const argument = all[i] ?? ''
    if (argument === '-r' || argument === '--require') node.push('-r', all[++i] ?? '')
    else if (argument.startsWith('--inspect')) node.push(argument)
    else app.push(argument)
  }
  return { node, app }
}

const at = (file: string) => join(import.meta.dirname, file)
const { node, app } = splitArguments(process.argv.slice(2))
const child = spawn(process.execPath, ['-r', at('resolve-electron.ts'), ...node, at('boot.ts'), ...app], {
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => process.exit(code ?? 1))
