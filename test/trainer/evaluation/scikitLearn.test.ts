import { expect, it } from 'vitest';
import { mutualInformation } from '../../../src/trainer/evaluation/mutualInformation';
import { areaUnder, operatingPoints } from '../../../src/trainer/evaluation/verification';
import golden from './golden/scikitLearn.json' with { type: 'json' };

it.each(golden.groupings)('NMI and AMI are those of scikit-learn: $name', ({ a, b, nmi, ami }) => {
  const found = mutualInformation(Int32Array.from(a), Int32Array.from(b));
  expect(found.nmi).toBeCloseTo(nmi, 12);
  expect(found.ami).toBeCloseTo(ami, 10);
});

it.each(golden.scorings)('the ROC curve and its area are those of scikit-learn: $name', (scoring) => {
  const curve = operatingPoints(Float32Array.from(scoring.same), Float32Array.from(scoring.different));
  expect(areaUnder(curve)).toBeCloseTo(scoring.rocAuc, 12);
  expect(curve.map((point) => [point.threshold, point.falseMatchRate, point.trueMatchRate])).toEqual(scoring.curve);
});
