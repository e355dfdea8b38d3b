#!/usr/bin/env node

// Nothing is imported here that an older Node lacks: it must come as far as to say that it is too old.

/** The oldest Node that the packages `bench` stands on run on; `engines` in package.json says the same. */
const OLDEST = { major: 22, minor: 19 } as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor)) {
  process.stderr.write(
    `bench: Node ${process.versions.node} is too old: ${OLDEST.major}.${OLDEST.minor} or newer is needed\n       Install one (https://nodejs.org, nvm install ${OLDEST.major}), or run: npx -p node@24 -p sweetspot bench\n`,
  );
  process.exitCode = 2;
} else await import('./program.ts');
