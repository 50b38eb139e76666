/**
 * Positions turned, and mirrored where that helps, so that they lie as near to others of the same items as can be (least squares;
 * Schoenemann 1966). Distances between them stay as they are.
 * @param positions, target x and y of each item in turn
 * @returns centred at 0
 */
export function turnedTo(positions: ArrayLike<number>, target: ArrayLike<number>): Float64Array {
  const from = centred(positions);
  const to = centred(target);
  // Twice the angle's cosine and sine: of the turn alone, and of the turn after y was mirrored.
  let [cosine, sine, mirroredCosine, mirroredSine] = [0, 0, 0, 0];
  for (let i = 0; i < from.length; i += 2) {
    const [x, y, u, v] = [from[i], from[i + 1], to[i], to[i + 1]];
    cosine += x * u + y * v;
    sine += x * v - y * u;
    mirroredCosine += x * u - y * v;
    mirroredSine += x * v + y * u;
  }
  const mirrored = Math.hypot(mirroredCosine, mirroredSine) > Math.hypot(cosine, sine);
  const angle = mirrored ? Math.atan2(mirroredSine, mirroredCosine) : Math.atan2(sine, cosine);
  const [c, s, side] = [Math.cos(angle), Math.sin(angle), mirrored ? -1 : 1];
  for (let i = 0; i < from.length; i += 2) {
    const [x, y] = [from[i], side * from[i + 1]];
    from[i] = c * x - s * y;
    from[i + 1] = s * x + c * y;
  }
  return from;
}

function centred(positions: ArrayLike<number>): Float64Array {
  const result = Float64Array.from(positions);
  const items = result.length / 2;
  for (const axis of [0, 1]) {
    let mean = 0;
    for (let i = axis; i < result.length; i += 2) mean += result[i] / items;
    for (let i = axis; i < result.length; i += 2) result[i] -= mean;
  }
  return result;
}
