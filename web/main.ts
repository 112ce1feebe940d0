import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createLab } from '#harness/host/supervisor.ts'
import { sampleRow } from './sample-row.ts'
import { serveLab } from './server.ts'

const repository = join(import.meta.dirname, '..')
const page = join(repository, 'out', 'renderer')

const { values } = parseArgs({
  options: {
    workspace: { type: 'string', default: repository },
    port: { type: 'string', default: '0' },
    /** Also open the link in this machine's browser. */
    open: { type: 'boolean', default: false },
    /** Also bench one kernel, so that a person without a browser sees the lab work. */
    sample: { type: 'boolean', default: false },
  },
})
const say = (text: string) => process.stdout.write(`${text}\n`)

function openBrowser(link: string): void {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open'
  const opener = spawn(command, [link], { stdio: 'ignore', detached: true })
  opener.on('error', () => say(`(${command} is not here: open the link by hand.)`))
  opener.unref()
}

if (!existsSync(join(page, 'index.html'))) {
  process.stderr.write('The page is not built yet: run npm start, or npm run build.\n')
  process.exit(1)
}
const lab = await createLab({ workspaceRoot: resolve(values.workspace) })
const server = await serveLab({ lab, root: page, port: Number(values.port) })

let isEnding = false
async function end(): Promise<void> {
  if (isEnding) return
  isEnding = true
  await server.close()
  await lab.close()
  process.exit(0)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end())

say(`Kernel Lab is open at\n\n  ${server.link}\n`)
say(`From another machine: ssh -L ${server.port}:127.0.0.1:${server.port} THIS-HOST, then open the same link there.`)
if (values.open) openBrowser(server.link)
if (values.sample) say(await sampleRow(lab))
say('Ctrl-C ends it.')
