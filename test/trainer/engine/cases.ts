import type * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { type Compute, expectParity, type Operand } from './parity';

/** One small program, to be compared between the engines. */
export interface Case {
  readonly name: string;
  readonly compute: Compute;
  readonly operands: readonly Operand[];
  readonly gradients?: boolean;
  readonly tolerance?: number;
}

export const of = (name: string, compute: Compute, ...operands: Operand[]): Case => ({ name, compute, operands });

/** For kernels without a derivative. */
export const flat = (name: string, compute: Compute, ...operands: Operand[]): Case => ({
  ...of(name, compute, ...operands),
  gradients: false,
});

export const loose = (tolerance: number, test: Case): Case => ({ ...test, tolerance });

export type T1 = tf.Tensor1D;
export type T2 = tf.Tensor2D;
export type T3 = tf.Tensor3D;
export type T4 = tf.Tensor4D;

export function runCases(groups: Readonly<Record<string, readonly Case[]>>): void {
  for (const [group, cases] of Object.entries(groups)) {
    describe(group, () => {
      it.each(cases)('$name', async ({ compute, operands, gradients, tolerance }) => {
        await expectParity(compute, operands, {
          ...(gradients === undefined ? {} : { gradients }),
          ...(tolerance === undefined ? {} : { tolerance }),
        });
      });
    });
  }
}
