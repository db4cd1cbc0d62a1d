export { discardPictures } from './discard-pictures.ts'
export { keepPictures } from './keep-pictures.ts'
export { replacePictures } from './picture-store.ts'
export { readPicture } from './read-picture.ts'
