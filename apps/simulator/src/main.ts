import { setTimeout as pause } from 'node:timers/promises'
import { readOptions, USAGE, type Options } from './options.ts'
import { NOT_BEGUN } from './record.ts'
import { createRun, type Run } from './run.ts'
import { createStory, type Story } from './story.ts'
import { isGood, summarize, summaryLines } from './summary.ts'

const LEAVING_PATIENCE_MS = 5_000

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env)
  if (options.isHelp) {
    console.log(USAGE)
    return 0
  }
  const startedAtMs = performance.now()
  const paper = options.isJson ? process.stderr : process.stdout
  const story = createStory(
    paper,
    () => performance.now() - startedAtMs,
    paper.isTTY && process.env['NO_COLOR'] === undefined,
  )
  story.say(
    `${options.trips} trips with ${options.drivers} drivers and ${options.customers} customers, seed ${options.seed}, at ${options.baseUrl}`,
  )
  const run = createRun(options, story)
  const failure = await playWithin(run, options, story)
  if (failure !== undefined) story.say(failure, 'bad')

  // Nobody got as far as asking for a trip: there is nothing to sum up.
  if (run.records.every((record) => record.lastStep === NOT_BEGUN)) return 1

  const summary = summarize(run.records, (performance.now() - startedAtMs) / 1000, run.books())
  for (const record of run.records) {
    const isStuck = record.outcome === 'stuck' || record.outcome === 'running'
    if (isStuck && failure === undefined) story.say(`stuck: trip ${record.number}, ${record.lastStep}`, 'bad')
  }
  if (run.troubles.length > 0) story.say(`${run.troubles.length} surprises, marked ! above`, 'bad')
  paper.write(`\n${summaryLines(summary).join('\n')}\n`)
  if (options.isJson) console.log(JSON.stringify({ ...summary, seed: options.seed, troubles: run.troubles }))
  return failure === undefined && isGood(summary) ? 0 : 1
}

/** @returns why the run did not come to its end by itself */
async function playWithin(run: Run, { limitMinutes }: Options, story: Story): Promise<string | undefined> {
  const stop = new AbortController()
  const interrupted = new Promise<string>((resolve) => {
    const onSignal = (): void => resolve('Broken off.')
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  })
  const late = pause(limitMinutes * 60_000, `Broken off after ${limitMinutes} minutes.`, {
    signal: stop.signal,
  })
  const played = run.play().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  const failure = await Promise.race([played, interrupted, late.catch(() => undefined)])
  stop.abort()
  if (failure !== undefined) {
    for (const { outcome, number, lastStep } of run.records) {
      if (outcome === 'running' && lastStep !== NOT_BEGUN)
        story.say(`unfinished: trip ${number}, ${lastStep}`, 'bad')
    }
  }
  run.breakOff()
  await Promise.race([played, pause(LEAVING_PATIENCE_MS, undefined, { ref: false })])
  return failure
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  },
)
