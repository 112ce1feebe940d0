// What one call through the FFI costs beside a hand-written Node-API function that does the same: the ratio of medians
// of interleaved blocks. Run: npm run bench -- ffi-overhead
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import koffi from 'koffi'
// @ts-expect-error: it ships no types
import { include_dir as headers } from 'node-api-headers'
import { median } from '../statistics.ts'

type Add = (a: number, b: number) => number

function blockNs(add: Add, calls: number): number {
  let sum = 0
  const start = process.hrtime.bigint()
  for (let i = 0; i < calls; i++) sum = add(sum & 0xffff, i)
  const elapsed = Number(process.hrtime.bigint() - start)
  if (sum < 0) throw new Error('the addition is wrong')
  return elapsed / calls
}

const folder = mkdtempSync(join(tmpdir(), 'klab-ffi-'))
try {
  const binary = join(folder, 'add.node')
  const source = join(import.meta.dirname, 'add.c')
  execFileSync('gcc', ['-O2', '-shared', '-fPIC', `-I${headers}`, source, '-o', binary])
  const ffi = koffi.load(binary).func('add', 'int32_t', ['int32_t', 'int32_t']) as unknown as Add
  const nodeApi = (createRequire(import.meta.url)(binary) as { add: Add }).add

  const calls = 200_000
  for (const add of [ffi, nodeApi]) blockNs(add, calls)
  const ffiNs: number[] = []
  const nodeApiNs: number[] = []
  for (let round = 0; round < 41; round++) {
    ffiNs.push(blockNs(ffi, calls))
    nodeApiNs.push(blockNs(nodeApi, calls))
  }
  const ratio = median(ffiNs.map((ns, i) => ns / (nodeApiNs[i] ?? Number.NaN)))
  console.log(`ffi call ÷ Node-API call: ${ratio.toFixed(2)} (goal ≤ 1.3)`)
  console.log(
    `  ffi ${median(ffiNs).toFixed(1)} ns, Node-API ${median(nodeApiNs).toFixed(1)} ns, 41 rounds of ${calls} calls`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
