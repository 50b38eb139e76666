import type { GraphBuilder, Rule } from '../../../graph/builder';
import { integersOf, type Shape, type Value } from '../../../graph/graph';
import { add, reduce, reshape } from '../../../graph/operators';
import { reducedShape, sameShape, sizeOf } from '../../../graph/shapes';
import { isElementwise } from '../../elementwise';
import { affineOf } from '../channelAffine';
import { blockedFilterGradient } from './filterGradient';
import { type BlockSize, blockedFilter, blockedOf, fromBlocked, fromBlockedChannelsLast, toBlocked } from './layout';
import { transposedConvolution } from './transposedConvolution';

/**
 * Convolutions in the blocked layout. What lies between them stays in it: the change out of it moves towards the outputs, as
 * transpositions do, and cancels where the next convolution changes into it.
 */
export function blockedRules(block: BlockSize): readonly Rule[] {
  return [
    convolution(block),
    transposedConvolution(block),
    blockedFilterGradient(block),
    affine,
    elementwise,
    reduction(block),
    channelsLast,
  ];
}

/** A convolution with as many channels as fill whole blocks; few input channels are taken as they are. */
function convolution(block: BlockSize): Rule {
  return (b, { op, inputs, attributes, outputs }) => {
    if (op !== 'Conv' || attributes['group'] !== 1 || inputs.length !== 2) return undefined;
    const [x, filter] = inputs;
    const [to, from] = filter.shape;
    if (x.shape.length !== 4 || to % block !== 0 || (from >= block && from % block !== 0)) return undefined;
    const operands = [from < block ? x : toBlocked(b, x), blockedFilter(b, filter, block)];
    return [fromBlocked(b, b.add('BlockedConv', operands, attributes, outputs[0].shape, 'float32'))];
  };
}

/** x * a + b for each channel of a blocked x: a convolution of each channel with one weight; a picture is added in the same pass. */
const affine: Rule = (b, request) => {
  const found = affineOf(request);
  const x = found && blockedOf(found.x);
  if (!found || !x) return undefined;
  const channels = x.shape[1];
  const weight = reshape(b, found.factor, [channels, 1, 1, 1]);
  const attributes = { kernel_shape: [1, 1], group: channels };
  const isOffset = sizeOf(found.other.shape) === channels;
  const picture = isOffset ? undefined : blockedOf(found.other);
  if (!isOffset && !picture) return undefined;
  if (!picture) {
    const operands = [x, weight, reshape(b, found.other, [channels])];
    return [fromBlocked(b, b.add('BlockedConv', operands, attributes, x.shape, 'float32'))];
  }
  const scaled = b.add('BlockedConv', [x, weight], attributes, x.shape, 'float32');
  return [fromBlocked(b, add(b, scaled, picture))];
};

/** An elementwise operator whose pictures are all blocked; beside them it may take single numbers. */
const elementwise: Rule = (b, request) => {
  const { op, inputs, attributes, outputs } = request;
  if (!isElementwise(op) || outputs[0].dtype !== 'float32') return undefined;
  const { shape } = outputs[0];
  const operands = inputs.map((value) => blockedOperand(value, shape));
  if (!operands.every((value) => value !== undefined) || !inputs.some((value) => blockedOf(value))) return undefined;
  return [fromBlocked(b, b.add(op, operands, attributes, shape, 'float32'))];
};

function blockedOperand(value: Value, shape: Shape): Value | undefined {
  if (value.dtype !== 'float32') return undefined;
  if (sizeOf(value.shape) === 1) return value;
  return sameShape(value.shape, shape) ? blockedOf(value) : undefined;
}

/** A sum or mean for each channel, over all pixels of all pictures. */
function reduction(block: BlockSize): Rule {
  return (b, request) => {
    if (request.op !== 'ReduceSum' && request.op !== 'ReduceMean') return undefined;
    const x = blockedOf(request.inputs[0]);
    if (!x || !sameShape([...integersOf(request, 'axes')].sort(), [0, 2, 3])) return undefined;
    return [reduceBlocked(b, request.op, x, block, request.attributes['keepdims'] === 1)];
  };
}

/** First the pixels of each picture, then the pictures: ONNX Runtime is ten times slower along both axes at once. */
function reduceBlocked(b: GraphBuilder, op: string, x: Value, block: BlockSize, keepDims: boolean): Value {
  const [batch, channels, height, width] = x.shape;
  const blocks = reshape(b, x, [(batch * channels) / block, height * width, block]);
  const ofPictures = reshape(b, reduce(b, op, blocks, [1], false), [batch, channels]);
  return reshape(b, reduce(b, op, ofPictures, [0], false), reducedShape(x.shape, [0, 2, 3], keepDims));
}

/** Out of the layout straight to channels last. */
const channelsLast: Rule = (b, request) => {
  if (request.op !== 'Transpose' || !sameShape(integersOf(request, 'perm'), [0, 2, 3, 1])) return undefined;
  const x = blockedOf(request.inputs[0]);
  return x && [fromBlockedChannelsLast(b, x)];
};
