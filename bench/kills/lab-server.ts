import { createLab } from '#harness/host/supervisor.ts'
import { serveLab } from '#web/server.ts'

/** The lab as `klab serve` has it, in a process of its own: `lab-server.ts WORKSPACE PAGE`. Says what may be killed. */
const [workspaceRoot = '.', root = '.'] = process.argv.slice(2)
const lab = createLab({ workspaceRoot })
const server = await serveLab({ lab, root })
const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`)
lab.on('host.state', ({ state }) => {
  if (state === 'ready') say({ hostPid: lab.hostPid })
})
say({ link: server.link, hostPid: lab.hostPid })
