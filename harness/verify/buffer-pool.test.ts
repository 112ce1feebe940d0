import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { must, testDevice, testLibrary } from '../bridge/device-fixture.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import { BufferPool } from './buffer-pool.ts'

let device: DeviceHandle
let pool: BufferPool
beforeEach(() => {
  device = testDevice(testLibrary(), 'null')
  pool = new BufferPool(device)
})
afterEach(() => {
  pool.destroy()
  device.close()
})

describe('BufferPool', () => {
  it('hands out again what came back, by exact size and to one at a time', () => {
    const first = must(pool.take(64))
    pool.giveBack(first)
    expect(must(pool.take(60))).not.toBe(first)
    expect(must(pool.take(64))).toBe(first)
    expect(must(pool.take(64))).not.toBe(first)
  })

  it('forgets those unused for longest', () => {
    const all = Array.from({ length: 40 }, (_, i) => must(pool.take(64 + i)))
    for (const buffer of all) pool.giveBack(buffer)
    expect(must(pool.take(64))).not.toBe(all[0])
    expect(must(pool.take(103))).toBe(all[39])
  })

  it('does not keep one whose guard band was written to', () => {
    const buffer = must(pool.take(64))
    buffer.check = () => ({ hasGuards: true, bytesDamaged: 1, firstOffset: 64 })
    pool.giveBack(buffer)
    expect(must(pool.take(64))).not.toBe(buffer)
  })
})
