import type { Asked, Draft, Part } from '../../wire/fold.ts'

export type ToolPart = Extract<Part, { kind: 'tool' }>
export type AskedPart = ToolPart & { ask: Asked }

const isOpen = (part: Part): part is AskedPart =>
  part.kind === 'tool' && part.ask !== null && part.ask.allow === null && part.result === null

/** The call that waits for a person now. */
export const askedOf = ({ parts, end }: Draft): AskedPart | null =>
  end === null ? (parts.find((part): part is AskedPart => isOpen(part)) ?? null) : null

/** The call that is being made. */
export const workedOn = ({ parts, end }: Draft): ToolPart | null =>
  end === null
    ? (parts.findLast(
        (part): part is ToolPart => part.kind === 'tool' && part.began !== null && part.result === null,
      ) ?? null)
    : null
