import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What holds a machine's clock, as far as its system tells: `governor performance; on mains`, `on battery; clock held at
 * 70 %`. `unknown` where it tells nothing, as most virtual machines.
 */
export function powerState(platform: NodeJS.Platform = process.platform, root = '/sys'): string {
  const told = platform === 'linux' ? linuxState(root) : platform === 'darwin' ? macState() : []
  return told.length > 0 ? told.join('; ') : 'unknown'
}

function read(...path: string[]): string {
  try {
    return readFileSync(join(...path), 'utf8').trim()
  } catch {
    return ''
  }
}

function linuxState(root: string): string[] {
  const cpu = join(root, 'devices/system/cpu')
  const governor = read(cpu, 'cpu0/cpufreq/scaling_governor')
  const preference = read(cpu, 'cpu0/cpufreq/energy_performance_preference')
  const isTurboOff = read(cpu, 'intel_pstate/no_turbo') === '1' || read(cpu, 'cpufreq/boost') === '0'
  return [
    ...(governor ? [`governor ${governor}${preference ? ` (${preference})` : ''}`] : []),
    ...(isTurboOff ? ['no turbo'] : []),
    ...linuxSupply(join(root, 'class/power_supply')),
  ]
}

function linuxSupply(folder: string): string[] {
  let names: string[] = []
  try {
    names = readdirSync(folder)
  } catch {
    return []
  }
  if (names.some((name) => read(folder, name, 'type') === 'Mains' && read(folder, name, 'online') === '1'))
    return ['on mains']
  return names.some((name) => read(folder, name, 'status') === 'Discharging') ? ['on battery'] : []
}

function macState(): string[] {
  const ask = (topic: string) => {
    try {
      return execFileSync('pmset', ['-g', topic], {
        encoding: 'utf8',
        timeout: 2000,
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    } catch {
      return ''
    }
  }
  const supply = /drawing from '(AC|Battery) Power'/.exec(ask('batt'))?.[1]
  const limit = Number(/CPU_Speed_Limit\s*=\s*(\d+)/.exec(ask('therm'))?.[1] ?? 100)
  return [
    ...(supply ? [supply === 'AC' ? 'on mains' : 'on battery'] : []),
    ...(limit < 100 ? [`clock held at ${limit} %`] : []),
  ]
}
