import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countJunit, countVitest, judge } from './test-report.ts'

const file = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  message: 'SyntaxError: no',
  assertionResults: tests.map((s) => ({ status: s, fullName: `it ${s}` })),
})

describe('countVitest', () => {
  it('sums the tests of all files and names what failed and what was skipped', () => {
    const text = JSON.stringify({
      testResults: [file('passed', 'passed', 'skipped'), file('failed', 'failed', 'passed')],
    })
    const notes = ['skipped: it skipped', 'failed: it failed']
    expect(countVitest(text)).toEqual({ passed: 2, failed: 1, skipped: 1, notes })
  })

  it('counts a file that did not load as a failure', () => {
    const counts = countVitest(JSON.stringify({ testResults: [file('failed')] }))
    expect(counts).toMatchObject({ passed: 0, failed: 1, notes: [expect.stringContaining('SyntaxError')] })
  })
})

describe('countJunit', () => {
  it('reads what ctest writes', () => {
    const text = `<testsuite name="x" tests="3">
      <testcase name="half" classname="half" time="0.1" status="run"><system-out>status="fail"</system-out></testcase>
      <testcase name="gemm" classname="gemm" time="0.1" status="fail"><failure message="Failed"/></testcase>
      <testcase name="gpu" classname="gpu" time="0" status="notrun"/>
    </testsuite>`
    expect(countJunit(text)).toEqual({ passed: 1, failed: 1, skipped: 1, notes: ['failed: gemm', 'skipped: gpu'] })
  })
})

describe('judge', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'klab-report-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const report = (...statuses: string[]) => {
    const path = join(folder, 'report.json')
    writeFileSync(path, JSON.stringify({ testResults: [file('passed', ...statuses)] }))
    return path
  }

  it('believes a clean report of a runner that succeeded', () => {
    expect(judge(0, report('passed'), countVitest)).toMatchObject({ passed: 1, failed: 0 })
  })

  it('does not let a runner fail in silence', () => {
    expect(judge(1, report('passed'), countVitest)).toMatchObject({ passed: 1, failed: 1 })
    expect(judge(127, join(folder, 'none.json'), countVitest)).toMatchObject({ passed: 0, failed: 1 })
    expect(judge(0, report(), countVitest)).toMatchObject({ failed: 1 })
  })
})
