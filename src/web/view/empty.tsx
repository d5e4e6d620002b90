import { useState } from 'react'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { examples, greeting } from '../state/examples.ts'
import { leaving, modelLine, type ModelLine } from '../state/model-line.ts'
import { AgentMark } from './agent-mark.tsx'
import { Icon } from './icons.tsx'
import { FirstModelLater } from './later.tsx'
import { say } from '../words/say.ts'

/** Before the first word: who will answer and where, and something to begin with. */
export function Empty() {
  const { talk, machine } = useApp()
  const [hour] = useState(() => new Date().getHours())
  const [models, wish] = [useCell(machine), useCell(talk.wish)]
  const line = modelLine(models, wish.model)
  const noRealModel = line.state === 'practice' || line.state === 'none'
  const stays = leaving(models, wish) === null
  return (
    <div className="my-auto py-10 phone:my-0 phone:py-6" data-testid="empty">
      <h1 className="text-[34px] leading-tight font-[600] tracking-[-0.025em] phone:text-[28px]">{greeting(hour)}.</h1>
      <p className="mt-2 min-h-[3em] text-[17px] text-soft phone:min-h-[4.5em]">
        {sentence(line, stays)
          .split(/(?<=[.;]) +/)
          .map((part) => (
            <span key={part} className="phone:block">
              {part}{' '}
            </span>
          ))}
      </p>
      {noRealModel && <NoRealModel practice={line.state === 'practice'} />}
      {/* What is put below something else is another: nothing that is looked at moves away. */}
      <div
        key={noRealModel ? 'below' : 'alone'}
        className="mt-7 grid grid-cols-3 gap-x-8 gap-y-5 phone:mt-8 phone:grid-cols-1"
      >
        {examples().map(({ agent, title, prompts }) => (
          <section key={agent}>
            <h2 className="mb-2 flex items-center gap-2.5 text-[14px] font-[560]">
              <AgentMark agent={agent} />
              {title}
            </h2>
            <ul>
              {prompts.map((prompt) => (
                <li key={prompt} className="border-line not-first:border-t phone:not-first:hidden">
                  <button
                    type="button"
                    onClick={() => talk.say(prompt, talk.wish.get())}
                    className="-mx-2 w-[calc(100%+1rem)] rounded-lg px-2 py-2.5 text-left text-[14px] leading-[1.45] text-soft transition-colors hover:bg-hover hover:text-ink"
                  >
                    {prompt}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  )
}

function sentence({ state, name, where, remote }: ModelLine, stays: boolean): string {
  switch (state) {
    // Said before anything is known, and drawn with the first paint: who has no model yet needs no other words here.
    case 'looking':
    case 'none':
    case 'practice':
      return say(
        'Your message goes to the agent that suits it, and you watch how the answer comes about: what is read, thought and done.',
      )
    case 'asleep':
      return say('{model} answers {where}; it is started with your first message.', { model: name ?? '', where })
    case 'ready':
      if (remote !== null)
        return say('{model} answers {where}. What you write is sent there.', { model: name ?? '', where })
      return stays
        ? say('{model} answers {where}. Nothing leaves it.', { model: name ?? '', where })
        : say('{model} answers {where}.', { model: name ?? '', where })
  }
}

function NoRealModel({ practice }: { practice: boolean }) {
  return (
    <div className="mt-6">
      <div className="flex gap-3 rounded-xl bg-warn-wash p-4 text-[14px] text-soft" data-testid="no-real-model">
        <Icon name="warn" className="mt-0.5 size-[18px] text-warn" />
        <p>
          <strong className="block font-[560] text-ink">{say('There is no real model here yet.')}</strong>
          {practice
            ? say('The practice model only shows how PKN works, and knows nothing.')
            : say('What you write is kept until there is one.')}{' '}
          {say('Get one of these, or start Ollama, LM Studio or llama.cpp: PKN finds it by itself.')}
        </p>
      </div>
      {/* As high as what comes, or nearly so: the examples below are not pushed out of view. */}
      <div className="flow-root min-h-[24rem] phone:min-h-[44rem]">
        <FirstModelLater />
      </div>
    </div>
  )
}
