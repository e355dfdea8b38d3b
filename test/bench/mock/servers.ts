import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MOCK_NODE_FLAGS, mockEntry } from '../../../src/cli/mock-process.ts';

/** The yardstick. */
export const BARE = fileURLToPath(new URL('../bare-server.ts', import.meta.url));
/** A server in a process of its own. */
export interface Server {
  readonly child: ChildProcess;
  readonly port: number;
}

/** Starts a server, whose first message is its port. */
export const start = async (
  program: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<Server> => {
  const child = fork(program, args, { stdio: 'inherit', execArgv: [...flags] });
  const [message] = (await once(child, 'message')) as [{ readonly port: number }];
  return { child, port: message.port };
};

/** Ends a server. */
export const stop = async ({ child }: Server): Promise<void> => {
  child.send({ type: 'stop' });
  await once(child, 'exit');
};

/** Processes of a server: its own and, with workers, theirs. */
const processesOf = (pid: number): readonly number[] => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => processesOf(Number(child)))];
};

/** CPU seconds and resident bytes of all processes of a server; `undefined` where there is no /proc. */
export const usage = ({ child }: Server): { readonly cpu: number; readonly memory: number } | undefined => {
  try {
    let cpu = 0;
    let memory = 0;
    for (const pid of processesOf(child.pid ?? 0)) {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      cpu += (Number(fields[11]) + Number(fields[12])) / 100;
      memory += Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
    }
    return { cpu, memory };
  } catch {
    return undefined;
  }
};

/** A request as it goes over the wire. */
export const requestText = (body: object): string => {
  const json = JSON.stringify(body);
  return `POST /v1/chat/completions HTTP/1.1\r\nhost: mock\r\ncontent-type: application/json\r\nauthorization: Bearer k\r\ncontent-length: ${json.length}\r\n\r\n${json}`;
};

/** Starts the mock as `bench` does. */
export const startMock = (args: readonly string[]): Promise<Server> =>
  start(mockEntry, args, MOCK_NODE_FLAGS);
