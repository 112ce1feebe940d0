import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fingerprint, isStamped, writeStamp } from './fingerprint.ts'
import { at } from './paths.ts'
import { lastLines, run } from './processes.ts'
import { complain, say } from './say.ts'

const folder = at('build', 'native')

/** What to build: the library alone, or the native tests too. */
export type NativeTarget = 'klab' | 'all'

/** Builds build/native when native/ changed since. False when it failed, after saying why. */
export async function buildNative(target: NativeTarget): Promise<boolean> {
  const print = fingerprint(['native'])
  // One stamp for both: whichever was built last is what lies in the folder, and 'all' contains the library.
  const stamp = at('build', 'native', '.built')
  const isCurrent = isStamped(stamp, `all ${print}`) || (target === 'klab' && isStamped(stamp, `klab ${print}`))
  if (isCurrent && existsSync(at('build', 'native', 'libklab.so'))) return true
  say(target === 'klab' ? 'Building the native library …' : 'Building the native library and its tests …')
  rmSync(stamp, { force: true })
  const jobs = String(Math.max(1, availableParallelism()))
  const steps = [
    ['-S', at('native'), '-B', folder, '-G', 'Ninja'],
    ['--build', folder, '--parallel', jobs, '--target', target],
  ]
  let log = ''
  for (const step of steps) {
    const { code, output } = await run('cmake', step, { isCaptured: true })
    log += output
    if (code === 0) continue
    complain(`cmake ${step.join(' ')} failed:\n${lastLines(output, 40)}`)
    return false
  }
  writeFileSync(at('build', 'native', 'build.log'), log)
  writeStamp(stamp, `${target} ${print}`)
  return true
}
