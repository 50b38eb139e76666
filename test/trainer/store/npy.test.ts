import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { npyHeader, readNpy, readNpyRows, readNpyShape, writeNpy } from '../../../src/trainer/store/npy';
import { temporaryFolder } from '../dataset/images';

describe('npy', () => {
  it('writes what NumPy writes, byte for byte', async () => {
    const path = join(await temporaryFolder(), 'a.npy');
    await writeNpy(path, { data: new Float32Array([1, 2, 3, 4, 5, -6.5]), shape: [2, 3] });
    // numpy.save(f, numpy.array([[1, 2, 3], [4, 5, -6.5]], '<f4'))
    const head =
      "\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".padEnd(127) + '\n';
    const body = '0000803f0000004000004040000080400000a0400000d0c0';
    expect((await readFile(path)).toString('hex')).toBe(Buffer.from(head, 'latin1').toString('hex') + body);
  });

  it('writes shapes of one, none and many axes as Python tuples', () => {
    const text = (shape: number[]): string => Buffer.from(npyHeader('|u1', shape)).toString('latin1');
    expect(text([5])).toContain("'shape': (5,), }");
    expect(text([])).toContain("'shape': (), }");
    expect(text([1, 2, 3, 4])).toContain("'shape': (1, 2, 3, 4), }");
    for (let n = 0; n < 40; n++) expect(npyHeader('<i4', new Array<number>(n).fill(10)).length % 64).toBe(0);
  });

  it.each([
    { data: new Float32Array([0.5, NaN, -Infinity, 4]), shape: [2, 2] },
    { data: new Int32Array([-1, 2 ** 31 - 1, 3]), shape: [3] },
    { data: new Uint8Array([0, 255]), shape: [1, 2, 1] },
    { data: new Float32Array(0), shape: [0, 64] },
  ])('reads back $shape', async (array) => {
    const path = join(await temporaryFolder(), 'a.npy');
    await writeNpy(path, array);
    expect(await readNpy(path)).toEqual(array);
  });

  it('writes a view, not its whole buffer', async () => {
    const path = join(await temporaryFolder(), 'a.npy');
    await writeNpy(path, { data: new Int32Array([9, 1, 2, 9]).subarray(1, 3), shape: [2] });
    expect([...(await readNpy(path)).data]).toEqual([1, 2]);
  });

  it('reads single rows in any order', async () => {
    const path = join(await temporaryFolder(), 'a.npy');
    await writeNpy(path, { data: Int32Array.from({ length: 30 }, (_, i) => i), shape: [10, 3] });
    expect(await readNpyRows(path, [7, 0, 7])).toEqual({
      data: new Int32Array([21, 22, 23, 0, 1, 2, 21, 22, 23]),
      shape: [3, 3],
    });
    await expect(readNpyRows(path, [10])).rejects.toThrow(/no row 10/);
  });

  it('reads version 2 headers, keys in any order', async () => {
    const path = join(await temporaryFolder(), 'a.npy');
    const text = "{'shape': (2,), 'fortran_order': False, 'descr': '|u1'}\n";
    const head = Buffer.from('\x93NUMPY\x02\x00\0\0\0\0', 'latin1');
    head.writeUInt32LE(text.length, 8);
    await writeFile(path, Buffer.concat([head, Buffer.from(text), Buffer.from([3, 4])]));
    expect(await readNpy(path)).toEqual({ data: new Uint8Array([3, 4]), shape: [2] });
  });

  const header = (descr: string, order = 'False', shape = '(1,)'): Buffer => {
    const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`.padEnd(117) + '\n';
    return Buffer.from(`\x93NUMPY\x01\x00\x76\x00${text}`, 'latin1');
  };
  it('rounds float64 to float32, block by block', async () => {
    const path = join(await temporaryFolder(), 'a.npy');
    const values = Float64Array.from({ length: (1 << 20) + 3 }, (_, i) => i / 7);
    await writeFile(path, Buffer.concat([header('<f8', 'False', `(${values.length},)`), Buffer.from(values.buffer)]));
    const { data, shape } = await readNpy(path);
    expect(shape).toEqual([values.length]);
    expect(
      data instanceof Float32Array && Buffer.from(data.buffer).equals(Buffer.from(new Float32Array(values).buffer)),
    ).toBe(true);
    expect(await readNpyShape(path)).toEqual(shape);
  });

  it.each([
    ['text', Buffer.from('this is no array'), /is not a \.npy file/],
    ['an empty file', Buffer.alloc(0), /is not a \.npy file/],
    ['float16', Buffer.concat([header('<f2'), Buffer.alloc(2)]), /holds values of type "<f2"/],
    ['cut float64', Buffer.concat([header('<f8'), Buffer.alloc(7)]), /ends after 135 bytes/],
    ['big-endian', Buffer.concat([header('>f4'), Buffer.alloc(4)]), /type ">f4"/],
    ['Fortran order', Buffer.concat([header('<f4', 'True', '(2, 2)'), Buffer.alloc(16)]), /Fortran order/],
    ['a cut file', Buffer.concat([header('<f4', 'False', '(3,)'), Buffer.alloc(7)]), /ends after 135 bytes/],
    ['a cut header', header('<f4').subarray(0, 40), /ends after 40 bytes/],
    ['version 9', Buffer.from('\x93NUMPY\x09\x00\x76\x00aaaaaaaaaa', 'latin1'), /version 9/],
  ])('says what is wrong with %s', async (_, content, message) => {
    const path = join(await temporaryFolder(), 'a.npy');
    await writeFile(path, content);
    const error: unknown = await readNpy(path).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'bad-input', path, message: expect.stringMatching(message) as string });
    expect((error as { remedy?: string }).remedy).toBeTruthy();
  });

  it('says not-found for a missing file, and refuses a shape that does not fit', async () => {
    const path = join(await temporaryFolder(), 'a.npy');
    await expect(readNpy(path)).rejects.toMatchObject({ code: 'not-found', path });
    await expect(writeNpy(path, { data: new Uint8Array(3), shape: [2] })).rejects.toThrow(RangeError);
  });
});
