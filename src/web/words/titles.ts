import type { FaultData } from '../../wire/fault.ts'
import { sayNamed } from './say.ts'

/** What went wrong, and what to do about it. The server says it in English; its own words are kept in the details. */
export const faultText = ({ code, message, details }: Pick<FaultData, 'code' | 'message' | 'details'>): string =>
  sayNamed(`fault ${code}`, message, details)
export const fixText = ({ code, fix, details }: Pick<FaultData, 'code' | 'fix' | 'details'>): string =>
  sayNamed(`fix ${code}`, fix, details)

/** The agents that come with PKN have names in every language; those that a user named are called so. */
export const agentTitle = (title: string): string => sayNamed(`agent ${title}`, title)
export const agentAbout = ({ about }: { about: string }): string => sayNamed(`about ${about}`, about)
