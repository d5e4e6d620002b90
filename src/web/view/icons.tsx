/** Drawn for PKN on a grid of 24, stroke 1.75. */
const PATHS = {
  plus: 'M12 5v14M5 12h14',
  menu: 'M4 7h16M4 12h16M4 17h10',
  close: 'M6 6l12 12M18 6 6 18',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  pencil: 'M4.5 19.5l1-4L16 5l3.5 3.5L9 19l-4.5.5ZM13.8 7.2l3.5 3.5',
  bin: 'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10.2 11v5M13.8 11v5',
  up: 'M12 19V5.5M6 11l6-6 6 6',
  down: 'M12 5v13.5M6 13l6 6 6-6',
  stop: 'M7.5 7.5h9v9h-9z',
  play: 'M8 5.5v13l10.5-6.5z',
  pause: 'M8.5 6v12M15.5 6v12',
  chevron: 'M9.5 6l6 6-6 6',
  fold: 'M6 9.5l6 6 6-6',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M7 7l10 10M17 7 7 17',
  copy: 'M9 9h10.5v10.5H9zM5.5 15H4.5V4.5H15v1',
  pulse: 'M3 12.5h4l2.5-7 5 13 2.5-6h4',
  sun: 'M12 8.2a3.8 3.8 0 1 0 0 7.6 3.8 3.8 0 0 0 0-7.6ZM12 3v1.7M12 19.3V21M3 12h1.7M19.3 12H21M5.6 5.6l1.2 1.2M17.2 17.2l1.2 1.2M18.4 5.6l-1.2 1.2M6.8 17.2l-1.2 1.2',
  moon: 'M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7Z',
  half: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 4v16M12 8h6.5M12 12h8M12 16h6.5',
  keys: 'M3.5 7h17v10h-17zM7 10.5h.01M10.3 10.5h.01M13.7 10.5h.01M17 10.5h.01M8 13.8h8',
  thought: 'M9 18.5h6M10 21h4M8.5 15.5c-2-1.3-3-3.2-3-5.5a6.5 6.5 0 0 1 13 0c0 2.3-1 4.2-3 5.5l-.4 2.5H8.9z',
  tool: 'M14.5 6.5a4 4 0 0 1 5-1.5l-2.7 2.7 1.5 1.5L21 6.5a4 4 0 0 1-5.3 5L8.5 18.7a2 2 0 0 1-3-3l7.2-7.2a4 4 0 0 1 1.8-2Z',
  image: 'M4 5.5h16v13H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.5h.01',
  warn: 'M12 4.5 3.5 19h17zM12 10v4.5M12 16.8h.01',
  offline: 'M4 4l16 16M5 10.5a11 11 0 0 1 4-2.3M19 10.5a11 11 0 0 0-6.2-2.9M8 14a6.5 6.5 0 0 1 5-1.9M12 18h.01',
  again: 'M19 12a7 7 0 1 1-2.3-5.2M19.5 4v4h-4',
  split: 'M5 12h4l4.5-6H19M9 12l4.5 6H19M16.5 3.5 19 6l-2.5 2.5M16.5 15.5 19 18l-2.5 2.5',
  box: 'M5 5h14v14H5z',
  steps: 'M4.5 6.5l1.5 1.5 2.5-3M4.5 12.5L6 14l2.5-3M11.5 7H20M11.5 13H20M5.5 19h.01M11.5 19H20',
  boxChecked: 'M5 5h14v14H5zM8.5 12.3l2.5 2.5 4.7-5.3',
  general: 'M5 6h14v9.5H11L7 19v-3.5H5z',
  coder: 'M8.5 8 4.5 12l4 4M15.5 8l4 4-4 4M13.5 5.5l-3 13',
  reasoner: 'M12 4v4M12 8l-5.5 5M12 8l5.5 5M6.5 13a2.5 2.5 0 1 0 .01 0ZM17.5 13a2.5 2.5 0 1 0 .01 0Z',
  researcher: 'M10.5 5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM14.6 14.6 19.5 19.5',
  executor: 'M5 6.5l5 5-5 5M12 17h7',
  consultant: 'M12 4.5v15M6 7.5h12M6 7.5l-2.5 6a2.6 2.6 0 0 0 5 0zM18 7.5l-2.5 6a2.6 2.6 0 0 0 5 0zM8.5 19.5h7',
  chip: 'M7 7h10v10H7zM10 10h4v4h-4zM9.5 4v3M14.5 4v3M9.5 17v3M14.5 17v3M4 9.5h3M4 14.5h3M17 9.5h3M17 14.5h3',
  people:
    'M9 5a3.2 3.2 0 1 0 0 6.4A3.2 3.2 0 0 0 9 5ZM3.5 19a5.5 5.5 0 0 1 11 0M15.5 5.4a3.2 3.2 0 0 1 0 5.6M17 13.8a5.5 5.5 0 0 1 3.5 5.2',
  away: 'M9 18.5H7a4 4 0 0 1-.5-8 5.5 5.5 0 0 1 10.7-.9A4 4 0 0 1 17.5 17M13 20v-7M10.3 15.5 13 12.8l2.7 2.7',
  skip: 'M5 7l6 5-6 5zM13 7l6 5-6 5zM20 7v10',
  joint: 'M12 4v4.5M12 15.5V20M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z',
  get: 'M12 4v10.5M7.5 10.5 12 15l4.5-4.5M5 19h14',
  back: 'M19 12H5.5M11 6l-6 6 6 6',
  clip: 'M19.5 11.3 12 18.8a4.7 4.7 0 0 1-6.7-6.7l7.9-7.8a3.1 3.1 0 0 1 4.4 4.4l-7.7 7.7a1.5 1.5 0 0 1-2.2-2.2l7-7',
  page: 'M7 4h7l4.5 4.5V20H7zM13.5 4v5h5M10 13h5.5M10 16.2h5.5',
  quote: 'M10 7.5c-3 .6-4.7 2.6-4.7 6v3h4.2v-4.2H7M19 7.5c-3 .6-4.7 2.6-4.7 6v3h4.2v-4.2H16',
  pin: 'M12 4.5l2.3 4.8 5.2.7-3.8 3.6.9 5.2-4.6-2.5-4.6 2.5.9-5.2L4.5 10l5.2-.7z',
  gear: 'M4.5 7.5h8M18 7.5h1.5M4.5 16.5H6M12 16.5h7.5M15.2 5a2.5 2.5 0 1 0 .01 0ZM9 14a2.5 2.5 0 1 0 .01 0Z',
  drawer: 'M4.5 5h15v4h-15zM6 9v10h12V9M10 12.5h4',
  project: 'M4 7.5V18h16V8.5h-8.5L9.5 6H4zM8 13h8',
  memory: 'M7 4.5h10v15l-5-3.6-5 3.6zM10 9h4',
  columns: 'M4.5 5.5h6v13h-6zM13.5 5.5h6v13h-6z',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, className = 'size-[18px]' }: { name: IconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      className={`flex-none ${className}`}
      fill={name === 'stop' ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.6 : 1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}

const AGENT_ICONS = ['general', 'coder', 'reasoner', 'researcher', 'executor', 'consultant'] as const
export const agentIcon = (agent: string): IconName => AGENT_ICONS.find((name) => name === agent) ?? 'general'
export const agentColour = (agent: string): string =>
  `var(--who-${AGENT_ICONS.find((name) => name === agent) ?? 'general'})`
