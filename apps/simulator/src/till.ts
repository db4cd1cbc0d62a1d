import type { Story } from './story.ts'

/** Whether payments can be played here. Once they cannot, everybody pays in cash. */
export type Till = {
  readonly isOpen: () => boolean
  /** Says why, once. */
  readonly shut: (why: string) => void
}

export function createTill(story: Pick<Story, 'say'>): Till {
  let isOpen = true
  return {
    isOpen: () => isOpen,
    shut: (why) => {
      if (isOpen) story.say(`${why}: everybody pays in cash.`, 'bad')
      isOpen = false
    },
  }
}
