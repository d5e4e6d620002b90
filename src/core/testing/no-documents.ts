import { Fault } from '../../wire/fault.ts'
import type { Documents } from '../mind-ports.ts'

/** Documents where there are none, and none can be added. */
export const noDocuments: Documents = {
  sources: async () => [],
  add: async (_, path) => {
    throw new Fault('source.refused', { path, why: 'no documents are kept here.' })
  },
  again: async (_, source) => {
    throw new Fault('source.missing', { source })
  },
  remove: async (_, source) => {
    throw new Fault('source.missing', { source })
  },
  find: async () => [],
  read: async (_, source) => {
    throw new Fault('source.missing', { source })
  },
  close: async () => {},
}
