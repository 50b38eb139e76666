/** Losses that learn proxies: a centre, or some, of each class, beside the network. */
export const CLASS_LOSSES = [
  'normalised-softmax',
  'proxy-nca',
  'proxy-anchor',
  'arcface',
  'sub-centre-arcface',
  'cosface',
  'soft-triple',
] as const;
export type ClassLossKind = (typeof CLASS_LOSSES)[number];

interface Proxies<Kind extends ClassLossKind> {
  readonly kind: Kind;
  /** Times the learning rate of the network. */
  readonly proxyRate: number;
}

export type ClassLossSettings =
  /** Softmax over the cosines to the proxies divided by `temperature`. */
  | (Proxies<'normalised-softmax'> & { readonly temperature: number })
  /** Softmax over the squared distances to the proxies times `scale`. */
  | (Proxies<'proxy-nca'> & { readonly scale: number })
  /** Each proxy pulls the items of its class and pushes the others, the farthest and nearest most; `margin` is a cosine. */
  | (Proxies<'proxy-anchor'> & { readonly margin: number; readonly scale: number })
  /** Softmax over `scale` x cosine, with `margin` degrees added to the angle to the own proxy. */
  | (Proxies<'arcface'> & { readonly margin: number; readonly scale: number })
  /** ArcFace with some centres a class, of which the nearest counts: wrong labels gather at centres of their own. */
  | (Proxies<'sub-centre-arcface'> & { readonly margin: number; readonly scale: number; readonly centres: number })
  /** Softmax over `scale` x cosine, with `margin` taken off the cosine to the own proxy. */
  | (Proxies<'cosface'> & { readonly margin: number; readonly scale: number })
  /** Softmax over classes with some centres each; `gamma` is how hard it looks at the nearest of them. */
  | (Proxies<'soft-triple'> & {
      readonly centres: number;
      readonly scale: number;
      readonly gamma: number;
      readonly margin: number;
    });
