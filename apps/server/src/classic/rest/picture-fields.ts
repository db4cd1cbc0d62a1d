import { z } from 'zod'
import type { Refusal } from '../../kernel/index.ts'
import type { PictureFault } from '../../platform/images.ts'
import { InvalidBody } from './errors.ts'
import { UploadedFile } from './uploads.ts'

/** The original's fields for pictures, and its words for what may be wrong with them. */
export type PictureField = 'profile_pic' | 'license_image' | 'car_images'

const UNREADABLE = 'Upload a valid image. The file you uploaded was either not an image or a corrupted image.'
const NOT_A_FILE = 'The submitted data was not a file. Check the encoding type on the form.'
export const TWO_CAR_IMAGES = 'Please upload exactly 2 car images.'

const WORDS: Record<PictureField, Record<PictureFault, string>> = {
  profile_pic: {
    'too-large': 'Profile picture size must not exceed 2 MB.',
    'wrong-format': 'Profile picture must be in JPEG or PNG format.',
    'too-many-pixels': 'Profile picture must not have more than 25 megapixels.',
    'not-an-image': UNREADABLE,
  },
  license_image: {
    'too-large': 'License image must not exceed 2 MB.',
    'wrong-format': 'License image must be in JPEG or PNG format.',
    'too-many-pixels': 'License image must not have more than 25 megapixels.',
    'not-an-image': UNREADABLE,
  },
  car_images: {
    'too-large': 'Each car image must not exceed 2 MB.',
    'wrong-format': 'Car images must be in JPEG or PNG format.',
    'too-many-pixels': 'Each car image must not have more than 25 megapixels.',
    'not-an-image': UNREADABLE,
  },
}

/** The uploaded bytes; undefined when there is nothing new. Of several under one name the last counts. */
export const pictureField = (field: 'profile_pic' | 'license_image') =>
  z
    .unknown()
    .optional()
    .transform((value, ctx) => readFiles(field, [value].flat().slice(-1), ctx)[0])

export const carPicturesField = () =>
  z
    .unknown()
    .optional()
    .transform((value, ctx): readonly [Buffer, Buffer] | undefined => {
      const [front, back, ...others] = readFiles('car_images', [value].flat(), ctx)
      // What is wrong with one of them is not that there are too few.
      if (ctx.issues.length > 0) return z.NEVER
      if (front === undefined) return undefined
      if (back !== undefined && others.length === 0) return [front, back]
      ctx.addIssue({ code: 'custom', message: TWO_CAR_IMAGES })
      return z.NEVER
    })

/** The name's ending counts only where it says something else; media types say anything (every app has its own). */
function readFiles(field: PictureField, values: readonly unknown[], ctx: z.RefinementCtx): Buffer[] {
  return values.flatMap((value) => {
    if (isNothingNew(value)) return []
    const isFile = value instanceof UploadedFile
    if (isFile && !/\.(?!jpe?g$|png$)[^.]*$/i.test(value.fileName)) return [value.content]
    ctx.addIssue({ code: 'custom', message: isFile ? WORDS[field]['wrong-format'] : NOT_A_FILE })
    return []
  })
}

/** Clients that send a whole profile back have the address there, from which they show the picture, or nothing. */
const isNothingNew = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && /^\s*$|\/media\/[0-9a-f]{32}\.jpg$/.test(value))

/** What use cases call the pictures, as this wire's fields. */
export const FIELD_OF: Readonly<Record<string, PictureField>> = {
  profile: 'profile_pic',
  licence: 'license_image',
  car: 'car_images',
  front: 'car_images',
  back: 'car_images',
}

/** `picture-refused` as field errors. */
export function pictureRefused({ details }: Refusal): InvalidBody {
  const fields: Record<string, string[]> = {}
  for (const [word, fault] of Object.entries(details['faults'] as Record<string, PictureFault>)) {
    const field = FIELD_OF[word] ?? 'profile_pic'
    const text = WORDS[field][fault]
    if (!fields[field]?.includes(text)) (fields[field] ??= []).push(text)
  }
  return new InvalidBody(fields)
}
