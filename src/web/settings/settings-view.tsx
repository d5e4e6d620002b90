import { useEffect, useRef, type ReactNode } from 'react'
import { useApp } from '../live/app.ts'
import { API } from '../../wire/api.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'
import { About } from './about.tsx'
import { ChoiceRow } from './choice-row.tsx'
import { ViewHead } from '../view/view-head.tsx'
import './settings.css'

/** What a user can choose about the page. Each choice holds at once, in every tab of this browser. */
export function SettingsView() {
  const { settings, toChat } = useApp()
  const title = useRef<HTMLHeadingElement>(null)
  // After the language was changed here everything is drawn anew, and the focus is to stay where it was.
  useEffect(() => {
    const { language } = document.documentElement.dataset
    delete document.documentElement.dataset['language']
    const chosen = document.querySelector<HTMLElement>('#language input:checked')
    if (language === 'changed' && chosen !== null) chosen.focus()
    else title.current?.focus()
    return settings.language.on(() => {
      document.documentElement.dataset['language'] = 'changed'
    })
  }, [settings])
  return (
    <main
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
      aria-label={say('Settings')}
      data-testid="settings"
    >
      <div className="mx-auto w-full max-w-[46rem] px-6 pt-4 pb-16 phone:px-4">
        <ViewHead title={say('Settings')} at={title} toChat={toChat} />
        <Section title={say('Look')}>
          <ChoiceRow
            title={say('Theme')}
            about={say('High contrast draws lines around things and makes every text stronger.')}
            chosen={settings.theme}
            options={[
              { value: 'system', name: say('As the system'), mark: <Swatch look="system" /> },
              { value: 'light', name: say('Light'), mark: <Swatch look="light" /> },
              { value: 'dark', name: say('Dark'), mark: <Swatch look="dark" /> },
              { value: 'contrast-light', name: say('High contrast, light'), mark: <Swatch look="contrast-light" /> },
              { value: 'contrast-dark', name: say('High contrast, dark'), mark: <Swatch look="contrast-dark" /> },
            ]}
          />
          <ChoiceRow
            title={say('Size of text')}
            chosen={settings.size}
            options={[
              { value: 'small', name: say('Small') },
              { value: 'usual', name: say('Usual') },
              { value: 'large', name: say('Large') },
              { value: 'largest', name: say('Largest') },
            ]}
          />
          <ChoiceRow
            title={say('Motion')}
            about={say('With less of it nothing breathes, fades or slides.')}
            chosen={settings.motion}
            options={[
              { value: 'system', name: say('As the system') },
              { value: 'less', name: say('Less') },
            ]}
          />
        </Section>
        <Section title={say('Language')}>
          <div id="language">
            <ChoiceRow
              title={say('Language of the page')}
              about={say('The agents answer in the language that you write in.')}
              chosen={settings.language}
              options={[
                { value: 'system', name: say('As the browser') },
                { value: 'en', name: 'English', lang: 'en' },
                { value: 'de', name: 'Deutsch', lang: 'de' },
              ]}
            />
          </div>
        </Section>
        <Section title={say('Writing and listening')}>
          <ChoiceRow
            title={say('Enter')}
            about={say('Shift+Enter begins a new line, and Ctrl+Enter sends, whatever is chosen.')}
            chosen={settings.enter}
            options={[
              { value: 'send', name: say('Sends the message') },
              { value: 'line', name: say('Begins a new line') },
            ]}
          />
          <ChoiceRow
            title={say('Read the answer aloud to screen readers by sentence')}
            about={say('Otherwise they are told how far the answer is, and when it is ready.')}
            chosen={settings.reading}
            options={[
              { value: 'phases', name: say('Off') },
              { value: 'sentences', name: say('On') },
            ]}
          />
        </Section>
        <Section title={say('Your chats')}>
          <div className="flex flex-wrap items-center gap-x-8 gap-y-3 px-5 py-4 phone:px-4">
            <p className="min-w-0 flex-1 basis-60 text-[13.5px] text-soft">
              {say(
                'One file with every chat, its branches and its attachments. It can be imported again, here or elsewhere.',
              )}
            </p>
            <a href={API.exportAll.path} download className="quiet border border-rule text-ink">
              <Icon name="get" className="size-4" />
              {say('Save all chats as a file')}
            </a>
          </div>
        </Section>
        <Section title={say('About PKN')}>
          <About />
        </Section>
      </div>
    </main>
  )
}

const Swatch = ({ look }: { look: string }) => <span aria-hidden="true" className="swatch" data-look={look} />

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="mt-8">
      <h2 className="mb-3 text-[18px] font-[580] tracking-[-0.01em]">{title}</h2>
      <div className="overflow-hidden rounded-2xl border border-line bg-raise">{children}</div>
    </section>
  )
}
