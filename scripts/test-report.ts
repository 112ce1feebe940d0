import { existsSync, readFileSync } from 'node:fs'

/** What one runner counted. `notes` are the lines worth repeating at the end: failures and what was skipped. */
export interface Counts {
  passed: number
  failed: number
  skipped: number
  notes: string[]
}

interface VitestReport {
  testResults: {
    name: string
    status: string
    message?: string
    assertionResults: { status: string; fullName: string }[]
  }[]
}

/** Reads vitest's JSON report. A file that could not even be loaded counts as one failure. */
export function countVitest(text: string): Counts {
  const report = JSON.parse(text) as VitestReport
  const counts: Counts = { passed: 0, failed: 0, skipped: 0, notes: [] }
  for (const file of report.testResults) {
    const before = counts.failed
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed++
      else if (test.status === 'failed') {
        counts.failed++
        counts.notes.push(`failed: ${test.fullName}`)
      } else {
        counts.skipped++
        counts.notes.push(`skipped: ${test.fullName}`)
      }
    }
    if (file.status === 'failed' && counts.failed === before) {
      counts.failed++
      counts.notes.push(`failed: ${file.name} ${file.message?.split('\n')[0] ?? ''}`)
    }
  }
  return counts
}

/** Reads the JUnit report of ctest. */
export function countJunit(text: string): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0, notes: [] }
  for (const [, name, status] of text.matchAll(/<testcase name="([^"]*)"[^>]*? status="([^"]*)"/g)) {
    if (status === 'run') counts.passed++
    else if (status === 'notrun' || status === 'disabled') {
      counts.skipped++
      counts.notes.push(`skipped: ${name}`)
    } else {
      counts.failed++
      counts.notes.push(`failed: ${name}`)
    }
  }
  return counts
}

/**
 * What a runner is worth: its report, plus one failure when it said that it failed and its report does not show it, or
 * when it left no report, or counted nothing.
 */
export function judge(code: number, reportPath: string, count: (text: string) => Counts): Counts {
  const nothing: Counts = { passed: 0, failed: 0, skipped: 0, notes: [] }
  const counts = existsSync(reportPath) ? count(readFileSync(reportPath, 'utf8')) : nothing
  if (counts.failed > 0) return counts
  if (code !== 0)
    return { ...counts, failed: 1, notes: [...counts.notes, `failed: the runner ended with code ${code}`] }
  if (counts.passed + counts.skipped === 0) return { ...counts, failed: 1, notes: ['failed: no test was found'] }
  return counts
}
