export { issueReceipts } from './issue-receipts.ts'
