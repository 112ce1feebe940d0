import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** What `writeFileAtomic` writes before it renames: `.<name>.<process>.<random>.tmp`. */
const temporary = /^\..+\.(\d+)\.[a-z0-9]{1,8}\.tmp$/

function isDead(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Removes what processes that were killed while they wrote left in a folder. Other files, and live writers', stay. */
export function removeLeftovers(folder: string): void {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return
  }
  for (const name of names) {
    const pid = temporary.exec(name)?.[1]
    if (pid === undefined || !isDead(Number(pid))) continue
    // Whoever else tidies the same folder may have been faster.
    try {
      rmSync(join(folder, name), { force: true })
    } catch {}
  }
}
