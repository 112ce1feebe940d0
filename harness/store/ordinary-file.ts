import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'

/**
 * Bytes of a file. Throws when it cannot be read, and when it is a folder, a device or a pipe: reading those may never
 * end, and would keep the process from everything else.
 */
export function readOrdinaryFile(path: string): Buffer {
  // Opening a pipe to read from waits for someone who writes.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    if (!fstatSync(file).isFile()) throw new Error('it is no ordinary file')
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}
