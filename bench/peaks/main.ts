// What each device does at most: the peaks that the roof of a row is made of, the best of three measurements.
// Run: npm run bench -- peaks

import { measurePeaks } from '#harness/bench/peaks.ts'
import { bestOf } from '#harness/bench/peaks-store.ts'
import { openDevice } from '#harness/bridge/device-handle.ts'
import { listDevices, loadNativeLibrary } from '#harness/bridge/native-library.ts'
import { must } from '../device/contest.ts'

const giga = (rate: number, unit: string) => `${(rate / 1e9).toPrecision(3).padStart(6)} G${unit}`

const library = must(loadNativeLibrary())
for (const { id, timeDomain, unavailable } of listDevices(library)) {
  if (unavailable || timeDomain === 'none') {
    console.log(`${id}: ${unavailable ?? 'its clock counts nothing'}`)
    continue
  }
  const device = must(openDevice(library, id))
  const start = performance.now()
  let peaks = must(await measurePeaks(device))
  const tookMs = performance.now() - start
  for (let again = 0; again < 2; again++) peaks = bestOf(peaks, must(await measurePeaks(device)))
  console.log(
    `${id}: ${device.info.name}, ${device.info.coreCount} cores; the first measurement took ${tookMs.toFixed(0)} ms`,
  )
  for (const { name, bytes, bytesPerSecond } of peaks.levels)
    console.log(
      `  ${name.padEnd(7)} ${giga(bytesPerSecond, 'B/s')}  ${Number.isFinite(bytes) ? `${bytes / 1024} KiB` : ''}`,
    )
  for (const [dtype, rate] of Object.entries(peaks.flopsPerSecond))
    console.log(`  ${dtype.padEnd(7)} ${giga(rate, 'FLOP/s')}`)
  device.close()
}
