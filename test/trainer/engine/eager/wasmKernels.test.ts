/** Every kernel's cases again, on the WebAssembly backend. */
import { wasmEngine } from '../../../../src/trainer/engine/wasmEngine';
import { useTestEngine } from '../parity';

// The least exact is the tangent, which no network uses.
useTestEngine(wasmEngine(), 5e-5);
await import('../networkKernels.test');
await import('../arrayKernels.test');
await import('../elementwiseKernels.test');
