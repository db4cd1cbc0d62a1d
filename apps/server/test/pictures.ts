import sharp from 'sharp'

const plain = (background: string, width = 24, height = 16) =>
  sharp({ create: { width, height, channels: 3, background } })

/** Small pictures, of a colour each. */
export const PNG = await plain('#c85014').png().toBuffer()
export const JPEG = await plain('#1450c8').jpeg().toBuffer()

/** What a driver has to show. */
export const APPLICATION_PICTURES = { profile: JPEG, licence: PNG, car: [PNG, JPEG] } as const

/** The same as fields of the classic form. */
export const APPLICATION_FILES: readonly (readonly [field: string, content: Buffer, name: string])[] = [
  ['profile_pic', JPEG, 'me.jpg'],
  ['license_image', PNG, 'licence.png'],
  ['car_images', PNG, 'front.png'],
  ['car_images', JPEG, 'back.jpg'],
]

export function appendFile(form: FormData, field: string, content: Uint8Array, name: string): void {
  form.append(field, new Blob([new Uint8Array(content)], { type: 'image/jpeg' }), name)
}
