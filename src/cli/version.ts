import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

const readVersion = (path: string | undefined): string => {
  if (path === undefined) return 'unknown';
  const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof found === 'object' && found !== null && 'version' in found
    ? String(found.version)
    : 'unknown';
};

/** Version of an installed package, or `unknown`. */
export const versionOf = (name: string): string => {
  try {
    return readVersion(findPackageJSON(name, import.meta.url));
  } catch {
    return 'unknown';
  }
};

/** Version of this tool. */
export const version: string = readVersion(findPackageJSON(import.meta.url));
