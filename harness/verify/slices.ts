import { setImmediate } from 'node:timers/promises'

/**
 * Calls `work` for consecutive slices of [0, count), letting the event loop turn between them: a process that computes
 * for seconds must still answer that it is alive, and hear that it should stop.
 */
export async function eachSlice(
  count: number,
  size: number,
  work: (begin: number, end: number) => void,
): Promise<void> {
  for (let begin = 0; begin < count; begin += size) {
    if (begin > 0) await setImmediate()
    work(begin, Math.min(begin + size, count))
  }
}
