const LARGEST = 64 * 1024;
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const PNG_END = Buffer.from('0000000049454e44ae426082', 'hex');
const JPEG = Buffer.from('ffd8ff', 'hex');
const JPEG_END = Buffer.from('ffd9', 'hex');

/** A whole PNG or JPEG of at most 64 KB. Its picture is not looked at: that is for whoever doubts the signature. */
export function isSignatureImage(image: Uint8Array): boolean {
  if (image.length > LARGEST) return false;
  return isFramed(image, PNG, PNG_END) || isFramed(image, JPEG, JPEG_END);
}

function isFramed(image: Uint8Array, start: Buffer, end: Buffer): boolean {
  if (image.length < start.length + end.length) return false;
  return start.equals(image.subarray(0, start.length)) && end.equals(image.subarray(-end.length));
}
