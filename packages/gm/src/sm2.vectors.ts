// An envelope of the national prescription centre with made-up credentials. The key is the public example of
// the SM2 standard (GB/T 32918.5, annex A); the signature was accepted by an unmodified client library.
const data =
  '{"hiRxno":"TEST0001","rxdrugdetail":[{"basMednFlag":"1","drugCnt":"2.00","drugGenname":"阿莫西林胶囊"}],' +
  '"valiDays":"3.0"}';

export const vector = {
  privateKey: 'OUUgj3shRLE/NuOKxtOflYiTk2koYLUaQvuB7033xbg=',
  publicKey: 'BAn53zEeVCGhUN19Fh5LxcZyF5+tGDP8B2uwj/NW81AgzOpJDOJndaUtxupxjMGqYArtBfvzXghKZjL2By2prRM=',
  bytes: Buffer.from(
    `appId=1234567890ABCDEF1234567890ABCDEF&data=${data}&encType=SM4&signType=SM2&timestamp=1700000000000` +
      '&version=1.0.0&key=FEDCBA0987654321FEDCBA0987654321',
  ),
  signature: '6s5lomGRN7d12zW7F9OODA4Yj7petO7aqrT/7zwASSCtW0v6wbsibK3+4U/+1RGWp0WI+P3AYdCCoc/qdzyi4g==',
  sm3: '677cf7f440e38ddfeeeb648880a90a07fe44b0199ddcbbdcfc494a3937dbb53b',
};
