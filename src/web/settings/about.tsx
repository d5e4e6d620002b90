import { useState } from 'react'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { say } from '../words/say.ts'

/** Which PKN this is, where it keeps what was said, and who hears of it: nobody. */
export function About() {
  const { reach } = useApp()
  const version = useCell(reach.version)
  const [host] = useState(() => location.host)
  const rows = [
    { name: say('Version'), value: version ?? say('The server does not answer') },
    { name: say('Address'), value: host },
    {
      name: say('Your data'),
      value: say(
        'In the folder .pkn of your home folder on the machine that PKN runs on, or in the one that PKN_HOME names. What is chosen here is kept in this browser.',
      ),
    },
    {
      name: say('What leaves this machine'),
      value: say(
        'Nothing, as long as the models run on it. If you set up a model that runs elsewhere, PKN says so before each message, and on each answer.',
      ),
    },
  ]
  return (
    <dl className="divide-y divide-line">
      {rows.map(({ name, value }) => (
        <div key={name} className="flex flex-wrap gap-x-8 gap-y-0.5 px-5 py-3.5 text-[14px] phone:px-4">
          <dt className="basis-44 font-[540]">{name}</dt>
          <dd className="figures min-w-0 flex-1 basis-64 break-words text-soft">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
