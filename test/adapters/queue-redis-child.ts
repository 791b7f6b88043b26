import { createLog } from '../../src/adapters/log/log.ts';
import { connectQueue } from '../../src/adapters/queue/connection.ts';
import { queueRedis } from '../../src/adapters/queue/redis.ts';

/** A process that starts the queue’s Redis, writes to it and reports that; to be killed. */
const stateDir = process.argv.at(-1) ?? '';
const log = createLog('silent');
const { address } = await queueRedis({ stateDir }, log);
const redis = connectQueue(address, log);
await redis.set('acknowledged', 'yes');
process.stdout.write('written\n');
