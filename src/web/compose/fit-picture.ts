import { MOST_BYTES } from '../../wire/attachment.ts'

const READ = /^image\/(png|jpeg|webp|gif|svg\+xml)$/
/** Models look at no more of a picture. */
const MOST_SIDE = 3000

/** A picture that is too large, or of a kind that models don't read, as a JPEG, if this browser can draw it; everything else as it is. */
export async function fitPicture(file: File): Promise<File> {
  if (!file.type.startsWith('image/') || (READ.test(file.type) && file.size <= MOST_BYTES)) return file
  try {
    const picture = await createImageBitmap(file)
    const scale = Math.min(1, MOST_SIDE / Math.max(picture.width, picture.height))
    const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)]
    const canvas = new OffscreenCanvas(width, height)
    const paper = canvas.getContext('2d')
    if (paper === null) return file
    paper.fillStyle = '#fff'
    paper.fillRect(0, 0, width, height)
    paper.drawImage(picture, 0, 0, width, height)
    picture.close()
    const bytes = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })
    return new File([bytes], `${file.name.replace(/\.[^.]*$/, '')}.jpg`, { type: 'image/jpeg' })
  } catch {
    return file
  }
}
