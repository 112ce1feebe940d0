import { readdirSync, readFileSync } from 'node:fs'

/** A process below `root` and its proportional set size: private memory plus its share of what it shares. Linux only. */
export function processTree(root: number): { command: string; bytes: number }[] {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = read(`/proc/${entry}/stat`)
    parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const isBelow = (pid: number): boolean => pid === root || (parents.has(pid) && isBelow(parents.get(pid) ?? 0))
  return [...parents.keys()]
    .filter((pid) => pid !== root && isBelow(pid))
    .map((pid) => ({ command: describe(pid), bytes: proportionalBytes(pid) }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
}

function describe(pid: number): string {
  // Chromium rewrites its arguments into one, separated by spaces.
  const args = read(`/proc/${pid}/cmdline`).split(/[\0 ]/)
  const kind = args.find((arg) => arg.startsWith('--type='))
  const script = args.find((arg) => /\.(ts|mjs|cjs|js)$/.test(arg))
  const program = read(`/proc/${pid}/comm`).trim().replace('MainThread', 'node')
  return [program, kind, script?.split('/').slice(-3).join('/')].filter(Boolean).join(' ')
}

function proportionalBytes(pid: number): number {
  const kibibytes = read(`/proc/${pid}/smaps_rollup`).match(/^Pss:\s+(\d+) kB/m)
  return kibibytes ? Number(kibibytes[1]) * 1024 : 0
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
