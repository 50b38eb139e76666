import { inSlices, sortInSlices } from '../store/slices';
import { scanFolder } from './folderScan';
import { type Listing, type ListedFile } from './listing';
import { compareKeyed, naturalKey } from './naturalOrder';
import { areSplitFolders, splitAlias } from './splits';

/**
 * Lists a folder of images, or of texts where there is not one image. Labels come from sub-folders, under split folders (train, val, test) or not: `train/cat/1.png` is
 * a `cat` of `train`; in deeper folders the label is their whole path, `animals/cat`.
 */
export async function listFolder(root: string, store: string, signal?: AbortSignal): Promise<Listing> {
  const scan = await scanFolder(root, store, signal);
  const { problems } = scan;
  const modality = scan.paths.length === 0 && scan.texts.length > 0 ? 'text' : 'image';
  const paths = modality === 'text' ? scan.texts : scan.paths;
  const ignored = scan.ignored - (modality === 'text' ? scan.texts.length : 0);
  const keyed: (readonly [string, string])[] = [];
  const tops = new Set<string>();
  await inSlices(paths.length, (i) => {
    keyed.push([naturalKey(paths[i]), paths[i]]);
    const slash = paths[i].indexOf('/');
    if (slash >= 0) tops.add(paths[i].slice(0, slash));
  });
  const sorted = await sortInSlices(keyed, compareKeyed);
  const bySplit = areSplitFolders([...tops]);
  const listed: ListedFile[] = [];
  await inSlices(sorted.length, (i) => void listed.push(placeOf(sorted[i][1], bySplit)));
  const kind = listed.some((file) => file.label !== undefined) ? 'class-folders' : 'flat';
  return { source: { kind }, modality, files: listed, metadata: [], problems, ignored };
}

function placeOf(path: string, bySplit: boolean): ListedFile {
  const folders = path.split('/').slice(0, -1);
  const split = bySplit && folders.length > 0 ? splitAlias(folders[0]) : undefined;
  const label = (split === undefined ? folders : folders.slice(1)).join('/');
  return { path, label: label === '' ? undefined : label, split };
}
