import { useMemo } from 'react'
import { documentIdOf, goToFile, goToLocation } from '../commands/go-to-location.ts'
import { openDocument } from '../commands/open-document.ts'
import { mergeProblems } from '../state/kernels-slice.ts'
import { useParts } from '../state/use-parts.ts'
import { Icon } from '../ui/icon.tsx'
import { Splitter } from '../ui/splitter.tsx'
import { foundFirst, type ProblemRow, problemRows } from './problem-list.ts'
import './problems.css'

/** Everything that is wrong, a click away from its line. */
export function ProblemsPanel() {
  const { sizes, isProblemsShown, setSize, setLayout } = useParts('sizes', 'isProblemsShown', 'setSize', 'setLayout')
  const rows = useProblemRows()
  if (!isProblemsShown) return null
  return (
    <>
      <Splitter
        orientation="horizontal"
        label="Height of the Problems list"
        isAfter
        value={sizes.problems}
        min={70}
        max={420}
        onChange={(size) => setSize('problems', size)}
      />
      <section className="problems" id="region-problems" aria-label="Problems" style={{ height: sizes.problems }}>
        <div className="problems-head">
          <h2>Problems</h2>
          <span className="badge">{rows.length}</span>
          <button
            type="button"
            className="icon-button"
            aria-label="Hide the Problems list"
            onClick={() => setLayout({ isProblemsShown: false })}
          >
            <Icon name="close" size={12} />
          </button>
        </div>
        <ul className="problems-list">
          {rows.map((row, index) => (
            <li key={row.key} className="problem-row" data-stale={row.isStale || undefined}>
              <ProblemButton row={row} isFirst={index === 0} />
              {row.related && !row.isStale && <RelatedButton {...row.related} from={row.file} />}
            </li>
          ))}
          {rows.length === 0 && <li className="problems-none">Nothing to complain about.</li>}
        </ul>
      </section>
    </>
  )
}

function useProblemRows(): ProblemRow[] {
  const { open, activeId, diagnostics, catalogProblems, lintProblems, analyses } = useParts(
    'open',
    'activeId',
    'diagnostics',
    'catalogProblems',
    'lintProblems',
    'analyses',
  )
  const active = open.find((document) => document.id === activeId)
  return useMemo(() => {
    const problems = mergeProblems(catalogProblems, lintProblems)
    const all = problemRows({ open, diagnostics, problems, analyses: Object.values(analyses) })
    return foundFirst(all, active ? { path: active.path, diagnostics: diagnostics[active.id] } : null)
  }, [open, active, diagnostics, catalogProblems, lintProblems, analyses])
}

function ProblemButton({ row, isFirst }: { row: ProblemRow; isFirst: boolean }) {
  const go = () => {
    const documentId = row.documentId ?? documentIdOf(row.file)
    // Its line may be another by now: the file is as near as it gets.
    if (row.isStale && documentId) return openDocument(documentId)
    return documentId ? goToLocation(documentId, row.line, row.column) : goToFile(row.file, row.line, row.column)
  }
  return (
    <button
      type="button"
      className="problem"
      data-severity={row.severity}
      data-autofocus={isFirst || undefined}
      title={row.isStale ? `${row.message} (found before the text was changed)` : row.message}
      onClick={() => void go()}
    >
      <Icon name={row.severity} size={13} />
      <span className="visually-hidden">{row.severity}</span>
      <span className="problem-text">{row.message}</span>
      {row.isStale && <span className="badge">older text</span>}
      <span className="problem-place">
        <span className="truncate">{row.file.split('/').at(-1)}</span>{' '}
        <span>
          {row.line}:{row.column}
        </span>
      </span>
    </button>
  )
}

/** The other side of a finding: the second access of a race, the barrier that other threads wait at. */
function RelatedButton({ file, line, from }: { file: string; line: number; from: string }) {
  const place = `${file === from ? 'line' : file.split('/').at(-1)} ${line}`
  return (
    <button
      type="button"
      className="link problem-related"
      aria-label={`The other side, ${place}`}
      onClick={() => void goToFile(file, line)}
    >
      ↔ {place}
    </button>
  )
}
