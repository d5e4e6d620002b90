import { say } from '../words/say.ts'

/** Told in every run, or where it fits. */
export function AlwaysBox({ always, choose }: { always: boolean; choose: (always: boolean) => void }) {
  return (
    <label
      className="inline-flex min-h-9 cursor-pointer items-center gap-2 text-[13.5px] text-soft phone:min-h-10"
      title={say('Told with every message, and not only where it fits')}
    >
      <input
        type="checkbox"
        checked={always}
        onChange={({ target }) => choose(target.checked)}
        className="size-4 accent-(--accent)"
      />
      {say('Always told')}
    </label>
  )
}
