import type { AccountId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Tokens } from '../../platform/tokens.ts'
import { guessCode, type Guess } from './code-store.ts'
import { codeScope, readCode, type CodePurpose } from './model/code.ts'

/** One try at an account's code, as somebody typed it. The caller must commit whatever the answer is. */
export const tryCode = (
  tx: Tx,
  tokens: Tokens,
  accountId: AccountId,
  { purpose, code }: { readonly purpose: CodePurpose; readonly code: string },
): Promise<Guess> =>
  guessCode(tx, accountId, purpose, tokens.digest(codeScope(accountId, purpose), readCode(purpose, code)))
