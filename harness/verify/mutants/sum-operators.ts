import { type Code, type Span, textOf } from './code.ts'
import { type Operator, replacing, type Scope, type Site } from './operator.ts'
import { endedEarly, stepsOf } from './steps.ts'
import { allLoopsIn, findSign, type Loop, loopSigns, loopsIn, relationsIn, statementsIn } from './syntax.ts'

/** The last time round a loop is missing: `k < K` becomes `k + S < K`, `i > 0` becomes `i > 0 + S`. */
const dropLastTerm: Operator = {
  name: 'drop-last-term',
  sites: ({ code, body }) =>
    allLoopsIn(code, body).flatMap((loop): Site[] => {
      const steps = stepsOf(code, loop)
      for (const { left, right, sign } of relationsIn(code, loop.condition, loopSigns)) {
        for (const step of steps) {
          const text = endedEarly(code, { left, right, sign }, step)
          if (text !== null) return [{ at: left.begin, edits: [{ begin: left.begin, end: right.end, text }] }]
        }
      }
      return []
    }),
}

/** What a loop's variable begins with: of `k = E` and `k{E}`; null where several begin, or none. */
function startOf(code: Code, { init }: Loop): { name: string; value: Span } | null {
  if (findSign(code, init, [',']) >= 0) return null
  const sign = findSign(code, init, ['=', '{'])
  const name = code.tokens[sign - 1]
  if (sign < 0 || name?.kind !== 'word') return null
  const end = code.tokens[sign]?.text === '{' ? (code.tokens[sign]?.match ?? -1) : init.end
  return end > sign + 1 ? { name: name.text, value: { begin: sign + 1, end } } : null
}

/** The first time round a loop is missing. */
const dropFirstTerm: Operator = {
  name: 'drop-first-term',
  sites: (scope) =>
    loopsIn(scope.code, scope.body).flatMap((loop): Site[] => {
      const start = startOf(scope.code, loop)
      const step = stepsOf(scope.code, loop).find(({ name }) => name === start?.name)
      return start && step ? [replacing(scope, start.value, (own) => `(${own}) ${step.sign} ${step.by}`)] : []
    }),
}

/** A sum that does not begin at 0: of `float s = 0`, `float s{0}` and arrays of them. */
const wrongStart: Operator = {
  name: 'wrong-start',
  sites: ({ code, body, floats }) => {
    const sites: Site[] = []
    for (let i = body.begin + 1; i < body.end; i++) {
      const { tokens } = code
      if (!floats.has(tokens[i]?.text ?? '') || !/^(?:float[234]?|,)$/.test(tokens[i - 1]?.text ?? '')) continue
      let at = i + 1
      while (tokens[at]?.text === '[') at = (tokens[at]?.match ?? at) + 1
      if (tokens[at]?.text === '=') at++
      const isBraced = tokens[at]?.text === '{'
      const span = isBraced ? { begin: at + 1, end: tokens[at]?.match ?? at } : { begin: at, end: at + 1 }
      const own = textOf(code, span)
      const isZero = /^0(?:\.0*)?f?$/.test(own) && (isBraced || /^[,;]$/.test(tokens[at + 1]?.text ?? ''))
      if (isZero || (isBraced && own === '')) sites.push({ at: i, edits: [{ ...span, text: '1' }] })
    }
    return sites
  },
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
export const sumOperators: readonly Operator[] = [
  dropLastTerm,
  dropFirstTerm,
  wrongStart,
  accumulateInHalf,
  skipSum,
  skipReduction,
]
