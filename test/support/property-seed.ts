import fc from 'fast-check';

/** Property tests draw the same cases every time, so that a run can be repeated; PROPERTY_SEED=… draws others. */
const seed = Number(process.env['PROPERTY_SEED'] ?? 20_261_121);

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
