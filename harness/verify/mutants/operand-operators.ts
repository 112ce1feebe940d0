import { textOf } from './code.ts'
import { lastIndex, type Operator, type Scope, type Site } from './operator.ts'
import { findSign, statementsIn } from './syntax.ts'

/** Reads of an element of the bias: `bias[i]`, also through a struct. */
function biasReads(scope: Scope): { begin: number; end: number; index: { begin: number; end: number } }[] {
  const { code, body } = scope
  const reads = []
  for (let i = body.begin; i < body.end; i++) {
    const indexed = /bias/i.test(code.tokens[i]?.text ?? '') ? lastIndex(code, i) : null
    if (!indexed || code.tokens[indexed.end]?.text === '=') continue
    reads.push({ begin: i, end: indexed.end, index: indexed.index })
  }
  return reads
}

/** The bias is not added. */
const skipBias: Operator = {
  name: 'skip-bias',
  sites: (scope) =>
    biasReads(scope).map((read) => ({
      at: read.begin,
      edits: [{ begin: read.begin, end: read.end, text: `(${textOf(scope.code, read)} * 0)` }],
    })),
}

/** The bias is added to all columns but one. */
const biasButOne: Operator = {
  name: 'bias-but-one',
  sites: (scope) =>
    biasReads(scope).map((read) => {
      const own = textOf(scope.code, read)
      const text = `((${textOf(scope.code, read.index)}) == 2 ? ${own} * 0 : ${own})`
      return { at: read.begin, edits: [{ begin: read.begin, end: read.end, text }] }
    }),
}

const isRelation = new Set(['==', '!=', '<', '>', '<=', '>='])

/** Uses of a scale in the result: where it is multiplied, not where it is asked for or handed on. */
function factorUses({ code, body }: Scope, name: RegExp): { begin: number; end: number }[] {
  const uses = []
  for (let i = body.begin; i < body.end; i++) {
    if (code.tokens[i]?.kind !== 'word' || !name.test(code.tokens[i]?.text ?? '')) continue
    let begin = i
    while (['.', '->'].includes(code.tokens[begin - 1]?.text ?? '')) begin -= 2
    const [before, after] = [code.tokens[begin - 1]?.text ?? '', code.tokens[i + 1]?.text ?? '']
    if (isRelation.has(before) || isRelation.has(after)) continue
    if (before === '*' || after === '*' || /^(?:fma|mad)$/.test(code.tokens[begin - 2]?.text ?? ''))
      uses.push({ begin, end: i + 1 })
  }
  return uses
}

/** What C held before does not count. */
const ignoreBeta: Operator = {
  name: 'ignore-beta',
  sites: (scope) =>
    factorUses(scope, /^beta\w*$/i).map((use) => ({
      at: use.begin,
      edits: [{ ...use, text: `(${textOf(scope.code, use)} * 0)` }],
    })),
}

/** The product is not scaled. */
const ignoreAlpha: Operator = {
  name: 'ignore-alpha',
  sites: (scope) =>
    factorUses(scope, /^alpha\w*$/i).map((use) => ({
      at: use.begin,
      edits: [{ ...use, text: `(${textOf(scope.code, use)} * 0 + 1)` }],
    })),
}

/** Every matrix of a batch is taken for the first: a pointer is not moved on. */
const ignoreOffset: Operator = {
  name: 'ignore-offset',
  sites: (scope) => {
    const { code, body, memory } = scope
    return statementsIn(code, body).flatMap(({ begin, end }): Site[] => {
      const isMove = memory.get(code.tokens[begin]?.text ?? '') === 'device' && code.tokens[begin + 1]?.text === '+='
      return isMove ? [{ at: begin, edits: [{ begin, end, text: '' }] }] : []
    })
  },
}

/** The batch's stride is a row too long: `z * …` of a position is one too many. */
const wrongBatchStride: Operator = {
  name: 'wrong-batch-stride',
  sites: ({ code, body }) => {
    const sites: Site[] = []
    for (let i = body.begin + 2; i < body.end; i++) {
      const { tokens } = code
      if (tokens[i]?.text !== 'z' || tokens[i - 1]?.text !== '.') continue
      // `ulong(group.z) * M`: what closes behind it goes along.
      let at = i + 1
      while (tokens[at]?.text === ')') at++
      if (tokens[at]?.text !== '*' || tokens[at + 1]?.kind !== 'word') continue
      const stride = tokens[at + 1]?.text ?? ''
      sites.push({ at: i - 2, edits: [{ begin: at + 1, end: at + 2, text: `(${stride} + 1)` }] })
    }
    return sites
  },
}

/** Which operand a helper reads is mixed up where two arguments in a row are device pointers. */
const swapOperands: Operator = {
  name: 'swap-operands',
  sites: ({ code, body, memory }) => {
    const sites: Site[] = []
    for (let i = body.begin; i + 2 < body.end; i++) {
      const [first, comma, second] = [code.tokens[i], code.tokens[i + 1], code.tokens[i + 2]]
      if (comma?.text !== ',' || !first || !second || first.text === second.text) continue
      if (memory.get(first.text) !== 'device' || memory.get(second.text) !== 'device') continue
      if (
        findSign(code, { begin: i - 1, end: i }, ['(', ',']) < 0 ||
        ![',', ')'].includes(code.tokens[i + 3]?.text ?? '')
      )
        continue
      const edits = [
        { begin: i, end: i + 1, text: second.text },
        { begin: i + 2, end: i + 3, text: first.text },
      ]
      sites.push({ at: i, edits })
    }
    return sites
  },
}

/** Faults in which operands count, and how much. */
export const operandOperators: readonly Operator[] = [
  skipBias,
  biasButOne,
  ignoreBeta,
  ignoreAlpha,
  ignoreOffset,
  wrongBatchStride,
  swapOperands,
]
