import { useMemo } from 'react'
import type { SweepMatrix } from '#contract/sweep.ts'
import { formatCount } from '../format/quantity.ts'
import { shapeText } from '../format/shape-text.ts'
import { bestPerShape, type GapGroup, gapGroups } from './best-per-shape.ts'

/** What is not run: by the rule that keeps it out, and the shapes that nothing takes at all. */
export function GapTable({ matrix }: { matrix: SweepMatrix }) {
  const groups = useMemo(() => gapGroups(matrix), [matrix])
  const bare = useMemo(
    () => bestPerShape(matrix).filter(({ ran, waiting, problems }) => ran + waiting + problems === 0),
    [matrix],
  )
  if (groups.length === 0) {
    return (
      <div className="empty">
        <strong>No gaps</strong>
        <span>Every variant takes every shape.</span>
      </div>
    )
  }
  return (
    <div className="sweep-table">
      {bare.length > 0 && (
        <div className="note note-warn sweep-bare">
          <div className="note-body">
            <strong>{bare.length === 1 ? '1 shape is' : `${bare.length} shapes are`} taken by no variant:</strong>{' '}
            {bare.map(({ listed }) => shapeText(listed.shape, { hasDtype: listed.hasDtype ?? false })).join('; ')}
          </div>
        </div>
      )}
      <table className="data-table" aria-label="Gaps by reason">
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col" className="number">
              Pairs
            </th>
            <th scope="col">Variants</th>
            <th scope="col">Shapes</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <GapRow key={group.reason} group={group} matrix={matrix} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const maxNamed = 3

function GapRow({ group, matrix }: { group: GapGroup; matrix: SweepMatrix }) {
  const variants = group.variants.map((at) => matrix.variants[at]?.id ?? '')
  const shapes = group.shapes.map((at) => {
    const listed = matrix.shapes[at]
    return listed ? shapeText(listed.shape, { hasDtype: listed.hasDtype ?? false }) : ''
  })
  return (
    <tr>
      <td className="gap-reason">{group.reason}</td>
      <td className="number">{formatCount(group.pairs)}</td>
      <Names names={variants} all={matrix.variants.length} />
      <Names names={shapes} all={matrix.shapes.length} />
    </tr>
  )
}

function Names({ names, all }: { names: readonly string[]; all: number }) {
  const isAll = names.length === all && all > 1
  const more = isAll ? 0 : names.length - maxNamed
  return (
    <td className="gap-names" title={names.join('\n')}>
      <div>
        <span className="gap-count">{names.length}</span>
        {isAll ? (
          'all of them'
        ) : (
          <ul>
            {names.slice(0, maxNamed).map((name) => (
              <li key={name}>{name}</li>
            ))}
            {more > 0 && <li className="muted">and {more} more</li>}
          </ul>
        )}
      </div>
    </td>
  )
}
