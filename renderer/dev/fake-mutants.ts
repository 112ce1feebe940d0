import type { Mutant } from '#contract/mutant.ts'

const shape = 'm=1,n=67,k=131,tA=0,tB=1,batch=1,bias=1,alpha=1,beta=0,dtype=f16'

const rejected = (place: string, change: string, gate: string): Mutant => ({
  id: `${place}:9`,
  operator: place.split('@')[0] ?? '',
  line: Number(place.split('@')[1]),
  change,
  outcome: 'rejected',
  gate,
  shape,
  seed: 1,
})

/** The kill list of the scripted proof. */
export const fakeMutants: Mutant[] = [
  rejected('drop-last-term@22', 'i < k / 4 → i + 1 < k / 4', 'exact'),
  rejected('drop-tail@25', 'i < k → i < (k & ~3u)', 'exact'),
  rejected('skip-first-lane@22', 'i = lane → i = lane + 1', 'exact'),
  rejected('accumulate-in-half@20', 'float sum → half sum', 'bound'),
  rejected('skip-bias@30', 'if (hasBias) sum += … → removed', 'exact'),
  rejected('shift-bias@30', 'bias[column] → bias[column ^ 1]', 'exact'),
  rejected('swap-columns@31', 'c[column] → c[column ^ 1]', 'exact'),
  rejected('widen-guard@47', 'column >= n → column > n', 'guard'),
  {
    ...rejected('drop-reduction@28', 'simd_sum(sum) → sum', 'sanitizer'),
    reason: 'line 31: two lanes write c[0] in one step',
  },
  {
    id: 'skip-store@52:7',
    operator: 'skip-store',
    line: 52,
    change: 'c[column] = sum → nothing',
    outcome: 'untested',
    reason: 'none of the 24 watched shapes is seen to run line 52',
  },
  {
    id: 'reorder-sum@26:15',
    operator: 'reorder-sum',
    line: 26,
    change: 'fma(a, b, sum) → fma(b, a, sum)',
    outcome: 'equivalent',
    reason: 'the same bits on every gate and the same counters',
  },
]

const survivor: Mutant = {
  id: 'clamp-column@44:11',
  operator: 'clamp-column',
  line: 44,
  change: 'column >= n → column >= n + 1',
  outcome: 'survived',
  reason: 'every gate passed on every shape that was tried',
}

const failure = {
  gate: 'exact',
  shape: 'm=1,n=1152,k=896,tA=0,tB=1,batch=1,bias=1,alpha=1,beta=0,dtype=f16',
  seed: 1,
  index: 0,
  expected: 27,
  actual: 26,
  message: 'The output lacks the bias.',
}

/** A proof that was not earned: wrong at two gates, and with a fault that no gate noticed. */
export const fakeRefusal = {
  failures: [failure, { ...failure, gate: 'bound', index: 17, expected: -3.2041, actual: -2.1875 }],
  gates: [],
  mutants: [...fakeMutants, survivor],
}

/** What a proof that wrote nothing found. */
export const asked = (isTrue: boolean) => ({
  reason: isTrue ? 'every gate passed, and every mutant was noticed' : 'the output lacks the bias',
  checkedAt: '2026-11-22T18:20:00Z',
})
