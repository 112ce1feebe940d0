import { FakeLab } from './fake-lab.ts'

const lab = new FakeLab()
globalThis.lab = lab
Object.assign(globalThis, { fakeLab: lab })
await import('../main.tsx')
lab.emit('host.state', { state: 'ready', restarts: 0 })
