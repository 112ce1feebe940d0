import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { powerState } from './power.ts'

describe('powerState', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'klab-power-'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  const say = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${text}\n`)
  }

  it('is unknown where the system says nothing', () => {
    expect(powerState('linux', root)).toBe('unknown')
    expect(powerState('aix', root)).toBe('unknown')
  })

  it('names the governor, whether the clock may rise, and the supply', () => {
    say('devices/system/cpu/cpu0/cpufreq/scaling_governor', 'powersave')
    say('devices/system/cpu/cpu0/cpufreq/energy_performance_preference', 'balance_performance')
    say('devices/system/cpu/intel_pstate/no_turbo', '1')
    say('class/power_supply/BAT0/status', 'Discharging')
    say('class/power_supply/AC/type', 'Mains')
    say('class/power_supply/AC/online', '0')
    expect(powerState('linux', root)).toBe('governor powersave (balance_performance); no turbo; on battery')
    say('class/power_supply/AC/online', '1')
    expect(powerState('linux', root)).toMatch(/on mains$/)
  })
})
