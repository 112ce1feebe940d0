import { createContext, useContext } from 'react'
import type { MonacoPort } from './monaco-port.ts'

const PortContext = createContext<MonacoPort | null>(null)

export const MonacoPortProvider = PortContext.Provider

/** Monaco's models, for the components that draw an editor. */
export function useMonacoPort(): MonacoPort {
  const port = useContext(PortContext)
  if (!port) throw new Error('no MonacoPortProvider above this component')
  return port
}
