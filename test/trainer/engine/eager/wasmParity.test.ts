import { vi } from 'vitest';
import { wasmEngine } from '../../../../src/trainer/engine/wasmEngine';
import { describeParity } from '../parityCases';

vi.setConfig({ testTimeout: 120_000 });

describeParity('wasm', wasmEngine);
