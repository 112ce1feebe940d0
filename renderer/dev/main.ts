import { FakeLab } from './fake-lab.ts'

// ?sweep=300x50 makes a matrix of that many variants and shapes up, ?rows=100000 stores so many rows, ?step=20 is the pause between two events in ms.
const query = new URLSearchParams(location.search)
const [variants = 0, shapes = 0] = (query.get('sweep') ?? '').split('x').map(Number)
const lab = new FakeLab({
  stepMs: Number(query.get('step') ?? 120),
  rowCount: Number(query.get('rows') ?? 0),
  sweepSize: variants > 0 && shapes > 0 ? { variants, shapes } : undefined,
})
globalThis.lab = lab
Object.assign(globalThis, { fakeLab: lab })
await import('../main.tsx')
lab.emit('host.state', { state: 'ready', restarts: 0 })
