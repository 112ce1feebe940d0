import { readFileSync } from 'node:fs'
import type { Row } from '#contract/row.ts'

/** What the machine's processors have been busy with so far, s. */
export interface Occupancy {
  busy: number
  /** Given to other machines on the same hardware while something here wanted to run. */
  stolen: number
  own: number
  at: number
}

/** Of /proc/stat, whatever the processor: the kernel's interface counts hundredths (proc(5), USER_HZ). */
const ticksPerSecond = 100

/** What Linux says of all processors, and this process of itself; null where that cannot be asked. */
export function readOccupancy(path = '/proc/stat'): Occupancy | null {
  let line: string
  try {
    line = readFileSync(path, 'utf8').split('\n', 1)[0]!
  } catch {
    return null
  }
  const ticks = line.split(/\s+/).slice(1).map(Number)
  const [user, nice, system, , , interrupts, soft, stolen] = ticks
  if (!line.startsWith('cpu ') || stolen === undefined || ticks.some(Number.isNaN)) return null
  const usage = process.cpuUsage()
  return {
    busy: (user! + nice! + system! + interrupts! + soft!) / ticksPerSecond,
    stolen: stolen / ticksPerSecond,
    own: (usage.user + usage.system) / 1e6,
    at: performance.now() / 1e3,
  }
}

/** How many processors were others' between two readings, on average; undefined where they could not be read. */
export function neighboursBetween(before: Occupancy | null, after: Occupancy | null): Row['neighbours'] {
  if (!before || !after || after.at <= before.at) return undefined
  const seconds = after.at - before.at
  const others = (after.busy - before.busy - (after.own - before.own)) / seconds
  return {
    processors: Math.max(Math.round(others * 100) / 100, 0),
    stolen: Math.max(Math.round(((after.stolen - before.stolen) / seconds) * 100) / 100, 0),
  }
}
