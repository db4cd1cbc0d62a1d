import { z } from 'zod'
import { Id, Instant, PictureName, RoleName, SignUpRole, text } from './common.ts'

const Email = text(0, 255).describe('Compared without case')
const NewPassword = z.string().trim().max(512).describe('8 to 128 characters, no common one, not only digits')
const Device = text(1, 200)
  .optional()
  .describe('A name that this installation made up for itself; it guards its refresh tokens')

export const NewAccount = z
  .strictObject({ role: SignUpRole, email: Email, password: NewPassword })
  .meta({ id: 'NewAccount' })

/** The same for known and unknown addresses. */
export const MailSent = z
  .object({ next: z.literal('read-mail').describe('Whatever comes next is in the mail, if there is one') })
  .meta({ id: 'MailSent' })

export const AddressOfAccount = z
  .strictObject({ role: SignUpRole, email: Email })
  .meta({ id: 'AddressOfAccount' })

export const VerificationCode = z
  .strictObject({
    role: SignUpRole,
    email: Email,
    code: z.string().max(20).describe('The four digits of the mail'),
    password: NewPassword.describe('Is the password from now on, whoever signed up with this address'),
    device: Device,
  })
  .meta({ id: 'VerificationCode' })

export const NewPasswordByCode = z
  .strictObject({
    role: SignUpRole,
    email: Email,
    code: z.string().max(20).describe('The six digits of the mail'),
    newPassword: NewPassword,
  })
  .meta({ id: 'NewPasswordByCode' })

export const Credentials = z
  .strictObject({ role: RoleName, email: Email, password: z.string().trim().max(512), device: Device })
  .meta({ id: 'Credentials' })

/** What a session speaks with. The access token opens `/v1` for ten minutes, the refresh token gives the next pair once. */
export const SessionTokens = z
  .object({
    accountId: Id,
    role: RoleName,
    accessToken: z.string(),
    accessExpiresAt: Instant,
    refreshToken: z.string(),
    refreshExpiresAt: Instant,
  })
  .meta({ id: 'SessionTokens' })

export const RefreshRequest = z
  .strictObject({ refreshToken: z.string().max(500), device: Device })
  .meta({ id: 'RefreshRequest' })

export const Session = z
  .object({
    id: Id,
    createdAt: Instant,
    expiresAt: Instant,
    isCurrent: z.boolean().describe('The one that asks'),
  })
  .meta({ id: 'Session' })
export const Sessions = z.object({ sessions: z.array(Session) }).meta({ id: 'Sessions' })

export const Profile = z
  .object({
    id: Id,
    role: RoleName,
    email: z.string(),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    phone: z.string().nullable().describe('E.164'),
    physicalAddress: z.string().nullable(),
    picture: z.string().nullable().describe('URL'),
  })
  .meta({ id: 'Profile' })

const PersonName = text(1, 50).describe('Letters of any script, spaces, hyphens and apostrophes')

/** What is left out stays. */
export const ProfileChange = z
  .strictObject({
    firstName: PersonName.optional(),
    lastName: PersonName.optional(),
    phone: text(1, 30).optional().describe('With or without +, local or international'),
    physicalAddress: text(1, 500).optional(),
    picture: PictureName.optional(),
  })
  .meta({ id: 'ProfileChange' })

export const PasswordChange = z
  .strictObject({ oldPassword: z.string().trim().max(512), newPassword: NewPassword })
  .meta({ id: 'PasswordChange' })

export const Ticket = z
  .object({
    ticket: z.string().describe('Opens one socket of this session once, as `?ticket=`'),
    expiresInSeconds: z.int(),
  })
  .meta({ id: 'Ticket' })
