import { useEffect, useRef } from 'react'

/** Of a view: whoever comes to it begins here. */
export function Title({ children }: { children: string }) {
  const box = useRef<HTMLHeadingElement>(null)
  useEffect(() => box.current?.focus({ preventScroll: true }), [])
  return (
    <h1
      ref={box}
      tabIndex={-1}
      className="text-[30px] leading-tight font-[600] tracking-[-0.025em] break-words outline-none phone:text-[26px]"
    >
      {children}
    </h1>
  )
}
