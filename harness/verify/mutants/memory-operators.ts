import { textOf } from './code.ts'
import { lastIndex, type Operator, replacing, type Scope, type Site } from './operator.ts'
import { conditionsIn, findSign, loopsIn, relationsIn, type Statement, statementsIn } from './syntax.ts'

/** Statements `X[…] = …` whose X lies in one kind of memory. */
function storesTo(
  scope: Scope,
  space: 'device' | 'threadgroup',
): (Statement & { index: { begin: number; end: number } })[] {
  const { code, body, memory } = scope
  return statementsIn(code, body).flatMap((statement) => {
    const indexed = lastIndex(code, statement.begin)
    if (!indexed || memory.get(indexed.name) !== space) return []
    const sign = code.tokens[indexed.end]?.text
    return sign === '=' || sign === '+=' ? [{ ...statement, index: indexed.index }] : []
  })
}

/** Statements that write with a call: `simdgroup_store(x, C …)`. */
function storingCalls(scope: Scope): Statement[] {
  const { code, body } = scope
  return statementsIn(code, body).filter(({ begin }) => code.tokens[begin]?.text === 'simdgroup_store')
}

/** Two neighbouring columns are exchanged where results are stored. */
const swapColumns: Operator = {
  name: 'swap-columns',
  sites: (scope) =>
    storesTo(scope, 'device').map(({ begin, index }) => ({
      at: begin,
      edits: replacing(scope, index, (own) => `(${own}) ^ 1`).edits,
    })),
}

/** A result, or a part of them, that is not stored. */
const skipStore: Operator = {
  name: 'skip-store',
  sites: (scope) =>
    [...storesTo(scope, 'device'), ...storingCalls(scope)].map(({ begin, end }) => ({
      at: begin,
      edits: [{ begin, end, text: '' }],
    })),
}

/** Threadgroup memory that is filled the first time round only: what is read later is stale. */
const staleTile: Operator = {
  name: 'stale-tile',
  sites: (scope) => {
    const { code, body } = scope
    const loops = loopsIn(code, body)
    return storesTo(scope, 'threadgroup').flatMap((store): Site[] => {
      const outer = loops.find((loop) => loop.body.begin <= store.begin && store.end <= loop.body.end)
      const sign = outer ? findSign(code, outer.init, ['=']) : -1
      if (!outer || sign < 1 || findSign(code, outer.init, [',']) >= 0) return []
      const name = code.tokens[sign - 1]?.text ?? ''
      const first = textOf(code, { begin: sign + 1, end: outer.init.end })
      return [
        {
          at: store.begin,
          edits: [{ begin: store.begin, end: store.end, text: `if (${name} == (${first})) ${textOf(code, store)}` }],
        },
      ]
    })
  },
}

/** A barrier is missing. */
const removeBarrier: Operator = {
  name: 'remove-barrier',
  sites: ({ code, body }) =>
    statementsIn(code, body)
      .filter(({ begin }) => /^(?:threadgroup|simdgroup)_barrier$/.test(code.tokens[begin]?.text ?? ''))
      .map(({ begin, end }) => ({ at: begin, edits: [{ begin, end, text: '' }] })),
}

const looser: Record<string, string> = { '<': '<=', '>': '>=', '>=': '>', '<=': '<' }

/** An edge that is off by one, also of a loop: `<` for `<=`, `>` for `>=` and the other way round. */
const offByOne: Operator = {
  name: 'off-by-one',
  sites: ({ code, body }) =>
    [...conditionsIn(code, body), ...loopsIn(code, body).map(({ condition }) => condition)]
      .flatMap((condition) => relationsIn(code, condition))
      .map(({ sign, left, right }) => {
        const text = `${textOf(code, left)} ${looser[code.tokens[sign]?.text ?? '']} ${textOf(code, right)}`
        return { at: sign, edits: [{ begin: left.begin, end: right.end, text }] }
      }),
}

/** One row, column or term less than there are: `row < M` becomes `row + 1 < M`. */
const tightenGuard: Operator = {
  name: 'tighten-guard',
  sites: (scope) =>
    conditionsIn(scope.code, scope.body)
      .flatMap((condition) => relationsIn(scope.code, condition))
      .flatMap(({ sign, left, right }) => {
        const own = scope.code.tokens[sign]?.text ?? ''
        const text = `${textOf(scope.code, left)} + 1 ${own} ${textOf(scope.code, right)}`
        return own.startsWith('<') ? [{ at: sign, edits: [{ begin: left.begin, end: right.end, text }] }] : []
      }),
}

/** A value that is kept inside by `min` or `clamp`, and is not. */
const dropClamp: Operator = {
  name: 'drop-clamp',
  sites: (scope) => {
    const { code, body } = scope
    const sites: Site[] = []
    for (let i = body.begin; i < body.end; i++) {
      const close = code.tokens[i + 1]?.match ?? -1
      if (!/^(?:min|clamp)$/.test(code.tokens[i]?.text ?? '') || code.tokens[i + 1]?.text !== '(' || close < 0) continue
      const comma = findSign(code, { begin: i + 2, end: close }, [','])
      if (comma < 0) continue
      const first = textOf(code, { begin: i + 2, end: comma })
      const last = textOf(code, { begin: comma + 1, end: close })
      // The bound is what is made of extents; the other one is what must not pass it.
      const kept = /[-+]/.test(first) && !/[-+]/.test(last) ? first : /[-+]/.test(last) ? first : last
      const other = kept === first ? last : first
      sites.push({ at: i, edits: [{ begin: i, end: close + 1, text: `(${kept} + 0 * (${other}))` }] })
    }
    return sites
  },
}

/** Faults in what is read and written, and when. */
export const memoryOperators: readonly Operator[] = [
  swapColumns,
  skipStore,
  staleTile,
  removeBarrier,
  offByOne,
  tightenGuard,
  dropClamp,
]
