/**
 * Where all members of a case are looked at: the point of the picture that is in the middle, as fractions of the picture's width
 * and height, and how much larger than fitted it is shown. Fractions, so that pictures of different sizes show the same place.
 */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export const FITTED: Camera = { x: 0.5, y: 0.5, scale: 1 };
export const MAX_SCALE = 64;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size at which a picture just fits in a box (small pictures are enlarged). */
export function fittedSize(picture: Size, box: Size): Size {
  const scale = Math.min(box.width / Math.max(1, picture.width), box.height / Math.max(1, picture.height));
  return { width: picture.width * scale, height: picture.height * scale };
}

/** Where a picture's left upper corner goes in its box, in pixels, and its size there. */
export function placement(
  camera: Camera,
  picture: Size,
  box: Size,
): Size & { readonly left: number; readonly top: number } {
  const fitted = fittedSize(picture, box);
  const width = fitted.width * camera.scale;
  const height = fitted.height * camera.scale;
  return { width, height, left: box.width / 2 - camera.x * width, top: box.height / 2 - camera.y * height };
}

/** Zooms by `factor` so that what is at `at` (pixels in the box) stays there. */
export function zoomAt(camera: Camera, factor: number, at: { x: number; y: number }, picture: Size, box: Size): Camera {
  const scale = Math.min(MAX_SCALE, Math.max(1, camera.scale * factor));
  const fitted = fittedSize(picture, box);
  const u = camera.x + (at.x - box.width / 2) / (fitted.width * camera.scale);
  const v = camera.y + (at.y - box.height / 2) / (fitted.height * camera.scale);
  return clamped(
    {
      x: u - (at.x - box.width / 2) / (fitted.width * scale),
      y: v - (at.y - box.height / 2) / (fitted.height * scale),
      scale,
    },
    picture,
    box,
  );
}

/** Moves the picture by some pixels of the box. */
export function panBy(camera: Camera, dx: number, dy: number, picture: Size, box: Size): Camera {
  const fitted = fittedSize(picture, box);
  const x = camera.x - dx / (fitted.width * camera.scale);
  const y = camera.y - dy / (fitted.height * camera.scale);
  return clamped({ ...camera, x, y }, picture, box);
}

/** Keeps the picture in sight: centred along an axis where it fits, otherwise without a gap at its edges. */
function clamped(camera: Camera, picture: Size, box: Size): Camera {
  const fitted = fittedSize(picture, box);
  const along = (centre: number, shown: number, room: number): number => {
    if (shown <= room) return 0.5;
    const half = room / shown / 2;
    return Math.min(1 - half, Math.max(half, centre));
  };
  return {
    x: along(camera.x, fitted.width * camera.scale, box.width),
    y: along(camera.y, fitted.height * camera.scale, box.height),
    scale: camera.scale,
  };
}
