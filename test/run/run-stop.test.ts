import { describe, expect, it } from 'vitest';
import { BenchError, EXIT } from '../../src/core/errors.ts';
import { FAILURES, type FailureKind } from '../../src/core/failure.ts';
import { RunStop } from '../../src/run/run-stop.ts';
import { attempt } from '../support/record-fixtures.ts';

const kinds = Object.keys(FAILURES) as FailureKind[];
const fatal = ['quota', 'unauthorized', 'refused', 'local'];
const fatalUntilProven = ['rejected', 'protocol', 'unreachable'];

describe('the stop of a run', () => {
  it.each(kinds)('looks at the first attempt and goes on or ends: %s', (kind) => {
    const stop = new RunStop();
    const goesOn = ![...fatal, ...fatalUntilProven].includes(kind);
    expect(stop.judge(attempt(0, 1, kind))).toBe(goesOn);
    expect(stop.signal.aborted).toBe(!goesOn);
    expect(stop.reason?.exitCode).toBe(goesOn ? undefined : EXIT.target);
  });

  it.each(kinds)('looks at a later attempt, after a success: %s', (kind) => {
    const stop = new RunStop();
    expect(stop.judge(attempt(0, 1))).toBe(true);
    expect(stop.judge(attempt(1, 2, kind))).toBe(!fatal.includes(kind));
    expect(stop.signal.aborted).toBe(fatal.includes(kind));
  });

  it('says what the endpoint said, and what to do', () => {
    const stop = new RunStop();
    stop.judge({
      startedAt: 0,
      endedAt: 1,
      failure: { kind: 'unauthorized', message: 'Incorrect API key provided', status: 401 },
    });
    expect(stop.reason?.message).toBe(
      'the endpoint cannot be measured: not authorized (401) (HTTP 401): Incorrect API key provided',
    );
    expect(stop.reason?.hint).toBe(FAILURES.unauthorized.hint);
  });

  it('says that it is this machine that has run out, not the endpoint', () => {
    const stop = new RunStop();
    expect(stop.judge(attempt(0, 1))).toBe(true);
    expect(stop.judge(attempt(1, 2, 'local'))).toBe(false);
    expect(stop.reason?.message).toContain('out of sockets or files on this machine');
    expect(stop.reason?.hint).toContain('ulimit -n');
  });

  it('gives a hint with every failure that ends a run', () => {
    for (const kind of [...fatal, ...fatalUntilProven])
      expect(FAILURES[kind as FailureKind].hint, kind).toMatch(/^[A-Z].*[.?]$/);
  });

  it('keeps its first reason', () => {
    const stop = new RunStop();
    expect(stop.reason).toBeUndefined();
    const first = new BenchError(EXIT.interrupted, 'interrupted');
    stop.abort(first);
    stop.abort(new BenchError(EXIT.internal, 'second'));
    stop.judge(attempt(0, 1, 'unauthorized'));
    expect(stop.reason).toBe(first);
    expect(stop.signal.reason).toBe(first);
  });

  it('lets a failure that ends the run end its request, also when the run was stopped before', () => {
    const stop = new RunStop();
    stop.abort(new BenchError(EXIT.interrupted, 'interrupted'));
    expect(stop.judge(attempt(0, 1, 'unauthorized'))).toBe(false);
    expect(stop.judge(attempt(0, 1, 'server'))).toBe(true); // its wait is cancelled by the signal
  });
});
