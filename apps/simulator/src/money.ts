/** 1234550 → `R 12 345.50`. */
export function formatRand(minor: number): string {
  const [whole = '0', cents = '00'] = (Math.abs(minor) / 100).toFixed(2).split('.')
  return `${minor < 0 ? '-' : ''}R ${whole.replace(/\B(?=(\d{3})+$)/g, ' ')}.${cents}`
}
