/** Operators that work element by element, with or without broadcasting: those that layouts and repetitions pass through. */
const ELEMENTWISE = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Pow', 'Mod', 'Where', 'PRelu', 'Clip'],
  ...['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'And', 'Or', 'Xor', 'Not', 'Cast'],
  ...[
    'Abs',
    'Acos',
    'Acosh',
    'Asin',
    'Asinh',
    'Atan',
    'Atanh',
    'Ceil',
    'Cos',
    'Cosh',
    'Erf',
    'Exp',
    'Floor',
    'Log',
    'Neg',
  ],
  ...['Reciprocal', 'Relu', 'Round', 'Sigmoid', 'Sign', 'Sin', 'Sinh', 'Softplus', 'Sqrt', 'Tan', 'Tanh'],
  ...['Elu', 'Selu', 'LeakyRelu', 'HardSigmoid', 'IsNaN', 'IsInf'],
]);

export function isElementwise(op: string): boolean {
  return ELEMENTWISE.has(op);
}
