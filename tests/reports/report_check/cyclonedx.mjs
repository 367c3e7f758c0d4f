// Judges CycloneDX 1.6 files by the strict schema of the CycloneDX library.
import { readFileSync } from 'fs';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
for (const file of process.argv.slice(2)) {
  const error = await validator.validate(readFileSync(file, 'utf8'));
  console.log(`${file}: ${error === null ? '0 errors' : JSON.stringify(error).slice(0, 500)}`);
  if (error !== null) process.exitCode = 1;
}
