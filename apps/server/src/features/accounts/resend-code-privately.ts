import { Refusal } from '../../kernel/index.ts'
import { resendCode } from './resend-code.ts'

/** {@link resendCode} for `/v1`, where nobody learns whether the address has an account. */
export async function resendCodePrivately(
  platform: Parameters<typeof resendCode>[0],
  email: string,
): Promise<void> {
  try {
    await resendCode(platform, email)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}
