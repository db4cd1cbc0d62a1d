import { closeEndedSessions, forgetSessions } from './features/accounts/index.ts'
import {
  checkPayments,
  forgetEvents,
  reconcileYesterday,
  sendRefunds,
  workOffEvents,
} from './features/payments/index.ts'
import { advancePayoutByReference, sendPayouts } from './features/payouts/index.ts'
import { discardPictures } from './features/pictures/index.ts'
import { issueReceipts } from './features/receipts/index.ts'
import { forgetDrivers, turnTrail, writeTrail, type Roster } from './features/tracking/index.ts'
import { expireOffers, expireQuotes, TripWatch } from './features/trips/index.ts'
import { createForgetNews } from './platform/forget-news.ts'
import { forgetAnswers } from './platform/kept-answers.ts'
import type { Logger } from './platform/log.ts'
import type { MailSender } from './platform/mail-sender.ts'
import type { PolledNewsDesk } from './platform/news-desk.ts'
import type { Platform } from './platform/platform.ts'
import type { SocketHub } from './platform/socket/index.ts'
import { startSweep, type SweepJob } from './platform/sweep.ts'

const NEWS_POLL_MS = 2_000

type Swept = { readonly roster: Roster; readonly hub: SocketHub; readonly mailSender: MailSender | undefined }

/** Everything that is done because its time has come, and not because somebody asked; any number of processes may do it. */
export function startSweeps(
  platform: Platform & { news: PolledNewsDesk },
  log: Logger,
  { roster, hub, mailSender }: Swept,
): { stop(): Promise<void> } {
  const watch = new TripWatch(platform)
  const jobs: Readonly<Record<string, SweepJob>> = {
    'expire-offers': () => expireOffers(platform),
    'expire-quotes': () => expireQuotes(platform),
    'watch-trips': () => watch.look(),
    'work-off-events': () =>
      workOffEvents(platform, (reference) => advancePayoutByReference(platform, reference)),
    'check-payments': () => checkPayments(platform),
    'send-refunds': () => sendRefunds(platform),
    'send-payouts': () => sendPayouts(platform),
    'issue-receipts': () => issueReceipts(platform),
    reconcile: () => reconcileYesterday(platform),
    'poll-news': async () => {
      await platform.news.poll()
      return NEWS_POLL_MS
    },
    'discard-pictures': () => discardPictures(platform),
    'close-ended-sessions': () => closeEndedSessions(platform, hub),
    'forget-sessions': () => forgetSessions(platform),
    'forget-news': createForgetNews(platform.db),
    'forget-answers': () => forgetAnswers(platform.db),
    'forget-events': () => forgetEvents(platform),
    'forget-drivers': () => Promise.resolve(forgetDrivers(platform, roster)),
    'write-trail': () => writeTrail(platform, roster.trail),
    'turn-trail': () => turnTrail(platform),
    ...(mailSender && { 'send-mail': () => mailSender.sendDueMail() }),
  }
  const sweeps = Object.entries(jobs).map(([name, job]) =>
    startSweep(name, job, { log, metrics: platform.metrics }),
  )
  return {
    async stop() {
      await Promise.all(sweeps.map((each) => each.stop()))
    },
  }
}
