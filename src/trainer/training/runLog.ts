import { appendDurably, writeFileAtomic } from '../store/atomic';
import { files, fileErrorCode } from '../store/files';
import type { TrainingMetrics } from '../types/training';
import { parseMetrics } from './runStore';

/** How long lines may wait in memory. */
const FLUSH_MS = 1000;

/** Writes metrics.jsonl: every step a line, on the disk within a second and before every checkpoint. */
export class RunLog {
  private pending: string[] = [];
  private flushed = performance.now();

  constructor(private readonly file: string) {}

  async add(metrics: TrainingMetrics): Promise<void> {
    this.pending.push(`${JSON.stringify(metrics)}\n`);
    if (performance.now() - this.flushed >= FLUSH_MS) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.pending.join('');
    this.pending = [];
    this.flushed = performance.now();
    if (text !== '') await appendDurably(this.file, text);
  }

  /** Takes back the lines after `step`: the run goes on from there and will write them again. */
  async rewind(step: number): Promise<void> {
    const bytes = await files()
      .readFile(this.file)
      .catch((error: unknown) => {
        if (fileErrorCode(error) === 'ENOENT') return Buffer.alloc(0);
        throw error;
      });
    if (bytes.length === 0) return;
    const kept = parseMetrics(bytes.toString('utf8')).filter((metrics) => metrics.step <= step);
    await writeFileAtomic(this.file, kept.map((metrics) => `${JSON.stringify(metrics)}\n`).join(''));
  }
}
