import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { fail, ok, type Result } from '#contract/error.ts'
import { messageOf } from './atomic-file.ts'

const holderSchema = z.object({ pid: z.number().int(), host: z.string(), since: z.string() })
type Holder = z.infer<typeof holderSchema>

/** What is done under a lock takes milliseconds: whoever waits longer than this waits for something that hangs. */
const patienceMs = 5000
const pauseMs = 10
/** Between making the file and writing its holder into it a process may be interrupted, but not for this long. */
const unwrittenMs = 2000
/** Whether a process of another machine is alive cannot be asked. */
const foreignMs = 60_000

const held = new Set<string>()

/** `.<name>.lock` beside a file. */
export function lockPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.lock`)
}

/**
 * Does something while no other process that asks this way does it for the same file. Waits some seconds, then fails with
 * `conflict` and who is at it. The lock of a process that died is taken over. Inside, the lock may be asked for again.
 */
export function withFileLock<T>(path: string, work: () => Result<T>, waitMs = patienceMs): Result<T> {
  const lock = lockPath(path)
  if (held.has(lock)) return work()
  const taken = take(lock, performance.now() + waitMs)
  if (!taken.ok) return taken
  held.add(lock)
  try {
    return work()
  } finally {
    release(lock)
  }
}

/** A lock that is held until it is let go, or who holds it. */
export type Holding = { letGo(): void } | { heldBy: string }

/** Takes the lock of a file for as long as something lasts, without waiting; one that a dead process left is taken over. */
export function tryFileLock(path: string): Result<Holding> {
  const lock = lockPath(path)
  for (const mayRetry of [true, false]) {
    const made = make(lock)
    if (!made.ok) return made
    if (made.value) {
      held.add(lock)
      return ok({ letGo: () => release(lock) })
    }
    if (mayRetry && isAbandoned(lock)) clear(lock)
  }
  const holder = readHolder(lock)
  return ok({ heldBy: holder ? `process ${holder.pid}` : 'a process that has not said which it is' })
}

function release(lock: string): void {
  held.delete(lock)
  if (readHolder(lock)?.pid === process.pid) rmSync(lock, { force: true })
}

function take(lock: string, until: number): Result<void> {
  const nap = new Int32Array(new SharedArrayBuffer(4))
  for (;;) {
    const made = make(lock)
    if (!made.ok || made.value) return made.ok ? ok(undefined) : made
    if (isAbandoned(lock)) {
      clear(lock)
    } else if (performance.now() > until) {
      return fail({ kind: 'conflict', message: `${lock} is held by ${describe(lock)}; nothing was written` })
    }
    Atomics.wait(nap, 0, 0, pauseMs)
  }
}

/** Makes the lock file; false when there is one. */
function make(lock: string): Result<boolean> {
  try {
    const descriptor = openSync(lock, 'wx')
    try {
      const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() }
      writeSync(descriptor, JSON.stringify(holder))
    } finally {
      closeSync(descriptor)
    }
    return ok(true)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return ok(false)
    return fail({ kind: 'invalid', message: `cannot make the lock ${lock}: ${messageOf(error)}` })
  }
}

/**
 * Removes an abandoned lock, one process at a time: between looking at a lock and removing it, another could have done
 * both and taken it. While this guard is held nobody can, for the abandoned lock is still there.
 */
function clear(lock: string): void {
  const guard = `${lock}.clear`
  const made = make(guard)
  if (made.ok && made.value) {
    try {
      if (isAbandoned(lock)) rmSync(lock, { force: true })
    } finally {
      rmSync(guard, { force: true })
    }
  } else if (isAbandoned(guard)) rmSync(guard, { force: true })
}

function readHolder(lock: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(lock, 'utf8')))
  } catch {
    return null
  }
}

/** Whether nobody can be behind a lock any more. False when it is gone: then it can be had without taking it over. */
function isAbandoned(lock: string): boolean {
  let ageMs: number
  try {
    ageMs = Date.now() - statSync(lock).mtimeMs
  } catch {
    return false
  }
  const holder = readHolder(lock)
  if (!holder) return ageMs > unwrittenMs
  if (holder.host !== hostname()) return ageMs > foreignMs
  // Its number was given to this process after the one that made the lock died.
  if (holder.pid === process.pid) return !held.has(lock)
  return !isAlive(holder.pid)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function describe(lock: string): string {
  const holder = readHolder(lock)
  if (!holder) return 'a process that has not said which it is: try again'
  return `process ${holder.pid} of ${holder.host} since ${holder.since}: try again, or delete the file if that is no lab`
}
