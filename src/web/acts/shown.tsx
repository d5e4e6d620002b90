import type { Shown } from '../../wire/shown.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'
import { Diff } from './diff.tsx'
import { Signs, Verbatim } from './verbatim.tsx'

/** What is about to happen, or came of it. All of it is data, and drawn as such. */
export function ShownView({ shown, name }: { shown: Shown; name: string }) {
  switch (shown.kind) {
    case 'diff':
      return <Diff shown={shown} />
    case 'command':
      return <Command shown={shown} />
    case 'address':
      return <Address url={shown.url} />
    case 'question':
      return (
        <p className="act-question">
          <Signs text={shown.text} />
        </p>
      )
    case 'plan':
      return (
        <ol className="act-plan">
          {shown.steps.map((step, i) => (
            <li key={i}>
              <Signs text={step} />
            </li>
          ))}
        </ol>
      )
    case 'text':
    case 'input':
      return <Verbatim text={shown.text} name={name} />
  }
}

/** The very command, where it runs, and what keeps it from the rest of the machine. */
function Command({ shown }: { shown: Extract<Shown, { kind: 'command' }> }) {
  const { command, folder, sandbox, network, background } = shown
  return (
    <>
      <Verbatim text={command} name={say('The command')} />
      <dl className="act-facts">
        <div>
          <dt>{say('In')}</dt>
          <dd className="act-path">
            <Signs text={folder} />
          </dd>
        </div>
        <div>
          <dt>{say('Sandbox')}</dt>
          {sandbox === null ? (
            <dd className="act-warn">
              <Icon name="warn" className="size-4" />
              {say('Nothing confines it: it can read and change whatever you can.')}
            </dd>
          ) : (
            <dd>{say('Only this folder can be changed, the rest of the machine can’t.')}</dd>
          )}
        </div>
        <div>
          <dt>{say('Network')}</dt>
          {sandbox === null ? (
            <dd className="act-warn">{say('It reaches whatever this machine reaches, its own services included.')}</dd>
          ) : network ? (
            <dd className="act-warn">
              {say(
                'It reaches the internet, and of this machine and its network only what you allowed in the settings.',
              )}
            </dd>
          ) : (
            <dd>{say('None')}</dd>
          )}
        </div>
        {background && (
          <div>
            <dt>{say('Goes on')}</dt>
            <dd>{say('It stays at work in the background.')}</dd>
          </div>
        )}
      </dl>
    </>
  )
}

function Address({ url }: { url: string }) {
  let host: string | null = null
  try {
    host = new URL(url).host
  } catch {
    // Shown as it is.
  }
  return (
    <>
      <Verbatim text={url} name={say('The address')} />
      {host !== null && (
        <dl className="act-facts">
          <div>
            <dt>{say('Goes to')}</dt>
            <dd className="act-path">
              <Signs text={host} />
            </dd>
          </div>
        </dl>
      )}
    </>
  )
}
