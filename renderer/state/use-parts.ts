import { useShallow } from 'zustand/react/shallow'
import { type State, useLab } from './store.ts'

/** Named parts of the state; the component is drawn again only when one of them changes. */
export function useParts<Name extends keyof State>(...names: Name[]): Pick<State, Name> {
  return useLab(
    useShallow((state) => Object.fromEntries(names.map((name) => [name, state[name]])) as Pick<State, Name>),
  )
}
