import type { FaultData } from '../../wire/fault.ts'
import { say, sayNamed, type Values } from './say.ts'

/** What went wrong, and what to do about it. The server says it in English; its own words are kept in the details. */
export const faultText = ({ code, message, details }: Pick<FaultData, 'code' | 'message' | 'details'>): string =>
  sayNamed(`fault/${code}`, message, named(details))
export const fixText = ({ code, fix, details }: Pick<FaultData, 'code' | 'fix' | 'details'>): string =>
  sayNamed(`fix/${code}`, fix, named(details))
/** The endpoints that a user named are called by their names; PKN's own is no name. */
const named = (details: FaultData['details']): Values =>
  details?.['endpoint'] === 'engine' ? { ...details, endpoint: say('The engine') } : { ...details }

/** The agents that come with PKN, and the models that it knows, are told of in every language; what a user named is called so. */
export const agentTitle = (title: string): string => sayNamed(`agent/${title}`, title)
export const aboutText = ({ about }: { about: string }): string => sayNamed(`about/${about}`, about)
