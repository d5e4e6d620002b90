import type { FaultData } from '../../wire/fault.ts'
import { say, sayNamed, sayWrong, type Values } from './say.ts'

/** What went wrong, and what to do about it. The server says it in English; its own words are kept in the details. */
export const faultText = ({ code, message, details }: Pick<FaultData, 'code' | 'message' | 'details'>): string =>
  sayNamed(`fault/${code}`, message, named(details))
export const fixText = ({ code, fix, details }: Pick<FaultData, 'code' | 'fix' | 'details'>): string =>
  sayNamed(`fix/${code}`, fix, named(details))
/** The endpoints that a user named are called by their names; PKN's own is no name. */
function named(details: FaultData['details'] = {}): Values {
  const { endpoint, why, what } = details
  return {
    ...details,
    ...(endpoint === 'engine' ? { endpoint: say('The engine') } : {}),
    ...(typeof why === 'string' ? { why: sayWrong(why) } : {}),
    ...(typeof what === 'string' ? { what: fieldsText(what) } : {}),
  }
}

/** `title: must not be empty; about: …`: each field with what is wrong with it. */
const fieldsText = (what: string): string =>
  what
    .split(/; (?=[\w.]+: )/)
    .map((one) => {
      const [field = ''] = /^[\w.]+: /.exec(one) ?? []
      return field + sayWrong(one.slice(field.length))
    })
    .join('; ')

/** The agents that come with PKN, and the models that it knows, are told of in every language; what a user named is called so. */
export const agentTitle = (title: string): string => sayNamed(`agent/${title}`, title)
export const aboutText = ({ about }: { about: string }): string => sayNamed(`about/${about}`, about)
