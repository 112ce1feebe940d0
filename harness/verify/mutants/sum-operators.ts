import { type Span, textOf } from './code.ts'
import { type Operator, replacing, type Scope, type Site } from './operator.ts'
import { findSign, type Loop, loopsIn, relationsIn, statementsIn } from './syntax.ts'

/** How far a loop moves each time, as text: of `i++`, `++i` and `i += S`. */
function strideOf({ code }: Scope, { step }: Loop): { name: string; stride: string } | null {
  const { tokens } = code
  const increment = findSign(code, step, ['++'])
  const comma = findSign(code, step, [','])
  if (increment >= 0 && comma < 0) {
    const word = tokens.slice(step.begin, step.end).find(({ kind }) => kind === 'word')
    return word ? { name: word.text, stride: '1' } : null
  }
  const plus = findSign(code, step, ['+='])
  const end = comma < 0 ? step.end : comma
  if (plus !== step.begin + 1) return null
  return { name: tokens[step.begin]?.text ?? '', stride: `(${textOf(code, { begin: plus + 1, end })})` }
}

/** The last time round a loop is missing: `k < K` becomes `k + S < K`. */
const dropLastTerm: Operator = {
  name: 'drop-last-term',
  sites: (scope) =>
    loopsIn(scope.code, scope.body).flatMap((loop): Site[] => {
      const moved = strideOf(scope, loop)
      const relation =
        moved &&
        relationsIn(scope.code, loop.condition).find(({ left, sign }) => {
          const { tokens } = scope.code
          return (
            left.end - left.begin === 1 && tokens[left.begin]?.text === moved.name && tokens[sign]?.text.startsWith('<')
          )
        })
      if (!relation) return []
      const { left, right, sign } = relation
      const rest = textOf(scope.code, { begin: sign, end: right.end })
      const text = `${textOf(scope.code, left)} + ${moved.stride} ${rest}`
      return [{ at: left.begin, edits: [{ begin: left.begin, end: right.end, text }] }]
    }),
}

/** The first time round a loop is missing. */
const dropFirstTerm: Operator = {
  name: 'drop-first-term',
  sites: (scope) =>
    loopsIn(scope.code, scope.body).flatMap((loop): Site[] => {
      const moved = strideOf(scope, loop)
      const sign = findSign(scope.code, loop.init, ['='])
      if (!moved || sign < 0 || scope.code.tokens[sign - 1]?.text !== moved.name) return []
      if (findSign(scope.code, loop.init, [',']) >= 0) return []
      return [replacing(scope, { begin: sign + 1, end: loop.init.end }, (own) => `(${own}) + ${moved.stride}`)]
    }),
}

/** What is added up, at `X += E` of a float and at `X = fma(…)`. */
function accumulations(scope: Scope): { target: Span; value: Span; sign: number; type: string }[] {
  const { code, body, floats } = scope
  const { tokens } = code
  return statementsIn(code, body).flatMap((statement) => {
    const name = tokens[statement.begin]?.text ?? ''
    const type = floats.get(name)
    const sign = findSign(code, statement, ['+=', '='])
    if (!type || sign < 0) return []
    const value = { begin: sign + 1, end: statement.end }
    const isFused = tokens[sign]?.text === '=' && /^(?:fma|mad)$/.test(tokens[sign + 1]?.text ?? '')
    if (tokens[sign]?.text !== '+=' && !isFused) return []
    return [{ target: { begin: statement.begin, end: sign }, value, sign, type }]
  })
}

/** A sum that is kept as a half. */
const accumulateInHalf: Operator = {
  name: 'accumulate-in-half',
  sites: (scope) =>
    accumulations(scope).map(({ target, value, sign, type }) => {
      const half = type.replace('float', 'half')
      const own = (span: Span) => textOf(scope.code, span)
      const isFused = scope.code.tokens[sign]?.text === '='
      const sum = isFused ? own(value) : `${own(target)} + (${own(value)})`
      const text = `${own(target)} = ${type}(${half}(${sum}))`
      return { at: target.begin, edits: [{ begin: target.begin, end: value.end, text }] }
    }),
}

/** Something that is not added to its sum. */
const skipSum: Operator = {
  name: 'skip-sum',
  sites: (scope) =>
    accumulations(scope).flatMap(({ target, value, sign }) =>
      scope.code.tokens[sign]?.text === '+='
        ? [{ at: target.begin, edits: [{ begin: target.begin, end: value.end, text: '' }] }]
        : [],
    ),
}

const reductions = /^(?:simd|quad)_(?:sum|product|max|min|prefix_\w+|shuffle_xor|shuffle_down|shuffle|broadcast)$/

/** A lane's own value where that of its simdgroup is meant. */
const skipReduction: Operator = {
  name: 'skip-reduction',
  sites: (scope) => {
    const { code, body } = scope
    const sites: Site[] = []
    for (let i = body.begin; i < body.end; i++) {
      const close = code.tokens[i + 1]?.match ?? -1
      if (!reductions.test(code.tokens[i]?.text ?? '') || code.tokens[i + 1]?.text !== '(') continue
      const comma = findSign(code, { begin: i + 2, end: close }, [','])
      const value = textOf(code, { begin: i + 2, end: comma < 0 ? close : comma })
      sites.push({ at: i, edits: [{ begin: i, end: close + 1, text: `(${value})` }] })
    }
    return sites
  },
}

/** Faults in what is summed up. */
export const sumOperators: readonly Operator[] = [dropLastTerm, dropFirstTerm, accumulateInHalf, skipSum, skipReduction]
