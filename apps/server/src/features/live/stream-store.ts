/** The tables of the streams belong to the platform's desk; this is the door through which a use case reads them. */
export { readNewsAfter, readStanding } from '../../platform/news-table.ts'
