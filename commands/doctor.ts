import type { Command } from '../src/chat/command.ts';
import { permittedRead } from '../src/chat/gate.ts';
import { checkReader, checkRequester } from '../src/chat/permission.ts';
import { noOperands } from '../src/chat/read-text.ts';
import { examine } from '../src/operation/examine.ts';
import { doctorReport } from '../src/report/cluster/doctor-report.ts';

const name = 'doctor';
const usage = '/redis doctor [CLUSTER]';

/** For people who may request changes, includes the proof by a write. */
export const doctor: Command = {
  name,
  usage,
  summary: 'Find out what is wrong, and what to do about it',
  ofCluster: true,
  async run(request, ports) {
    noOperands(request.operands, usage);
    const place = await permittedRead(name, request, checkReader, ports);
    const mayWrite = await checkRequester(request, place, ports).then(
      () => true,
      () => false,
    );
    const { cluster, source } = place;
    const read = async () => doctorReport(await examine(source, cluster, ports, mayWrite));
    return ports.reads.share(`${name} ${cluster} ${source.revision} ${String(mayWrite)}`, read);
  },
};
