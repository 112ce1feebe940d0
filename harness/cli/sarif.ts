import { createHash } from 'node:crypto'
import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AnalysisReport, Finding } from '#contract/analysis.ts'
import { formatShape } from '#contract/shape.ts'

/** What SARIF 2.1.0 calls a result's level. */
type Level = 'error' | 'warning'

interface Rule {
  id: string
  name: string
  text: string
  help: string
  level: Level
}

const rules: readonly Rule[] = [
  {
    id: 'out-of-bounds',
    name: 'OutOfBounds',
    text: 'A thread reads or writes outside of a buffer or a threadgroup variable, or writes what the kernel declares const.',
    help: 'Guard the access by the extent of what it indexes; ragged shapes need it at the edge tiles.',
    level: 'error',
  },
  {
    id: 'race',
    name: 'Race',
    text: 'Two threads of a threadgroup access the same bytes without a barrier between them, and one of them writes.',
    help: 'Put a threadgroup_barrier with the flag of that memory between the two accesses.',
    level: 'error',
  },
  {
    id: 'cross-threadgroup-race',
    name: 'CrossThreadgroupRace',
    text: 'Threads of different threadgroups access the same bytes of device memory in one dispatch, and one of them writes.',
    help: 'Give each threadgroup bytes of its own, use atomics, or split the work into two dispatches.',
    level: 'error',
  },
  {
    id: 'uninitialised',
    name: 'Uninitialised',
    text: 'A thread reads memory that nothing was written to.',
    help: 'Write the memory before it is read: threadgroup memory and outputs hold anything at the start.',
    level: 'error',
  },
  {
    id: 'divergent-barrier',
    name: 'DivergentBarrier',
    text: 'Not all threads of a threadgroup reach the same barrier.',
    help: 'Move the barrier out of the branch or loop, and do not return before it.',
    level: 'error',
  },
  {
    id: 'order-dependence',
    name: 'OrderDependence',
    text: 'A buffer ends up with other bytes when simdgroups, lanes and threadgroups run in another order.',
    help: 'Sums that atomics make in any order do this too; where results must repeat, fix the order.',
    level: 'warning',
  },
]

const indexOf = (id: string) => rules.findIndex((rule) => rule.id === id)

function artifactOf(file: string) {
  const uri = isAbsolute(file) ? pathToFileURL(file).href : encodeURI(file)
  return isAbsolute(file) ? { uri } : { uri, uriBaseId: 'WORKSPACE' }
}

const place = (file: string, line: number) => ({
  physicalLocation: { artifactLocation: artifactOf(file), region: { startLine: Math.max(1, line) } },
})

/** The same for the same fault, also after other lines of the file changed places. */
function fingerprintOf({ kind, file, access, bufferName, buffer, space }: Finding, entry: string): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, file, entry, access, space, buffer, bufferName]))
    .digest('hex')
    .slice(0, 32)
}

function resultOf(finding: Finding, entry: string) {
  const { kind, file, line, otherLine, otherFile, message, count, ...detail } = finding
  return {
    ruleId: kind,
    ruleIndex: indexOf(kind),
    level: 'error' satisfies Level,
    message: { text: message },
    locations: [place(file, line)],
    ...(otherLine === undefined
      ? {}
      : {
          relatedLocations: [{ id: 1, ...place(otherFile ?? file, otherLine), message: { text: 'The other side.' } }],
        }),
    occurrenceCount: Math.max(1, count),
    partialFingerprints: { 'kernelLabFinding/v1': fingerprintOf(finding, entry) },
    properties: detail,
  }
}

function orderResults({ orderDependence, files, variant }: AnalysisReport) {
  const file = files[0] ?? variant
  return orderDependence.map(({ message, ...properties }) => ({
    ruleId: 'order-dependence',
    ruleIndex: indexOf('order-dependence'),
    level: 'warning' satisfies Level,
    message: { text: message },
    locations: [place(file, 1)],
    properties,
  }))
}

/**
 * An analysis as a SARIF 2.1.0 log. Files of the workspace are relative to its base id WORKSPACE, with `root` as its
 * place. The same analysis gives the same log: when it began is told only by `isTimed`.
 */
export function toSarif(report: AnalysisReport, root: string, isTimed = false) {
  const { variant, entry, shape, device, checks, schedules, seed, data, labVersion, omitted } = report
  const base = pathToFileURL(root).href.replace(/\/?$/, '/')
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Kernel Lab',
            version: labVersion,
            rules: rules.map(({ id, name, text, help, level }) => ({
              id,
              name,
              shortDescription: { text },
              help: { text: help },
              defaultConfiguration: { level },
            })),
          },
        },
        originalUriBaseIds: { WORKSPACE: { uri: base } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            ...(isTimed ? { startTimeUtc: report.startedAt } : {}),
            ...(omitted > 0
              ? {
                  toolExecutionNotifications: [
                    { level: 'warning', message: { text: `${omitted} more findings are not listed.` } },
                  ],
                }
              : {}),
          },
        ],
        results: [...report.findings.map((finding) => resultOf(finding, entry)), ...orderResults(report)],
        properties: { variant, entry, shape: shape && formatShape(shape), device, checks, schedules, seed, data },
      },
    ],
  }
}
