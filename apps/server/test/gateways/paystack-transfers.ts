import { orderTransfer } from './money.ts'
import { done, refused } from './paystack-replies.ts'
import { recipientShape, transferShape, verifiedTransferShape } from './paystack-shapes.ts'
import { textOf, wholeOf, type Call, type Reply } from './wire.ts'
import { nowOf, type GatewayRoute, type World } from './world.ts'

const RECIPIENT_TYPES = ['nuban', 'ghipss', 'kepss', 'mobile_money', 'basa', 'authorization']

function addRecipient(world: World, { body }: Call): Reply {
  const [type, name] = [textOf(body['type']), textOf(body['name'])]
  const [accountNumber, bankCode] = [textOf(body['account_number']), textOf(body['bank_code'])]
  if (!type || !RECIPIENT_TYPES.includes(type)) return refused(400, 'Invalid recipient type', 'invalid_type')
  if (!name || !accountNumber || !bankCode)
    return refused(400, 'name, account_number and bank_code are required', 'missing_params')
  const known = world.state.recipientOf({ type, accountNumber, bankCode })
  const recipient = known ?? {
    id: world.state.nextId(),
    code: `RCP_${world.state.nextCode(15)}`,
    type,
    name,
    accountNumber,
    bankCode,
    currency: textOf(body['currency']) ?? 'NGN',
    createdAt: nowOf(world),
  }
  world.state.addRecipient(recipient)
  return done('Transfer recipient created successfully', recipientShape(world, recipient), 201)
}

function transfer(world: World, { body }: Call): Reply {
  const reference = textOf(body['reference']) ?? world.state.nextCode(20)
  const amountMinor = wholeOf(body['amount'])
  const recipient = world.state.recipient(textOf(body['recipient']) ?? '')
  if (!/^[a-z0-9_-]+$/.test(reference))
    return refused(400, 'Your reference contains illegal special characters', 'invalid_reference')
  if (reference.length < 16 || reference.length > 50)
    return refused(400, 'Your reference must be between 16 and 50 characters', 'invalid_reference')
  const known = world.state.transfer('paystack', reference)
  if (known) return done('Transfer has been queued', transferShape(world, known))
  if (body['source'] !== 'balance') return refused(400, 'Invalid source', 'invalid_source')
  if (amountMinor === undefined) return refused(400, 'Invalid Amount Sent', 'invalid_amount')
  if (!recipient) return refused(400, 'Recipient specified is invalid', 'invalid_transfer_recipient')

  const made = orderTransfer(world, {
    gateway: 'paystack',
    reference,
    amountMinor,
    currency: textOf(body['currency']) ?? recipient.currency,
    reason: textOf(body['reason']) ?? '',
    recipient,
  })
  const message = made.status === 'otp' ? 'Transfer requires OTP to continue' : 'Transfer has been queued'
  return done(message, transferShape(world, made))
}

function verifyTransfer(world: World, { params }: Call): Reply {
  const found = world.state.transfer('paystack', params['reference'] ?? '')
  return found
    ? done('Transfer retrieved', verifiedTransferShape(world, found))
    : { status: 404, body: { status: false, message: 'Transfer not found' } }
}

/** Paystack's calls that pay out. */
export const TRANSFER_ROUTES: readonly GatewayRoute[] = [
  { method: 'POST', path: '/transferrecipient', name: 'paystack.recipient', answer: addRecipient },
  { method: 'POST', path: '/transfer', name: 'paystack.transfer', answer: transfer },
  {
    method: 'GET',
    path: '/transfer/verify/:reference',
    name: 'paystack.verify-transfer',
    answer: verifyTransfer,
  },
]
