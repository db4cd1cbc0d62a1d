/*
 * Vitest reporter: names what was skipped and ends the output with `N passed, N failed`. A file that could not be loaded
 * and an error outside any test count as failures; otherwise a suite that never ran would look green.
 */
import { appendFileSync } from 'node:fs'

export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    let passed = 0
    let failed = unhandledErrors.length
    const skipped = []
    for (const module of modules) {
      let failedTests = 0
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed += 1
        else if (state === 'failed') failedTests += 1
        else skipped.push(`${module.relativeModuleId}: ${test.fullName}`)
      }
      // A file that fails to load, or whose beforeAll throws, fails without a failed test.
      failed += failedTests === 0 && module.state() === 'failed' ? 1 : failedTests
    }
    const line = `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`
    for (const name of skipped) console.log(`skipped  ${name}`)
    console.log(line)
    if (process.env.TOOTA_COUNT_FILE) appendFileSync(process.env.TOOTA_COUNT_FILE, `${line}\n`)
  }
}
