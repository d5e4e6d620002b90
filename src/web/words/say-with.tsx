import { Fragment, type ReactNode } from 'react'
import { say } from './say.ts'

/** A text in which elements stand in the places. */
export const sayWith = (english: string, parts: { readonly [name: string]: ReactNode }): ReactNode =>
  say(english)
    .split(/(\{\w+\})/)
    .map((piece, i) => {
      const name = /^\{(\w+)\}$/.exec(piece)?.[1]
      // oxlint-disable-next-line react/no-array-index-key -- the pieces of a text have no other name
      return <Fragment key={i}>{name === undefined ? piece : parts[name]}</Fragment>
    })
