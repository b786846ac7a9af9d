import tseslint from 'typescript-eslint';

const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only scripts/ci reads the environment.',
};
const noClock = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Only scripts/ci reads the clock.' },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Only scripts/ci reads the clock.',
  },
];
const noDefaultExport = { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' };

export default tseslint.config(
  {
    ignores: ['node_modules', 'dist', '**/*.gen.ts', 'eslint.config.js', '.gitlab-ci-local', 'reports', '.stryker-tmp'],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 200 }],
      'max-lines-per-function': ['error', { max: 40 }],
      'no-restricted-syntax': ['error', noEnvironment, ...noClock, noDefaultExport],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
    },
  },
  { files: ['scripts/ci/**'], rules: { 'no-restricted-syntax': ['error', noDefaultExport] } },
  {
    files: ['test/**'],
    // A table of rows is one function, as long as there are cases.
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': ['error', { max: 600 }],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // The rule never ends on the recursive types of graphql's visitors.
    files: ['scripts/sandbox/api/graphql-complexity.ts'],
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  // Where the browser is that tests drive.
  { files: ['test/support/chromium.ts'], rules: { 'no-restricted-syntax': ['error', noDefaultExport] } },
  { files: ['*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
);
