/** A series of complex numbers. */
export interface Complex {
  readonly real: Float64Array
  readonly imag: Float64Array
}

/** The discrete Fourier transform of a series of any length, in n log n steps. */
export function fourier(input: Complex): Complex {
  const { length } = input.real
  if (length < 2) return { real: input.real.slice(), imag: input.imag.slice() }
  return (length & (length - 1)) === 0 ? powerOfTwo(input) : bluestein(input)
}

/** The series that has the transform. */
export function inverseFourier({ real, imag }: Complex): Complex {
  const { length } = real
  // The transform of the series with both parts exchanged is the inverse, but for the scale.
  const swapped = fourier({ real: imag, imag: real })
  return {
    real: swapped.imag.map(value => value / length),
    imag: swapped.real.map(value => value / length),
  }
}

function powerOfTwo(input: Complex): Complex {
  const { length } = input.real
  const real = new Float64Array(length)
  const imag = new Float64Array(length)
  for (let i = 0, j = 0; i < length; i++) {
    real[j] = input.real[i]!
    imag[j] = input.imag[i]!
    let bit = length >> 1
    while (bit > 0 && (j & bit) !== 0) {
      j ^= bit
      bit >>= 1
    }
    j |= bit
  }
  // The factors of one size, next to each other: a table of all is read too far apart to be cached.
  const cos = new Float64Array(length / 2)
  const sin = new Float64Array(length / 2)
  for (let size = 2; size <= length; size *= 2) {
    const half = size / 2
    for (let k = 0; k < half; k++) {
      const angle = (-2 * Math.PI * k) / size
      cos[k] = Math.cos(angle)
      sin[k] = Math.sin(angle)
    }
    // Block after block: the same work by rows of blocks takes many times as long in a large array.
    for (let start = 0; start < length; start += size) {
      for (let k = 0; k < half; k++) {
        const even = start + k
        const odd = even + half
        const c = cos[k]!
        const s = sin[k]!
        const re = real[odd]! * c - imag[odd]! * s
        const im = real[odd]! * s + imag[odd]! * c
        real[odd] = real[even]! - re
        imag[odd] = imag[even]! - im
        real[even] = real[even]! + re
        imag[even] = imag[even]! + im
      }
    }
  }
  return { real, imag }
}

/** Any other length, as a convolution of a length that is a power of two. */
function bluestein(input: Complex): Complex {
  const { length } = input.real
  let size = 1
  while (size < length * 2 - 1) size *= 2
  const cos = new Float64Array(length)
  const sin = new Float64Array(length)
  for (let k = 0; k < length; k++) {
    // k² modulo 2n keeps the angle exact where k² does not.
    const angle = (Math.PI * ((k * k) % (length * 2))) / length
    cos[k] = Math.cos(angle)
    sin[k] = -Math.sin(angle)
  }
  const a = zeros(size)
  const b = zeros(size)
  for (let k = 0; k < length; k++) {
    a.real[k] = input.real[k]! * cos[k]! - input.imag[k]! * sin[k]!
    a.imag[k] = input.real[k]! * sin[k]! + input.imag[k]! * cos[k]!
    b.real[k] = cos[k]!
    b.imag[k] = -sin[k]!
    if (k > 0) {
      b.real[size - k] = cos[k]!
      b.imag[size - k] = -sin[k]!
    }
  }
  const product = convolved(a, b)
  const result = zeros(length)
  for (let k = 0; k < length; k++) {
    result.real[k] = product.real[k]! * cos[k]! - product.imag[k]! * sin[k]!
    result.imag[k] = product.real[k]! * sin[k]! + product.imag[k]! * cos[k]!
  }
  return result
}

function zeros(length: number): Complex {
  return { real: new Float64Array(length), imag: new Float64Array(length) }
}

/** The circular convolution of two series of one length. */
function convolved(a: Complex, b: Complex): Complex {
  const left = fourier(a)
  const right = fourier(b)
  const { length } = left.real
  const product = zeros(length)
  for (let k = 0; k < length; k++) {
    product.real[k] = left.real[k]! * right.real[k]! - left.imag[k]! * right.imag[k]!
    product.imag[k] = left.real[k]! * right.imag[k]! + left.imag[k]! * right.real[k]!
  }
  return inverseFourier(product)
}

/** The sums of products of the series with itself, moved by 0, 1, … places. */
export function selfProducts(values: Float64Array): Float64Array {
  let size = 1
  while (size < values.length * 2) size *= 2
  const padded = zeros(size)
  padded.real.set(values)
  const { real, imag } = fourier(padded)
  const power = zeros(size)
  for (let k = 0; k < size; k++) power.real[k] = real[k]! ** 2 + imag[k]! ** 2
  return inverseFourier(power).real.slice(0, values.length)
}
