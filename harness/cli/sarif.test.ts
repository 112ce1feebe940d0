import { describe, expect, it } from 'vitest'
import { findingKinds } from '#contract/analysis.ts'
import { analysisReport, raceFinding } from '../analyse/analysis-fixture.ts'
import { toSarif } from './sarif.ts'
import { sarifLogSchema } from './sarif-fixture.ts'

const root = '/srv/my kernels'
const dependence = {
  buffer: 2,
  bufferName: 'C',
  firstIndex: 0,
  differing: 1,
  elements: 4,
  values: [1, 2] as [number, number],
  schedule: 1,
  message: 'C depends on the order',
}

function logOf(report: Parameters<typeof analysisReport>[0]) {
  // As a reader gets it.
  return JSON.parse(JSON.stringify(toSarif(analysisReport(report), root))) as ReturnType<typeof toSarif>
}

describe('toSarif', () => {
  it('has what the format requires, also when nothing was found', () => {
    const log = logOf({})
    expect(log.version).toBe('2.1.0')
    expect(log.runs).toHaveLength(1)
    expect(log.runs[0]?.tool.driver.name).toBe('Kernel Lab')
    expect(log.runs[0]?.results).toEqual([])
    expect(log.runs[0]?.invocations[0]?.executionSuccessful).toBe(true)
  })

  it('is a log by the schema: every property is one, of its kind and where it belongs', () => {
    const outside = raceFinding({ file: '/tmp/a b.metal', otherFile: 'kernels/50%.h', count: 0 })
    const findings = [...findingKinds.map((kind) => raceFinding({ kind })), outside]
    const report = analysisReport({ findings, orderDependence: [dependence], omitted: 3 })
    for (const one of [toSarif(report, root), toSarif(report, root, true), toSarif(analysisReport({}), root)]) {
      expect(sarifLogSchema.safeParse(JSON.parse(JSON.stringify(one))).error).toBeUndefined()
    }
    const strange = { ...toSarif(report, root), run: [] }
    expect(sarifLogSchema.safeParse(strange).success).toBe(false)
  })

  it('has a rule for every kind of finding, at the index that results name', () => {
    const findings = findingKinds.map((kind) => raceFinding({ kind }))
    const run = logOf({ findings, orderDependence: [dependence] }).runs[0]
    const rules = run?.tool.driver.rules ?? []
    expect(run?.results).toHaveLength(findings.length + 1)
    for (const result of run?.results ?? []) {
      expect(rules[result.ruleIndex]?.id).toBe(result.ruleId)
      expect(result.message.text).not.toBe('')
      expect(['error', 'warning']).toContain(result.level)
    }
  })

  it('places a finding, and its other side, relative to the workspace', () => {
    const run = logOf({ findings: [raceFinding({ file: 'kernels/a b.metal' })] }).runs[0]
    const [result] = (run?.results ?? []) as unknown as {
      locations: { physicalLocation: object }[]
      relatedLocations: { physicalLocation: object; message: object }[]
      occurrenceCount: number
    }[]
    expect(run?.originalUriBaseIds.WORKSPACE.uri).toBe('file:///srv/my%20kernels/')
    expect(result?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'kernels/a%20b.metal', uriBaseId: 'WORKSPACE' },
      region: { startLine: 14 },
    })
    expect(result?.relatedLocations[0]?.physicalLocation).toMatchObject({ region: { startLine: 11 } })
    expect(result?.occurrenceCount).toBe(126_976)
  })

  it('names a file outside of the workspace by its whole path', () => {
    const run = logOf({ findings: [raceFinding({ file: '/tmp/x.metal', otherLine: undefined })] }).runs[0]
    expect(run?.results[0]?.locations[0]?.physicalLocation.artifactLocation).toEqual({ uri: 'file:///tmp/x.metal' })
    expect(run?.results[0]).not.toHaveProperty('relatedLocations')
  })

  it('recognises a fault that moved to another line', () => {
    const prints = [14, 30].map((line) => logOf({ findings: [raceFinding({ line })] }).runs[0]?.results[0])
    expect(prints[0]).toMatchObject({
      partialFingerprints: prints[1] && (prints[1] as object as { partialFingerprints: object }).partialFingerprints,
    })
    expect(prints[0]).not.toEqual(prints[1])
  })

  it('says that findings were left out', () => {
    expect(JSON.stringify(logOf({ omitted: 12 }))).toContain('12 more findings')
  })
})
