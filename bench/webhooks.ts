import { webhookBurst } from '../lab/webhook-burst.ts';

const figures = await webhookBurst({
  webhooks: Number(process.argv[2] ?? 10_000),
  connections: 128,
  merges: 24,
  pullRequests: 20,
  kills: process.argv.includes('--kill'),
});
console.log(figures);
