import eslint from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/**
 * The borders of the rooms (ARCHITECTURE.md): which modules a folder must not import, and why. `allowTypes` lets the types of
 * a protocol through.
 */
function border(files, rules) {
  return {
    files,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: rules.paths ?? [],
          patterns: rules.patterns ?? [],
        },
      ],
    },
  };
}

const vscode = { name: 'vscode', message: 'Only src/extension talks to VS Code.' };
const node = { regex: '^node:', message: 'A panel runs in the browser sandbox, without Node.' };
const numerics = [
  { regex: '^(@tensorflow/|onnx|sharp|umap-js|apache-arrow)', message: 'Only src/trainer computes.' },
  { regex: '^d3($|-)', message: 'Only src/webview draws.' },
];
const rooms = (message, ...names) => ({ regex: `/(${names.join('|')})/`, message });
const onlyTypes = (message, ...names) => ({ regex: `/(${names.join('|')})/`, allowTypeImports: true, message });

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'sample/', '.vscode-test/', 'node_modules/', 'src/kernels/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // Numerics index typed arrays within bounds that the loops already prove.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Pass a seeded generator in.' },
      ],
      eqeqeq: 'error',
    },
  },
  border(['src/rpc/**'], {
    paths: [vscode],
    patterns: [node, ...numerics, rooms('The border belongs to no room.', 'trainer', 'extension', 'webview', 'cli')],
  }),
  border(['src/trainer/**'], {
    paths: [vscode],
    patterns: [
      numerics[1],
      rooms('The trainer knows neither the editor nor the screen.', 'extension', 'webview', 'cli'),
    ],
  }),
  border(['src/extension/**'], {
    patterns: [
      ...numerics,
      onlyTypes('The extension knows the trainer and the panels by their protocols only.', 'trainer', 'webview', 'cli'),
    ],
  }),
  border(['src/webview/**'], {
    paths: [vscode],
    patterns: [
      node,
      numerics[0],
      onlyTypes('A panel knows the trainer by the types of its protocol only.', 'trainer', 'extension', 'cli'),
    ],
  }),
  border(['src/cli/**'], {
    paths: [vscode],
    patterns: [
      ...numerics,
      rooms('The command line makes the same requests as the extension.', 'extension', 'webview'),
    ],
  }),
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
);
