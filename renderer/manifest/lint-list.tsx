import { goToLocation } from '../commands/go-to-location.ts'
import { problemText } from '../format/problem-text.ts'
import { mergeProblems } from '../state/kernels-slice.ts'
import { useParts } from '../state/use-parts.ts'
import { Icon } from '../ui/icon.tsx'

/** What the linter says about the manifest. */
export function LintList() {
  const { catalogProblems, lintProblems, manifestId } = useParts('catalogProblems', 'lintProblems', 'manifestId')
  const problems = mergeProblems(catalogProblems, lintProblems)
  if (problems.length === 0) return null
  return (
    <details className="lint">
      <summary>
        {problems.length} {problems.length === 1 ? 'finding' : 'findings'} of the linter
      </summary>
      <ul>
        {problems.map((problem) => {
          const id = problem.documentId ?? manifestId
          return (
            <li key={`${problem.rule}:${problem.path}:${problem.message}`}>
              <button
                type="button"
                className="lint-row"
                data-severity={problem.severity}
                disabled={id === null}
                onClick={() => id && void goToLocation(id, problem.line, problem.column)}
              >
                <Icon name={problem.severity} size={13} />
                <span className="visually-hidden">{problem.severity}</span>
                <span className="lint-text">
                  {problemText(problem)} <code>{problem.path}</code>
                </span>
                <span className="muted">{problem.rule}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </details>
  )
}
